package report

import (
	"slices"

	"github.com/troupe-go/troupe/bench/harness"
)

// A group is what was measured of one scenario.
type group []*harness.Series

// byScenario divides what was measured one scenario after the other.
func byScenario(all []*harness.Series) (groups []group) {
	for len(all) > 0 {
		of := all[0].Scenario
		n := slices.IndexFunc(all, func(s *harness.Series) bool { return s.Scenario != of })
		if n < 0 {
			n = len(all)
		}
		groups = append(groups, group(all[:n]))
		all = all[n:]
	}
	return groups
}

// find is what was measured of a subject, nil if it was not measured.
func (g group) find(subject string) *harness.Series {
	for _, s := range g {
		if s.Subject == subject {
			return s
		}
	}
	return nil
}

func (g group) reference() *harness.Series { return g.find(g[0].Scenario.Reference) }
