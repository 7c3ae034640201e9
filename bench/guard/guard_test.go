package guard_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
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

// exact is no noise.
func exact(_ *rand.Rand, median float64) float64 { return median }

// series is one as if it had been measured.
func series(r *rand.Rand, n noise, median float64) *harness.Series {
	return seriesOf(&scenario, guard.RoundsOf(&scenario), r, n, median)
}

func seriesOf(of *harness.Scenario, pairs int, r *rand.Rand, n noise, median float64) *harness.Series {
	s := &harness.Series{Scenario: of, Subject: "troupe/pool"}
	for range pairs {
		s.Ratios = append(s.Ratios, n(r, median))
	}
	return s
}

func record(s *harness.Series) guard.Record { return guard.NewRecord([]*harness.Series{s}) }

// lost is how many of 100 checks find a loss where the median was 0.4 and is
// factor times as much.
func lost(t *testing.T, n noise, factor float64) int {
	t.Helper()
	return lostOf(t, &scenario, guard.RoundsOf(&scenario), n, factor)
}

func lostOf(t *testing.T, of *harness.Scenario, pairs int, n noise, factor float64) (found int) {
	t.Helper()
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		checker := guard.Checker{
			Record: record(seriesOf(of, pairs, r, n, 0.4)),
			Measure: func(*harness.Scenario, []string) ([]*harness.Series, error) {
				return []*harness.Series{seriesOf(of, pairs, r, n, 0.4*factor)}, nil
			},
			Out: new(bytes.Buffer),
		}
		losses, err := checker.Check(of, []string{"troupe/pool"})
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
	assert.Equal(t, 100, lost(t, even, 1.5))
	assert.Equal(t, 100, lost(t, twofold, 5))
}

// Ratios of times differ by as much from one hour to the next; bytes do not.
func TestALittleIsNoLoss(t *testing.T) {
	bytes := harness.Scenario{Name: "idle", Memory: true}
	for of, allowed := range map[*harness.Scenario]float64{&scenario: 1.2, &bytes: 1.05} {
		assert.Zero(t, lostOf(t, of, guard.Fewest, exact, allowed-0.01), of.Name)
		assert.Equal(t, 100, lostOf(t, of, guard.Fewest, exact, allowed+0.01), of.Name)
	}
}

// Nor does it get worse by being the same to the last digit.
func TestPairsThatAreAllTheSameAreNoLoss(t *testing.T) {
	same := guard.Ratio{Pairs: []float64{0, 0, 0}}
	assert.False(t, guard.Lost(&scenario, same, same))
}

// Where a check misses a loss under noise, more pairs find it.
func TestMorePairsFindMore(t *testing.T) {
	much := func(r *rand.Rand, median float64) float64 { return even(r, even(r, even(r, median))) }
	var found []int
	for _, pairs := range []int{guard.Fewest, 4 * guard.Fewest, 16 * guard.Fewest} {
		found = append(found, lostOf(t, &scenario, pairs, much, 1.35))
	}
	assert.Less(t, found[0], 50, "%v", found)
	assert.Greater(t, found[1], found[0]+20, "%v", found)
	assert.Equal(t, 100, found[2], "%v", found)
}

// What a quick run has time for once or thrice takes a second and is steady,
// unless several at once want the same.
func TestThereAreMorePairsWhereThereIsTimeForThem(t *testing.T) {
	slow, contended := harness.Scenario{QuickRounds: 3}, harness.Scenario{QuickRounds: 3, Contended: true}
	assert.Equal(t, guard.Fewest, guard.RoundsOf(&slow))
	assert.Equal(t, 101, guard.RoundsOf(&contended))
	assert.Equal(t, 101, guard.RoundsOf(&scenario))
}

func TestASuspectIsMeasuredAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var asked [][]string
	var out bytes.Buffer
	recorded := record(series(r, even, 0.4))
	recorded.Ratios = append(recorded.Ratios, guard.Ratio{Scenario: "tell", Subject: "troupe/locked", Pairs: recorded.Ratios[0].Pairs})
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
		Recorded: guard.Ratio{Scenario: "tell", Subject: "troupe/pool", Pairs: []float64{0.4, 0.39, 0.42}},
		Measured: guard.Ratio{Scenario: "tell", Subject: "troupe/pool", Pairs: []float64{0.55, 0.6, 0.65}},
	}}
	assert.EqualError(t, err, "worse than recorded beyond noise, twice in a row: 1\n"+
		"  tell on troupe/pool: recorded 0.400 (noise 0.392–0.417), measured 0.600 (noise 0.558–0.642)")
}

// A check that compares nothing must not pass.
func TestARecordThatDoesNotFitIsRefused(t *testing.T) {
	here := runtime.GOMAXPROCS(0)
	pair := guard.Pair{Scenario: "tell", Subject: "troupe/pool"}
	ratio := guard.Ratio{Scenario: "tell", Subject: "troupe/pool", Pairs: make([]float64, guard.Fewest)}
	one := guard.Ratio{Scenario: "tell", Subject: "troupe/pool", Pairs: ratio.Pairs[1:]}
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
		"too few pairs":       {guard.Record{GOMAXPROCS: here, Ratios: []guard.Ratio{one}}, []guard.Pair{pair}, "there are fewer than 15 pairs of tell on troupe/pool: record anew"},
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
	assert.Len(t, want.Ratios[0].Pairs, guard.RoundsOf(&scenario))
	file := filepath.Join(t.TempDir(), "ratios.json")
	require.NoError(t, want.Write(file))
	got, err := guard.Read(file)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestAFileThatIsNoRecordIsRefusedByItsName(t *testing.T) {
	for text, want := range map[string]string{
		"// Bench measures": "invalid character '/'",
		`{"name": "x"}`:     "it does not say of which GOMAXPROCS it is",
		`{"ratios": [{"scenario": "tell", "pairs": 15}]}`: "cannot unmarshal number",
	} {
		file := filepath.Join(t.TempDir(), "main.go")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := guard.Read(file)
		require.ErrorContains(t, err, file+" is not what -record writes, a JSON object of ratios: ")
		require.ErrorContains(t, err, want)
	}
	_, err := guard.Read(filepath.Join(t.TempDir(), "none.json"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// What was measured replaces what was recorded, and nothing else.
func TestARecordOfAPartKeepsTheRest(t *testing.T) {
	ratio := func(scenario string, value float64) guard.Ratio {
		return guard.Ratio{Scenario: scenario, Subject: "troupe/pool", Pairs: []float64{value}}
	}
	old := guard.Record{Go: "go1.0", GOMAXPROCS: 3, Ratios: []guard.Ratio{ratio("tell", 1), ratio("ask", 2)}}
	part := guard.Record{Go: "go1.1", GOMAXPROCS: 4, Ratios: []guard.Ratio{ratio("ask", 3), ratio("call", 4)}}
	want := guard.Record{Go: "go1.1", GOMAXPROCS: 4, Ratios: []guard.Ratio{ratio("tell", 1), ratio("ask", 3), ratio("call", 4)}}
	assert.Equal(t, want, part.Over(old))
	assert.InDelta(t, 2, old.Ratios[1].Pairs[0], 0, "it was changed")
}

// A record is of one version of Go and one GOMAXPROCS.
func TestAPartIsNotRecordedElsewhereThanTheRest(t *testing.T) {
	here := guard.NewRecord(nil)
	require.NoError(t, here.Extends())
	for _, other := range []guard.Record{{Go: "go1.0", GOMAXPROCS: here.GOMAXPROCS}, {Go: here.Go, GOMAXPROCS: here.GOMAXPROCS + 1}} {
		require.ErrorContains(t, other.Extends(), fmt.Sprintf("is of %s and GOMAXPROCS %d, and this is %s and %d", other.Go, other.GOMAXPROCS, here.Go, here.GOMAXPROCS))
	}
}
