// Bench measures this framework, its peers and plain Go side by side, on the
// machine that it runs on:
//
//	go run . -quick
//	go run . -scenario 'tell-*,ring' -subject 'go/*,troupe/*'
//	go run . -quick -json
//
// README.md says what the figures are and how to add to them.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/report"
	"github.com/troupe-go/troupe/bench/scenarios"
	"github.com/troupe-go/troupe/bench/subjects"
)

func main() {
	harness.Child(scenarios.All())
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are those of the command line.
type options struct {
	quick, json       bool
	scenario, subject string
	rounds            int
	target            time.Duration
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.BoolVar(&o.quick, "quick", false, "measure the table in less than a minute")
	flags.BoolVar(&o.json, "json", false, "print a JSON object a line in place of a Markdown table")
	flags.StringVar(&o.scenario, "scenario", "table", "comma-separated `patterns` of scenarios or their groups")
	flags.StringVar(&o.subject, "subject", "*", "comma-separated `patterns` of subjects")
	flags.IntVar(&o.rounds, "rounds", 0, "measurements of each subject (default 15, with -quick 5)")
	flags.DurationVar(&o.target, "time", 0, "how long a measurement lasts (default 500ms, with -quick 30ms)")
	err = flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return o, err
}

func (o options) plan() harness.Plan {
	return harness.Plan{Quick: o.quick, Rounds: o.rounds, Target: o.target}
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

func (o options) subjectsOf(s *harness.Scenario) []string {
	return slices.DeleteFunc(s.Subjects(subjects.Names()), func(name string) bool {
		return !harness.Matches(o.subject, name)
	})
}
