package main

import (
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/report"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/internal/marked"
)

// measure prints the figures of each scenario as soon as it has them, and
// shows them together at the end where that is asked for.
func (o options) measure(w io.Writer, picked []*harness.Scenario) error {
	picked = slices.DeleteFunc(picked, func(s *harness.Scenario) bool { return len(o.subjectsOf(s)) == 0 })
	if len(picked) == 0 {
		return errNothing
	}
	show := report.Rows
	if o.json {
		show = report.JSON
	} else if err := report.Header(w); err != nil {
		return err
	}
	var all []*harness.Series
	for _, s := range picked {
		measured, err := o.plan().Measure(s, o.subjectsOf(s))
		if err != nil {
			return err
		}
		if err := show(w, measured); err != nil {
			return err
		}
		all = append(all, measured...)
	}
	return o.showTogether(all)
}

// markers are those of the place of the table in a page.
const markers = "benchmarks"

// showTogether is -plot and -w.
func (o options) showTogether(all []*harness.Series) error {
	if o.plot != "" {
		if err := report.Plot(o.plot, all); err != nil {
			return err
		}
	}
	if o.write != "" {
		return marked.Rewrite(o.write, markers, report.Summary(all)+"\n"+versions(all)+"\n")
	}
	return nil
}

// versions says what was measured, and nothing of the machine but how many
// processors there were.
func versions(all []*harness.Series) string {
	text := fmt.Sprintf("%s %s/%s, GOMAXPROCS %d", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	peers := subjects.Versions()
	for _, name := range slices.Sorted(maps.Keys(peers)) {
		if !slices.ContainsFunc(all, func(s *harness.Series) bool { return s.Subject == name }) {
			continue // a quick run leaves some out
		}
		text += ", " + name + " " + peers[name]
	}
	return text
}
