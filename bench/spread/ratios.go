package main

import (
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

// A row is one ratio in all runs.
type row struct {
	key
	values           []float64
	deviation, limit float64
}

// compare makes a row of each ratio that every run has, in the order of the
// first run.
func compare(runs [][]report.Line) (rows []row) {
	values := map[key][]float64{}
	for _, lines := range runs {
		for _, l := range lines {
			if ratio, err := l.Ratio.Float64(); err == nil {
				k := key{l.Scenario, l.Subject}
				values[k] = append(values[k], ratio)
			}
		}
	}
	for _, l := range runs[0] {
		k := key{l.Scenario, l.Subject}
		s, ok := scenario(l.Scenario)
		if ok && l.Subject != s.Reference && len(values[k]) == len(runs) {
			rows = append(rows, row{k, values[k], deviation(values[k]), limitOf(s)})
		}
	}
	return rows
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
