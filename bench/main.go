// Bench measures this framework, its peers and plain Go side by side, on the
// machine that it runs on:
//
//	go run . -quick
//	go run . -scenario 'tell-*,ring' -subject 'go/*,troupe/*'
//	go run . -quick -json
//	go run . -check ratios.json
//
// README.md says what the figures are and how to add to them.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/report"
	"github.com/troupe-go/troupe/bench/scenarios"
)

func main() {
	harness.Child(scenarios.All())
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	picked, err := harness.Select(scenarios.All(), o.scenario)
	if err != nil {
		return err
	}
	switch {
	case o.record != "":
		return o.recordRatios(w, picked)
	case o.check != "":
		return o.checkRatios(w, picked)
	}
	return o.measure(w, picked)
}

func (o options) measure(w io.Writer, picked []*harness.Scenario) error {
	show := report.Rows
	if o.json {
		show = report.JSON
	} else if err := report.Header(w); err != nil {
		return err
	}
	for _, s := range picked {
		all, err := o.plan().Measure(s, o.subjectsOf(s))
		if err != nil {
			return err
		}
		if err := show(w, all); err != nil {
			return err
		}
	}
	return nil
}
