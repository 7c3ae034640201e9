// Bench measures this framework, its peers and plain Go side by side, on the
// machine that it runs on:
//
//	go run . -quick
//	go run . -scenario 'tell-*,ring' -subject 'go/*,troupe/*'
//	go run . -quick -json
//	go run . -quick -plot ../docs/benchmarks.svg -w ../README.md
//	go run . -check ratios.json
//
// README.md says what the figures are and how to add to them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/troupe-go/troupe/bench/harness"
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

func run(args []string, w io.Writer) error {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		help(w)
		return nil
	}
	if err != nil {
		return err
	}
	picked, err := harness.Select(scenarios.All(), o.scenario)
	if err != nil {
		return err
	}
	if err := harness.Known(o.subject, subjects.Names()); err != nil {
		return err
	}
	if err := o.validateFiles(); err != nil {
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
