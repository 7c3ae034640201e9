package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/report"
)

// How far a ratio may be from the median of all runs.
const (
	limit          = 0.2
	contendedLimit = 0.4
)

type key struct{ scenario, subject string }

// ratios are those of one run, in the order in which it printed them.
type ratios struct {
	keys []key
	of   map[key]float64
}

// ratiosOf divides each cost by that of plain Go in the same run.
func ratiosOf(lines []report.Line) ratios {
	costs := map[key]float64{}
	for _, l := range lines {
		costs[key{l.Scenario, l.Subject}] = cost(l)
	}
	r := ratios{of: map[key]float64{}}
	for _, l := range lines {
		k := key{l.Scenario, l.Subject}
		s, ok := scenario(l.Scenario)
		if !ok || l.Subject == s.Reference {
			continue
		}
		if reference := costs[key{l.Scenario, s.Reference}]; reference > 0 {
			r.keys = append(r.keys, k)
			r.of[k] = costs[k] / reference
		}
	}
	return r
}

// cost is what the scenario is about: bytes, or time.
func cost(l report.Line) float64 {
	figure := l.Nanos
	if s, ok := scenario(l.Scenario); ok && s.Memory {
		figure = l.Bytes
	}
	value, err := figure.Float64()
	if err != nil {
		return 0
	}
	return value
}

// A row is one ratio in all runs.
type row struct {
	key
	values           []float64
	deviation, limit float64
}

// compare makes a row of each ratio that is wanted and that every run has.
func compare(runs []ratios, wanted func(key) bool) (rows []row) {
	for _, k := range runs[0].keys {
		r := row{key: k, limit: limitOf(k.scenario)}
		for _, run := range runs {
			if value, ok := run.of[k]; ok {
				r.values = append(r.values, value)
			}
		}
		if len(r.values) == len(runs) && wanted(k) {
			r.deviation = deviation(r.values)
			rows = append(rows, r)
		}
	}
	return rows
}

func limitOf(name string) float64 {
	if s, ok := scenario(name); ok && s.Contended {
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
