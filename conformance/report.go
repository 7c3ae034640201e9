package conformance

import (
	"fmt"
	"strings"
)

// A Report is the outcome of [Check].
type Report struct {
	// Results has one entry for each rule that was asked for, in order.
	Results []Result
	// Err is set, and Results empty, if the options made no sense.
	Err error

	strict bool
}

// A Result is the outcome of one rule. It is a pass if all three texts are
// empty.
type Result struct {
	Rule    Rule
	Failure string // what went wrong, a line for each thing
	Skipped string // the reason given to [Skip]
	Lacks   string // what the rule is about and the runtime does not offer
}

// Passed reports whether the rule was run and kept.
func (r Result) Passed() bool { return r.Failure == "" && r.Skipped == "" && r.Lacks == "" }

// OK reports whether every MUST that was run was kept, and with [Strict]
// every SHOULD. A report of which nothing passed is not OK.
func (r *Report) OK() bool {
	passed := false
	for _, res := range r.Results {
		if res.Failure != "" && (res.Rule.Must || r.strict) {
			return false
		}
		passed = passed || res.Passed()
	}
	return r.Err == nil && passed
}

// Partial reports whether a MUST was skipped.
func (r *Report) Partial() bool {
	for _, res := range r.Results {
		if res.Skipped != "" && res.Rule.Must {
			return true
		}
	}
	return false
}

// Broken are the IDs of the rules that failed, SHOULD rules included.
func (r *Report) Broken() []string {
	var ids []string
	for _, res := range r.Results {
		if res.Failure != "" {
			ids = append(ids, res.Rule.ID)
		}
	}
	return ids
}

// String has a line for each rule that did not pass, and a summary.
func (r *Report) String() string {
	if r.Err != nil {
		return r.Err.Error()
	}
	var b strings.Builder
	passed := 0
	for _, res := range r.Results {
		switch {
		case res.Failure != "":
			fmt.Fprintf(&b, "%s broken: %s\n", res.Rule.Level(), res.Failure)
		case res.Skipped != "":
			fmt.Fprintf(&b, "%s skipped: %s: %s\n", res.Rule.Level(), res.Rule.ID, res.Skipped)
		case res.Lacks != "":
			fmt.Fprintf(&b, "not checked: %s: no %s\n", res.Rule.ID, res.Lacks)
		default:
			passed++
		}
	}
	fmt.Fprintf(&b, "%d of %d rules passed", passed, len(r.Results))
	if r.Partial() {
		b.WriteString(" (partial: a MUST was skipped)")
	}
	return b.String()
}

// Areas sums the report up, area by area in order, as a table of runtimes
// shows it: "ok", "broken", "partial" (something was skipped or a SHOULD was
// broken), or "-" for an area about what the runtime does not offer.
func (r *Report) Areas() []Area {
	var areas []Area
	for _, res := range r.Results {
		name := res.Rule.area()
		if len(areas) == 0 || areas[len(areas)-1].Name != name {
			areas = append(areas, Area{Name: name, Verdict: "-"})
		}
		area := &areas[len(areas)-1]
		area.Verdict = worse(area.Verdict, res.verdict())
	}
	return areas
}

// An Area is the rules whose IDs begin alike.
type Area struct{ Name, Verdict string }

func (r Result) verdict() string {
	switch {
	case r.Failure != "" && r.Rule.Must:
		return "broken"
	case r.Failure != "" || r.Skipped != "":
		return "partial"
	case r.Lacks != "":
		return "-"
	}
	return "ok"
}

// worse is the verdict that two rules of an area give it.
func worse(a, b string) string {
	for _, v := range []string{"broken", "partial", "ok"} {
		if a == v || b == v {
			return v
		}
	}
	return "-"
}
