package harness

import (
	"slices"
	"time"

	"golang.org/x/perf/benchmath"
)

// A Plan says how much to measure.
type Plan struct {
	Quick  bool
	Rounds int           // measurements of each subject
	Target time.Duration // of each measurement
}

// A Series is what was measured of one subject in one scenario.
type Series struct {
	Scenario *Scenario
	Subject  string
	Samples  []Sample
	Ratios   []float64 // of each sample to the reference's of the same round
}

// Measure measures s on the subjects in turns, one process after the other,
// and begins with another one each round.
func (p Plan) Measure(s *Scenario, subjects []string) ([]*Series, error) {
	all := make([]*Series, len(subjects))
	for i, subject := range subjects {
		all[i] = &Series{Scenario: s, Subject: subject}
	}
	for round := range p.rounds(s) {
		for i := range all {
			one := all[(round+i)%len(all)]
			sample, err := inChild(order{s.Name, one.Subject, p.Quick, p.Target})
			if err != nil {
				return nil, err
			}
			one.Samples = append(one.Samples, sample)
		}
	}
	compare(s, all)
	return all, nil
}

func (p Plan) rounds(s *Scenario) int {
	if p.Quick && s.Slow > 0 {
		return min(p.Rounds, s.Slow)
	}
	return p.Rounds
}

// compare fills in the ratios, if the reference was measured.
func compare(s *Scenario, all []*Series) {
	for _, reference := range all {
		if reference.Subject != s.Reference {
			continue
		}
		for _, one := range all {
			one.Ratios = nil
			for i, sample := range one.Samples {
				one.Ratios = append(one.Ratios, s.cost(sample)/s.cost(reference.Samples[i]))
			}
		}
	}
}

// cost is what the scenario is about.
func (s *Scenario) cost(sample Sample) float64 {
	if s.Memory {
		return sample.Bytes
	}
	return sample.Nanos
}

// A Spread is a median between the least and the most.
type Spread struct{ Median, Min, Max float64 }

// SpreadOf is that of values, zero if there are none.
func SpreadOf(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	s := benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
	median := benchmath.AssumeNothing.Summary(s, 0.95).Center
	return Spread{median, s.Values[0], s.Values[len(s.Values)-1]}
}

// Spread is that of one figure of the samples.
func (s *Series) Spread(figure func(Sample) float64) Spread {
	values := make([]float64, len(s.Samples))
	for i, sample := range s.Samples {
		values[i] = figure(sample)
	}
	return SpreadOf(values)
}

// Ratio is the spread of the ratios to the reference.
func (s *Series) Ratio() Spread { return SpreadOf(s.Ratios) }

// Budget is what is aimed for, 0 if nothing is, and whether it is reached.
func (s *Series) Budget() (budget float64, reached bool) {
	budget = s.Scenario.Budgets[s.Subject]
	reach := s.Ratio().Median
	if s.Scenario.Memory {
		reach = s.Spread(Bytes).Median
	}
	return budget, reach <= budget
}
