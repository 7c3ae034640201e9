package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
)

// ours are the subjects that a summary has columns for.
var ours = []string{"troupe/goroutine", "troupe/pool", "troupe/locked"}

// Summary is a Markdown table with a row for each scenario: plain Go, our
// runtimes with their ratios to it and their budgets, and the quickest peer.
func Summary(all []*harness.Series) string {
	var b strings.Builder
	b.WriteString("| scenario | plain Go | goroutine | pool | locked | quickest peer |\n" +
		"| --- | --- | --- | --- | --- | --- |\n")
	for _, g := range byScenario(all) {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(summaryRow(g), " | "))
	}
	return b.String()
}

func summaryRow(g group) []string {
	cells := []string{"`" + g[0].Scenario.Name + "`: " + g[0].Scenario.Op, none}
	if s := g.reference(); s != nil {
		cells[1] = cost(s) + " (" + strings.TrimPrefix(s.Subject, "go/") + ")"
	}
	for _, name := range ours {
		cell := none
		if s := g.find(name); s != nil {
			cell = cost(s) + ratioAndBudget(s)
		}
		cells = append(cells, cell)
	}
	return append(cells, quickestPeer(g))
}

// cost is what the scenario is about.
func cost(s *harness.Series) string {
	if s.Scenario.Memory {
		return fmt.Sprintf("%.0f bytes", s.Cost().Median)
	}
	return hundredths(s.Cost().Median) + " ns"
}

// ratioAndBudget has in bold what misses its budget.
func ratioAndBudget(s *harness.Series) string {
	if len(s.Ratios) == 0 {
		return ""
	}
	text := hundredths(s.Ratio().Median)
	b, reached := s.Budget()
	if b == 0 {
		return ", " + text
	}
	if !reached {
		text = "**" + text + "**"
	}
	return ", " + text + " (" + limit(s) + ")"
}

// quickestPeer is that of the least cost, if there are peers.
func quickestPeer(g group) string {
	var quickest *harness.Series
	for _, s := range g {
		peer := !strings.HasPrefix(s.Subject, "go/") && !slices.Contains(ours, s.Subject)
		if peer && (quickest == nil || s.Cost().Median < quickest.Cost().Median) {
			quickest = s
		}
	}
	if quickest == nil {
		return none
	}
	text := cost(quickest)
	if len(quickest.Ratios) > 0 {
		text += ", " + hundredths(quickest.Ratio().Median)
	}
	return text + " (" + quickest.Subject + ")"
}
