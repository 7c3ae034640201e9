package guard_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aclements/go-moremath/stats"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/guard"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/scenarios"
)

// A simulated row has the noise of a recorded one: its pairs are drawn from
// those.
type simulated struct {
	scenario *harness.Scenario
	subject  string
	pairs    stats.Sample
}

// simulations are of all rows of the record.
func simulations(t *testing.T) (rows []simulated) {
	t.Helper()
	record, err := guard.Read("../ratios.json")
	require.NoError(t, err)
	for _, ratio := range record.Ratios {
		picked, err := harness.Select(scenarios.All(), ratio.Scenario)
		require.NoError(t, err)
		pairs := stats.Sample{Xs: ratio.Pairs}
		rows = append(rows, simulated{picked[0], ratio.Subject, *pairs.Sort()})
	}
	return rows
}

// madeUp are rows of the most noise that there is a promise about.
func madeUp() (rows []simulated) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, noise := range []float64{0.3, 0.6} {
		row := simulated{scenario: &scenario, subject: "troupe/pool"}
		for range 1000 {
			row.pairs.Xs = append(row.pairs.Xs, math.Exp(r.NormFloat64()*noise/0.72))
		}
		row.pairs.Sort()
		rows = append(rows, row)
	}
	return rows
}

// noise is half the width of the middle half of the pairs, to the median.
func (s simulated) noise() float64 {
	return (s.pairs.Quantile(0.75) - s.pairs.Quantile(0.25)) / 2 / s.pairs.Quantile(0.5)
}

// measure draws as many pairs as are measured, and makes them so many times as
// much.
func (s simulated) measure(r *rand.Rand, factor float64) *harness.Series {
	series := &harness.Series{Scenario: s.scenario, Subject: s.subject}
	for range guard.RoundsOf(s.scenario) {
		series.Ratios = append(series.Ratios, factor*s.pairs.Quantile(r.Float64()))
	}
	return series
}

// lost reports whether a check finds a loss where the ratio is so many times
// what it was when it was recorded.
func (s simulated) lost(t *testing.T, r *rand.Rand, factor float64) bool {
	t.Helper()
	checker := guard.Checker{
		Record: guard.NewRecord([]*harness.Series{s.measure(r, 1)}),
		Measure: func(*harness.Scenario, []string) ([]*harness.Series, error) {
			return []*harness.Series{s.measure(r, factor)}, nil
		},
		Out: new(bytes.Buffer),
	}
	losses, err := checker.Check(s.scenario, []string{s.subject})
	require.NoError(t, err)
	return len(losses) > 0
}

// found is how many of 100 checks find a loss.
func (s simulated) found(t *testing.T, factor float64) (found int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		if s.lost(t, r, factor) {
			found++
		}
	}
	return found
}

// A row whose noise is up to ±30 % is guarded against a loss of a half, and one
// up to ±55 % against being twice as slow. No other is guarded; -v shows them.
// What is asserted leaves room for a record with other noise of the same width.
func TestTheGuardFindsALossUnderTheNoiseThatIsRecorded(t *testing.T) {
	for _, s := range append(simulations(t), madeUp()...) {
		half, double := s.found(t, 1.5), s.found(t, 2)
		t.Logf("%-16s %-16s noise ±%2.0f %%: × 1.5 found in %3d %%, × 2 in %3d %%", s.scenario.Name, s.subject, 100*s.noise(), half, double)
		if s.noise() <= 0.3 {
			assert.GreaterOrEqual(t, half, 80, "× 1.5 in %s on %s", s.scenario.Name, s.subject)
		}
		if s.noise() <= 0.55 {
			assert.GreaterOrEqual(t, double, 90, "× 2 in %s on %s", s.scenario.Name, s.subject)
		}
	}
}

// A drift is how many times as much a ratio is when it is checked as when it
// was recorded, without anything being worse.
type drift struct {
	most   float64 // in both directions
	alarms int     // in a hundred checks of the whole record, at most
}

func TestTheGuardTakesNoiseForNoLoss(t *testing.T) {
	rows := simulations(t)
	for _, d := range []drift{{0, 1}, {0.1, 1}, {0.2, 5}} {
		r := rand.New(rand.NewPCG(1, 1))
		alarms := 0
		const checks = 400
		for range checks {
			if slices.ContainsFunc(rows, func(s simulated) bool { return s.lost(t, r, d.of(s, r)) }) {
				alarms++
			}
		}
		t.Logf("drift up to ±%.0f %%: an alarm in %d of %d checks", 100*d.most, alarms, checks)
		assert.LessOrEqual(t, alarms, d.alarms*checks/100, "drift up to ±%.0f %%", 100*d.most)
	}
}

// of draws that of a row. Bytes do not drift.
func (d drift) of(s simulated, r *rand.Rand) float64 {
	if s.scenario.Memory {
		return 1
	}
	return 1 - d.most + 2*d.most*r.Float64()
}
