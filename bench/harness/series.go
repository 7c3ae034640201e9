package harness

import (
	"slices"
	"time"

	"github.com/aclements/go-moremath/stats"
)

// A Plan says how much to measure. What is zero is up to the scenario.
type Plan struct {
	Quick  bool
	Rounds int           // measurements of each subject
	Target time.Duration // of each measurement
	Limit  time.Duration // after which a measurement is given up
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
	for round := range p.RoundsOf(s) {
		for i := range all {
			one := all[(round+i)%len(all)]
			sample, err := inChild(order{s.Name, one.Subject, p.Quick, p.TargetOf(s)}, p.limitOf(s))
			if err != nil {
				return nil, err
			}
			one.Samples = append(one.Samples, sample)
		}
	}
	compare(s, all)
	return all, nil
}

// RoundsOf is how often s is measured.
func (p Plan) RoundsOf(s *Scenario) int {
	switch {
	case p.Rounds > 0:
		return p.Rounds
	case s.Lasts > 0:
		return 1
	case !p.Quick:
		return 15
	case s.QuickRounds > 0:
		return s.QuickRounds
	case s.Contended: // may be twice as far off
		return 11
	}
	return 19
}

// TargetOf is how long a measurement of s takes.
func (p Plan) TargetOf(s *Scenario) time.Duration {
	switch {
	case p.Target > 0:
		return p.Target
	case p.Quick && s.Lasts > 0:
		return s.Lasts / 30
	case p.Quick:
		return 6 * time.Millisecond
	case s.Lasts > 0:
		return s.Lasts
	}
	return 500 * time.Millisecond
}

// limitOf is after how long a measurement of s is given up.
func (p Plan) limitOf(s *Scenario) time.Duration {
	if p.Limit > 0 {
		return p.Limit
	}
	return max(tooLong, 4*p.TargetOf(s))
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

// A Spread is how values lie: half of them between Low and High.
type Spread struct{ Median, Min, Max, Low, High float64 }

// SpreadOf is that of values, zero if there are none.
func SpreadOf(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	s := stats.Sample{Xs: slices.Clone(values)}
	s.Sort()
	least, most := s.Bounds()
	return Spread{s.Quantile(0.5), least, most, s.Quantile(0.25), s.Quantile(0.75)}
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

// Cost is the spread of what the scenario is about, bytes or nanoseconds.
func (s *Series) Cost() Spread { return s.Spread(s.Scenario.cost) }

// Budget is what is aimed for, 0 if nothing is, and whether it is reached.
func (s *Series) Budget() (budget float64, reached bool) {
	budget = s.Scenario.Budgets[s.Subject]
	reach := s.Ratio().Median
	if s.Scenario.Memory {
		reach = s.Cost().Median
	}
	return budget, reach <= budget
}
