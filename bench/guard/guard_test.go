package guard_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/guard"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var scenario = harness.Scenario{Name: "tell", Reference: "go/chan"}

// A noise makes ratios around a median.
type noise func(r *rand.Rand, median float64) float64

// even is noise of about ±10 % to each measurement of a pair.
func even(r *rand.Rand, median float64) float64 {
	return median * math.Exp(0.1*(r.NormFloat64()-r.NormFloat64()))
}

// twofold is what a pair of goroutines does that sometimes shares a core.
func twofold(r *rand.Rand, median float64) float64 {
	return even(r, median) * float64(1+2*r.IntN(2))
}

// series is one as if it had been measured.
func series(r *rand.Rand, n noise, median float64) *harness.Series {
	s := &harness.Series{Scenario: &scenario, Subject: "troupe/pool"}
	for range guard.Rounds {
		s.Ratios = append(s.Ratios, n(r, median))
	}
	return s
}

func record(s *harness.Series) guard.Record { return guard.NewRecord([]*harness.Series{s}) }

// lost is how many of 1000 checks find a loss where the median was 0.4 and is
// factor times as much.
func lost(t *testing.T, n noise, factor float64) (found int) {
	t.Helper()
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 1))
		checker := guard.Checker{
			Record: record(series(r, n, 0.4)),
			Measure: func(*harness.Scenario, []string) ([]*harness.Series, error) {
				return []*harness.Series{series(r, n, 0.4*factor)}, nil
			},
			Out: new(bytes.Buffer),
		}
		losses, err := checker.Check(&scenario, []string{"troupe/pool"})
		require.NoError(t, err)
		found += len(losses)
	}
	return found
}

func TestNoiseIsNoLoss(t *testing.T) {
	assert.Zero(t, lost(t, even, 1))
	assert.Zero(t, lost(t, twofold, 1))
	assert.Zero(t, lost(t, even, 0.5))
}

func TestALossIsFound(t *testing.T) {
	assert.Greater(t, lost(t, even, 1.5), 990)
	assert.Equal(t, 1000, lost(t, even, 2))
	assert.Equal(t, 1000, lost(t, twofold, 10))
}

// Where there is next to no noise, as in bytes, less than 5 % is no loss.
func TestALittleIsNoLoss(t *testing.T) {
	exact := func(_ *rand.Rand, median float64) float64 { return median }
	assert.Zero(t, lost(t, exact, 1.04))
	assert.Equal(t, 1000, lost(t, exact, 1.06))
}

func TestASuspectIsMeasuredAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var asked [][]string
	var out bytes.Buffer
	recorded := record(series(r, even, 0.4))
	recorded.Ratios = append(recorded.Ratios, guard.Ratio{Scenario: "tell", Subject: "troupe/locked"})
	checker := guard.Checker{
		Record: recorded,
		Measure: func(_ *harness.Scenario, subjects []string) ([]*harness.Series, error) {
			asked = append(asked, subjects)
			return []*harness.Series{series(r, even, []float64{0.8, 0.4}[len(asked)-1])}, nil
		},
		Out: &out,
	}
	losses, err := checker.Check(&scenario, []string{"troupe/locked", "troupe/pool"})
	require.NoError(t, err)
	assert.Empty(t, losses)
	assert.Equal(t, [][]string{{"go/chan", "troupe/locked", "troupe/pool"}, {"go/chan", "troupe/pool"}}, asked)
	assert.Regexp(t, `^worse  tell on troupe/pool: .*\nkept   tell on troupe/pool: .*\n$`, out.String())
}

func TestALossSaysWhatAndHowMuch(t *testing.T) {
	err := guard.LossError{{
		Recorded: guard.Ratio{Scenario: "tell", Subject: "troupe/pool", Median: 0.4, Low: 0.39, High: 0.42},
		Measured: guard.Ratio{Scenario: "tell", Subject: "troupe/pool", Median: 0.6, Low: 0.55, High: 0.65},
	}}
	assert.EqualError(t, err, "worse than recorded beyond noise, twice in a row: 1\n"+
		"  tell on troupe/pool: recorded 0.400 (noise 0.390–0.420), measured 0.600 (noise 0.550–0.650)")
}

// A check that compares nothing must not pass.
func TestARecordThatDoesNotFitIsRefused(t *testing.T) {
	here := runtime.GOMAXPROCS(0)
	pair := guard.Pair{Scenario: "tell", Subject: "troupe/pool"}
	ratio := guard.Ratio{Scenario: "tell", Subject: "troupe/pool"}
	for name, c := range map[string]struct {
		record guard.Record
		pairs  []guard.Pair
		want   string // in the error, "" for none
	}{
		"fits":                {guard.Record{GOMAXPROCS: here, Ratios: []guard.Ratio{ratio}}, []guard.Pair{pair}, ""},
		"another Go":          {guard.Record{Go: "go1.0", GOMAXPROCS: here, Ratios: []guard.Ratio{ratio}}, []guard.Pair{pair}, ""},
		"nothing to compare":  {guard.Record{GOMAXPROCS: here, Ratios: []guard.Ratio{ratio}}, nil, "there is nothing to compare"},
		"empty":               {guard.Record{GOMAXPROCS: here}, []guard.Pair{pair}, "no ratio is recorded of tell on troupe/pool: record anew"},
		"another subject":     {guard.Record{GOMAXPROCS: here, Ratios: []guard.Ratio{ratio}}, []guard.Pair{pair, {"tell", "troupe/new"}}, "no ratio is recorded of tell on troupe/new: record anew"},
		"another scenario":    {guard.Record{GOMAXPROCS: here, Ratios: []guard.Ratio{ratio}}, []guard.Pair{{"ask", "troupe/pool"}}, "no ratio is recorded of ask on troupe/pool: record anew"},
		"other processors":    {guard.Record{GOMAXPROCS: here + 1, Ratios: []guard.Ratio{ratio}}, []guard.Pair{pair}, fmt.Sprintf("recorded with GOMAXPROCS %d, which is %d here", here+1, here)},
		"no record of a file": {guard.Record{}, []guard.Pair{pair}, "recorded with GOMAXPROCS 0"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.record.Fits(c.pairs)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestACheckerMeasuresNothingThatItCannotCompare(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	checker := guard.Checker{
		Record: record(series(r, even, 0.4)),
		Measure: func(*harness.Scenario, []string) ([]*harness.Series, error) {
			assert.Fail(t, "measured")
			return nil, nil
		},
		Out: new(bytes.Buffer),
	}
	_, err := checker.Check(&scenario, []string{"troupe/pool", "troupe/new"})
	require.ErrorContains(t, err, "no ratio is recorded of tell on troupe/new")
	_, err = checker.Check(&scenario, nil)
	require.ErrorContains(t, err, "there is nothing to compare")
}

func TestANoteSaysThatGoWasAnother(t *testing.T) {
	assert.Empty(t, guard.Record{Go: runtime.Version()}.Note())
	assert.Contains(t, guard.Record{Go: "go1.0"}.Note(), "recorded with go1.0, and this is "+runtime.Version())
}

func TestARecordOutlivesItsFile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	reference := &harness.Series{Scenario: &scenario, Subject: "go/chan", Ratios: []float64{1, 1}}
	want := guard.NewRecord([]*harness.Series{reference, series(r, even, 0.4)})
	require.Len(t, want.Ratios, 1)
	assert.Equal(t, guard.Rounds, want.Ratios[0].Pairs)
	file := filepath.Join(t.TempDir(), "ratios.json")
	require.NoError(t, want.Write(file))
	got, err := guard.Read(file)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}
