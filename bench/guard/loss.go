package guard

import (
	"fmt"
	"strings"

	"github.com/aclements/go-moremath/stats"
	"github.com/troupe-go/troupe/bench/harness"
)

// How many times as much a ratio may be before it can be a loss. A ratio of
// times differs by up to a fifth from one hour to the next, however many pairs
// it is of: by what else the machine does, and by where a program happens to be
// in memory. No test of the pairs sees that, as all of a run share it. Bytes
// stay as they are.
const (
	allowedOfTime  = 1.2
	allowedOfBytes = 1.05
)

// chance is how likely noise may make a loss of a ratio that is just as much
// worse as is allowed, in one measurement of the two that it takes.
const chance = 0.05

// A Loss is a ratio that has got worse.
type Loss struct{ Recorded, Measured Ratio }

// Lost reports whether a ratio of s is worse than recorded by more than is
// allowed and more than noise. It compares the ranks of the pairs (the test of
// Mann and Whitney), which needs no idea of how they are distributed, and finds
// the less of a loss the more pairs there are.
func Lost(s *harness.Scenario, recorded, measured Ratio) bool {
	without := make([]float64, len(measured.Pairs))
	for i, ratio := range measured.Pairs {
		without[i] = ratio / allowed(s)
	}
	// The error is that of pairs which are all the same: no loss.
	test, err := stats.MannWhitneyUTest(without, recorded.Pairs, stats.LocationGreater)
	return err == nil && test.P < chance
}

func allowed(s *harness.Scenario) float64 {
	if s.Memory {
		return allowedOfBytes
	}
	return allowedOfTime
}

// String says where, from what to what, and how much is noise.
func (l Loss) String() string {
	return fmt.Sprintf("%s on %s: recorded %s, measured %s",
		l.Recorded.Scenario, l.Recorded.Subject, l.Recorded.figures(), l.Measured.figures())
}

// A LossError is that of a check that found losses.
type LossError []Loss

func (e LossError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "worse than recorded beyond noise, twice in a row: %d", len(e))
	for _, l := range e {
		fmt.Fprintf(&b, "\n  %v", l)
	}
	return b.String()
}
