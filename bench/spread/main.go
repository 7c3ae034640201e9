// Spread compares the results of several runs: how far the ratios to plain Go
// of each run are from their median.
//
//	go run . -quick -json > a.json; go run . -quick -json > b.json; ...
//	go run ./spread a.json b.json c.json
//
// Its exit status is 1 if one is further away than its scenario allows: 20 %,
// or 40 % where several at once want the same inbox or lock; and if one that a
// run has is missing in another.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/troupe-go/troupe/bench/report"
)

func main() {
	subject := flag.String("subject", "*", "comma-separated `patterns` of subjects")
	flag.Parse()
	if err := run(os.Stdout, *subject, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "spread:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, subject string, files []string) error {
	if len(files) < 2 {
		return errors.New("give the files of two runs or more")
	}
	var runs []single
	for _, file := range files {
		one, err := read(file, subject)
		if err != nil {
			return err
		}
		runs = append(runs, one)
	}
	rows, err := compare(runs)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errors.New("the runs have no ratio to plain Go of what is picked")
	}
	return show(w, rows)
}

func read(file, subjects string) (run single, err error) {
	in, err := os.Open(file)
	if err != nil {
		return run, err
	}
	defer in.Close()
	lines, err := report.ReadJSON(in)
	if err != nil {
		return run, fmt.Errorf("%s: %w", file, err)
	}
	return ratiosOf(file, lines, subjects)
}

func show(w io.Writer, rows []row) error {
	missed := 0
	for _, r := range rows {
		verdict := "ok"
		if r.deviation > r.limit {
			verdict = "MISSED"
			missed++
		}
		_, err := fmt.Fprintf(w, "%-16s %-16s ratios%s  ±%.0f %% of ±%.0f %%  %s\n",
			r.scenario, r.subject, r.figures(), 100*r.deviation, 100*r.limit, verdict)
		if err != nil {
			return err
		}
	}
	if missed > 0 {
		return fmt.Errorf("%d of %d ratios differ by more than their limit", missed, len(rows))
	}
	return nil
}
