package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/troupe-go/troupe/bench/guard"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// What is measured if nothing is said of it.
const (
	everyScenario = "table"
	everySubject  = "*"
)

// options are those of the command line.
type options struct {
	quick, json       bool
	scenario, subject string
	rounds            int
	target            time.Duration
	record, check     string
	plot, write       string
}

// errNothing is that of options that leave nothing to measure.
var errNothing = errors.New("there is nothing to measure: no subject that is picked is in a scenario that is picked; choose others with -scenario and -subject")

// parse gives flag.ErrHelp if help is asked for, and prints nothing.
func parse(args []string) (o options, err error) {
	flags := o.flags()
	flags.SetOutput(io.Discard)
	err = flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err == nil {
		err = o.validate()
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		err = fmt.Errorf("%w (-help lists the options)", err)
	}
	return o, err
}

// help prints the options.
func help(w io.Writer) {
	flags := new(options).flags()
	flags.SetOutput(w)
	fmt.Fprintln(w, "Options:")
	flags.PrintDefaults()
}

func (o *options) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.BoolVar(&o.quick, "quick", false, "measure the table in less than a minute")
	flags.BoolVar(&o.json, "json", false, "print a JSON object a line in place of a Markdown table")
	flags.StringVar(&o.scenario, "scenario", everyScenario, "comma-separated `patterns` of scenarios or their groups")
	flags.StringVar(&o.subject, "subject", everySubject, "comma-separated `patterns` of subjects; with -quick, -record and -check the default leaves some out")
	flags.IntVar(&o.rounds, "rounds", 0, "measurements of each subject (default 15, with -quick 19, with -record and -check 101, or as many as the scenario needs or has time for)")
	flags.DurationVar(&o.target, "time", 0, "how long a measurement lasts (default 500ms, with -quick 6ms)")
	flags.StringVar(&o.plot, "plot", "", "draw the ratios to plain Go into `FILE`, an .svg or a .png")
	flags.StringVar(&o.write, "w", "", "write a table between the markers of `FILE`")
	flags.StringVar(&o.record, "record", "", "record in `FILE` the ratios of our runtimes to plain Go")
	flags.StringVar(&o.check, "check", "", "fail if a ratio is worse than `FILE` has it, beyond noise")
	return flags
}

func (o options) plan() harness.Plan {
	return harness.Plan{Quick: o.quick, Rounds: o.rounds, Target: o.target}
}

// guardPlan is for -record and -check: many short pairs.
func (o options) guardPlan(s *harness.Scenario) harness.Plan {
	return harness.Plan{Quick: true, Rounds: cmp.Or(o.rounds, guard.RoundsOf(s)), Target: o.target}
}

// subjectsOf are those to measure. What a quick run leaves out is measured in
// one too if -subject says anything.
func (o options) subjectsOf(s *harness.Scenario) []string {
	return slices.DeleteFunc(s.Subjects(subjects.Names()), func(name string) bool {
		return !harness.Matches(o.subject, name) ||
			o.inHaste() && o.subject == everySubject && slices.Contains(s.NotQuick, name)
	})
}

// inHaste reports whether there is time for what a quick run measures only.
func (o options) inHaste() bool { return o.quick || o.guards() }

// guards reports whether ratios are recorded or checked, and nothing is shown.
func (o options) guards() bool { return o.record != "" || o.check != "" }

// whole reports whether nothing was said of what to measure.
func (o options) whole() bool { return o.scenario == everyScenario && o.subject == everySubject }

// guardedOf are those of subjectsOf that are recorded and checked.
func (o options) guardedOf(s *harness.Scenario) []string {
	return slices.DeleteFunc(o.subjectsOf(s), func(name string) bool { return !guard.Guarded(name) })
}
