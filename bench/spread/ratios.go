package main

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/report"
	"github.com/troupe-go/troupe/bench/scenarios"
)

// How far a ratio may be from the median of all runs.
const (
	limit          = 0.2
	contendedLimit = 0.4
)

type key struct{ scenario, subject string }

func (k key) String() string { return k.subject + " in " + k.scenario }

// A single is one run: its ratios to plain Go, and their order.
type single struct {
	file   string
	order  []key
	ratios map[key]float64
}

// ratiosOf are those that lines have of the picked subjects. One that is there
// twice is an error: the file is of two runs.
func ratiosOf(file string, lines []report.Line, subjects string) (single, error) {
	run := single{file: file, ratios: map[key]float64{}}
	for _, l := range lines {
		k := key{l.Scenario, l.Subject}
		ratio, err := l.Ratio.Float64()
		switch _, twice := run.ratios[k]; {
		case err != nil || !harness.Matches(subjects, l.Subject):
			continue // plain Go was not measured, so that there is no ratio
		case twice:
			return run, fmt.Errorf("%s: the ratio of %v is there twice: give each run a file of its own", file, k)
		}
		run.order = append(run.order, k)
		run.ratios[k] = ratio
	}
	return run, nil
}

// A row is one ratio in all runs.
type row struct {
	key
	values           []float64
	deviation, limit float64
}

// compare makes a row of each ratio, in the order of the first run. One that
// another run does not have is an error: that run is not complete.
func compare(runs []single) (rows []row, err error) {
	for _, one := range runs {
		if err := cmp.Or(one.has(runs[0]), runs[0].has(one)); err != nil {
			return nil, err
		}
	}
	for _, k := range runs[0].order {
		s, ok := scenario(k.scenario)
		if !ok {
			return nil, fmt.Errorf("%s: there is no scenario %q", runs[0].file, k.scenario)
		}
		if k.subject == s.Reference {
			continue
		}
		var values []float64
		for _, one := range runs {
			values = append(values, one.ratios[k])
		}
		rows = append(rows, row{k, values, deviation(values), limitOf(s)})
	}
	return rows, nil
}

// has fails if a ratio of another run is missing.
func (s single) has(another single) error {
	for _, k := range another.order {
		if _, ok := s.ratios[k]; !ok {
			return fmt.Errorf("%s has no ratio of %v to plain Go, and %s has: measure the same in every run, or leave it out with -subject", s.file, k, another.file)
		}
	}
	return nil
}

// scenario is the one called name, if there is one.
func scenario(name string) (harness.Scenario, bool) {
	for _, s := range scenarios.All() {
		if s.Name == name {
			return s, true
		}
	}
	return harness.Scenario{}, false
}

func limitOf(s harness.Scenario) float64 {
	if s.Contended {
		return contendedLimit
	}
	return limit
}

// deviation is the largest from the median, as a part of it.
func deviation(values []float64) (largest float64) {
	median := harness.SpreadOf(values).Median
	for _, v := range values {
		largest = max(largest, math.Abs(v/median-1))
	}
	return largest
}

func (r row) figures() string {
	var b strings.Builder
	for _, v := range r.values {
		fmt.Fprintf(&b, " %6.3f", v)
	}
	return b.String()
}
