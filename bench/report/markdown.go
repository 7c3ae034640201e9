package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
)

// Header prints the head of the Markdown table that Rows fills.
func Header(w io.Writer) error {
	_, err := fmt.Fprint(w, "| scenario | subject | ratio to plain Go | budget | ns/op | allocations/op | more |\n"+
		"| --- | --- | --- | --- | --- | --- | --- |\n")
	return err
}

// Rows prints the rows of one scenario. A figure is the median, and in
// brackets the least and the most.
func Rows(w io.Writer, all []*harness.Series) error {
	for _, s := range all {
		cells := []string{s.Scenario.Name, s.Subject, ratio(s), budget(s), nanos(s), allocs(s), more(s)}
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")); err != nil {
			return err
		}
	}
	return nil
}

func ratio(s *harness.Series) string {
	switch {
	case len(s.Ratios) == 0:
		return none
	case s.Subject == s.Scenario.Reference:
		return "1"
	}
	r := s.Ratio()
	return fmt.Sprintf("%s (%s–%s)", hundredths(r.Median), hundredths(r.Min), hundredths(r.Max))
}

// hundredths is x with two decimals, fewer if it is large.
func hundredths(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// none stands where there is nothing to show.
const none = "–"

// budget says so if the reached ratio is not that of the budget.
func budget(s *harness.Series) string {
	b, reached := s.Budget()
	switch {
	case b == 0:
		return none
	case !reached:
		return limit(s) + ", missed"
	}
	return limit(s)
}

// limit is what the budget allows.
func limit(s *harness.Series) string {
	b, _ := s.Budget()
	if s.Scenario.Memory {
		return fmt.Sprintf("≤ %g bytes", b)
	}
	return fmt.Sprintf("≤ %g", b)
}

func nanos(s *harness.Series) string {
	r := s.Spread(harness.Nanos)
	return fmt.Sprintf("%s (%s–%s)", hundredths(r.Median), hundredths(r.Min), hundredths(r.Max))
}

// allocs has the handlers' own boxing after a +.
func allocs(s *harness.Series) string {
	text := unsigned(fmt.Sprintf("%.2f", s.Spread(harness.Allocs).Median))
	if boxes := s.Spread(harness.Boxes).Median; boxes > 0 {
		text += fmt.Sprintf(" + %.2g", boxes)
	}
	return text
}

// more is what only this scenario is about.
func more(s *harness.Series) string {
	var parts []string
	if s.Scenario.Memory {
		parts = append(parts, fmt.Sprintf("%.0f bytes/actor", s.Spread(harness.Bytes).Median))
	}
	for _, name := range s.Figures() {
		parts = append(parts, name+" "+hundredths(s.Spread(harness.Figure(name)).Median))
	}
	if len(parts) == 0 {
		return none
	}
	return strings.Join(parts, ", ")
}
