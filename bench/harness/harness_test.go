package harness_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/internal/testkit"
)

// sink keeps what is allocated from staying on the stack.
var sink []*[64]byte

func scenario() harness.Scenario {
	body := func(allocs, boxed, wrong int) harness.Body {
		return func(r *harness.Run) harness.Job {
			return func(n int) {
				for range n {
					for range allocs {
						sink = append(sink[:0], new([64]byte))
					}
				}
				r.Boxed(boxed * n)
				r.Check("answers", n+wrong, n)
			}
		}
	}
	return harness.Scenario{
		Name: "made-up", Reference: "none", Fixed: 1000,
		Bodies: map[string]harness.Body{
			"none": body(0, 0, 0), "three": body(3, 1, 0), "wrong": body(0, 0, 1), "lost": waitsForever,
			"memory": func(r *harness.Run) harness.Job {
				return func(n int) { r.Keep(make([][10_000]byte, n)) } // far more than the process has besides
			},
		},
	}
}

// waitsForever is what a body does whose message was lost.
func waitsForever(*harness.Run) harness.Job {
	return func(int) { <-make(chan int) }
}

func TestMain(m *testing.M) {
	harness.Child([]harness.Scenario{scenario()})
	testkit.Main(m)
}

func TestMeasureCountsAllocationsWithoutBoxing(t *testing.T) {
	s := scenario()
	sample, err := harness.Measure(&s, "three", false, 0)
	require.NoError(t, err)
	assert.InDelta(t, 2, sample.Allocs, 0.1)
	assert.InDelta(t, 1, sample.Boxes, 0)
	assert.Equal(t, 1000, sample.N)
}

func TestMeasureCountsBytes(t *testing.T) {
	s := scenario()
	s.Memory = true
	sample, err := harness.Measure(&s, "memory", false, 0)
	require.NoError(t, err)
	assert.InDelta(t, 10_000, sample.Bytes, 200)
}

// What a job reported while it was tried out is not part of the sample.
func TestMeasureTakesFiguresOfTheLastJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		s := harness.Scenario{Name: "x", Bodies: map[string]harness.Body{"a": func(r *harness.Run) harness.Job {
			return func(int) {
				tries++
				r.Figure("tries", float64(tries))
				if tries == 1 {
					r.Figure("first", 1)
				}
				time.Sleep(time.Millisecond)
			}
		}}}
		sample, err := harness.Measure(&s, "a", false, time.Millisecond)
		require.NoError(t, err)
		assert.Greater(t, tries, 1)
		assert.Equal(t, map[string]float64{"tries": float64(tries)}, sample.Figures)
	})
}

func TestSeriesNamesItsFiguresInOrder(t *testing.T) {
	s := harness.Series{Samples: []harness.Sample{
		{Figures: map[string]float64{"p99_ns": 3, "p50_ns": 1}}, {Figures: map[string]float64{"p99_ns": 5}},
	}}
	assert.Equal(t, []string{"p50_ns", "p99_ns"}, s.Figures())
	assert.InDelta(t, 4, s.Spread(harness.Figure("p99_ns")).Median, 0)
}

func TestPlanLeavesRoundsAndTimeToTheScenario(t *testing.T) {
	for _, c := range []struct {
		plan   harness.Plan
		s      harness.Scenario
		rounds int
		target time.Duration
	}{
		{harness.Plan{}, harness.Scenario{}, 15, 500 * time.Millisecond},
		{harness.Plan{Quick: true}, harness.Scenario{}, 19, 6 * time.Millisecond},
		{harness.Plan{Quick: true}, harness.Scenario{Contended: true}, 11, 6 * time.Millisecond},
		{harness.Plan{Quick: true}, harness.Scenario{QuickRounds: 3, Contended: true}, 3, 6 * time.Millisecond},
		{harness.Plan{}, harness.Scenario{Lasts: time.Minute}, 1, time.Minute},
		{harness.Plan{Quick: true}, harness.Scenario{Lasts: time.Minute}, 1, 2 * time.Second},
		{harness.Plan{Rounds: 7, Target: time.Second}, harness.Scenario{QuickRounds: 3, Lasts: time.Minute}, 7, time.Second},
	} {
		assert.Equal(t, c.rounds, c.plan.RoundsOf(&c.s))
		assert.Equal(t, c.target, c.plan.TargetOf(&c.s))
	}
}

func TestMeasureFailsOnAWrongResult(t *testing.T) {
	s := scenario()
	_, err := harness.Measure(&s, "wrong", false, 0)
	require.EqualError(t, err, "made-up on wrong: answers: 1001, want 1000")
}

// Where a test is about time, it is that of a bubble: a machine with much to do
// lets a job sleep for longer than it asks for.
func TestMeasureFitsTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scenario()
		s.Fixed = 0
		s.Bodies = map[string]harness.Body{"sleep": func(r *harness.Run) harness.Job {
			r.Unit(7)
			return func(n int) { time.Sleep(time.Duration(n) * time.Microsecond) }
		}}
		sample, err := harness.Measure(&s, "sleep", false, 20*time.Millisecond)
		require.NoError(t, err)
		assert.Zero(t, sample.N%7)
		assert.InDelta(t, 20_000, sample.N, 7)
	})
}

// One slice that is held up does not show in the time, but its operations and
// allocations count.
func TestATimeIsTheMedianOfTheSlices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		jobs := 0
		s := harness.Scenario{Fixed: 10, Slices: 3, Bodies: map[string]harness.Body{"a": func(r *harness.Run) harness.Job {
			return func(n int) {
				jobs++
				for range 100 * n {
					sink = append(sink[:0], new([64]byte))
				}
				r.Boxed(60 * n)
				time.Sleep(time.Duration(n) * time.Microsecond)
				if jobs == 2 {
					time.Sleep(time.Second / 10)
				}
			}
		}}}
		sample, err := harness.Measure(&s, "a", false, 0)
		require.NoError(t, err)
		assert.Equal(t, 3, jobs)
		assert.Equal(t, 30, sample.N)
		assert.InDelta(t, 1000, sample.Nanos, 0)
		assert.InDelta(t, 40, sample.Allocs, 4)
		assert.InDelta(t, 60, sample.Boxes, 0)
	})
}

func TestSlicesFitTheTimeTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jobs []int
		s := harness.Scenario{Slices: 4, Bodies: map[string]harness.Body{"sleep": func(*harness.Run) harness.Job {
			return func(n int) {
				jobs = append(jobs, n)
				time.Sleep(time.Duration(n) * time.Microsecond)
			}
		}}}
		sample, err := harness.Measure(&s, "sleep", false, 20*time.Millisecond)
		require.NoError(t, err)
		assert.Equal(t, jobs[len(jobs)-4:], []int{sample.N / 4, sample.N / 4, sample.N / 4, sample.N / 4})
		assert.InDelta(t, 20_000, sample.N, 4)
	})
}

func TestAfterwardsIsOutsideOfTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		jobs, calls := 0, 0
		s := harness.Scenario{Bodies: map[string]harness.Body{"a": func(r *harness.Run) harness.Job {
			return func(int) {
				jobs++
				time.Sleep(time.Millisecond)
				r.Afterwards(func() {
					calls++
					r.Figure("late", 1)
					time.Sleep(time.Second / 5)
				})
			}
		}}}
		sample, err := harness.Measure(&s, "a", false, time.Millisecond)
		require.NoError(t, err)
		assert.Equal(t, jobs, calls)
		assert.Equal(t, map[string]float64{"late": 1}, sample.Figures)
		assert.InDelta(t, 1e6, sample.Nanos*float64(sample.N), 1)
	})
}

func TestSizeIsBoundedInTests(t *testing.T) {
	for tiny, want := range map[bool][]int{false: {2, 10_000}, true: {2, 100}} {
		var sizes []int
		s := harness.Scenario{Fixed: 1, Tiny: tiny, Bodies: map[string]harness.Body{"a": func(r *harness.Run) harness.Job {
			sizes = []int{r.Size(2), r.Size(10_000)}
			return func(int) {}
		}}}
		_, err := harness.Measure(&s, "a", false, 0)
		require.NoError(t, err)
		assert.Equal(t, want, sizes)
	}
}

func TestCleanupsRunTheLastOneFirst(t *testing.T) {
	var order []int
	s := harness.Scenario{Fixed: 1, Bodies: map[string]harness.Body{"a": func(r *harness.Run) harness.Job {
		r.Cleanup(func() { order = append(order, 1) })
		r.Cleanup(func() { order = append(order, 2) })
		return func(int) {}
	}}}
	_, err := harness.Measure(&s, "a", false, 0)
	require.NoError(t, err)
	assert.Equal(t, []int{2, 1}, order)
}

// Each measurement is made by a new process, which this test's program is
// started as.
func TestPlanMeasuresInProcessesAndCompares(t *testing.T) {
	s := scenario()
	all, err := harness.Plan{Rounds: 3}.Measure(&s, []string{"none", "three"})
	require.NoError(t, err)
	require.Len(t, all, 2)
	for _, one := range all {
		assert.Len(t, one.Samples, 3)
		assert.Len(t, one.Ratios, 3)
	}
	assert.Equal(t, []float64{1, 1, 1}, all[0].Ratios)
	assert.InDelta(t, 2, all[1].Spread(harness.Allocs).Median, 0.1)
}

func TestPlanReportsWhatAChildFoundWrong(t *testing.T) {
	s := scenario()
	_, err := harness.Plan{Rounds: 1}.Measure(&s, []string{"wrong"})
	require.ErrorContains(t, err, "answers: 1001, want 1000")
}

func TestPlanSaysThatAChildHangsAndWhere(t *testing.T) {
	s := scenario()
	_, err := harness.Plan{Rounds: 1, Limit: 2 * time.Second}.Measure(&s, []string{"lost"})
	require.ErrorContains(t, err, "made-up on lost: not done after 2s: a message was lost, or it hangs")
	require.ErrorContains(t, err, "harness_test.waitsForever")
}

func TestSpreadLeavesTheOrderOfTheValues(t *testing.T) {
	values := []float64{5, 1, 3, 2, 4}
	spread := harness.SpreadOf(values)
	assert.Equal(t, []float64{3, 1, 5}, []float64{spread.Median, spread.Min, spread.Max})
	assert.InDelta(t, 1.67, spread.Low, 0.01)
	assert.InDelta(t, 4.33, spread.High, 0.01)
	assert.Equal(t, []float64{5, 1, 3, 2, 4}, values)
	assert.Equal(t, harness.Spread{Median: 7, Min: 7, Max: 7, Low: 7, High: 7}, harness.SpreadOf([]float64{7}))
	assert.Zero(t, harness.SpreadOf(nil))
}

func TestSelect(t *testing.T) {
	all := []harness.Scenario{{Name: "tell-1", Group: "table"}, {Name: "tell-8", Group: "table"}, {Name: "big", Group: "savina"}}
	for patterns, want := range map[string]int{"table": 2, "tell-*": 2, "big, tell-1": 2, "*": 3, "savina": 1} {
		picked, err := harness.Select(all, patterns)
		require.NoError(t, err)
		assert.Len(t, picked, want, patterns)
	}
	for _, patterns := range []string{"tel", "tell-1,tel"} {
		_, err := harness.Select(all, patterns)
		require.EqualError(t, err, `no scenario or group is called "tel": README.md lists them`)
	}
}

func TestSelectTakesWhatIsAloneByItsWholeNameOnly(t *testing.T) {
	all := []harness.Scenario{{Name: "idle", Group: "growth"}, {Name: "idle-10m", Group: "growth", Alone: true}}
	for patterns, want := range map[string]int{"*": 1, "growth": 1, "idle*": 1, "idle, idle-10m": 2} {
		picked, err := harness.Select(all, patterns)
		require.NoError(t, err)
		assert.Len(t, picked, want, patterns)
	}
}

func TestKnown(t *testing.T) {
	names := []string{"go/chan", "phony"}
	for patterns, want := range map[string]string{
		"*": "", "go/*, phony": "",
		"phony,pony": `no subject is called "pony": there are go/chan, phony`,
		"":           `no subject is called "": there are go/chan, phony`,
	} {
		err := harness.Known(patterns, names)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, want)
	}
}

func TestMatches(t *testing.T) {
	assert.True(t, harness.Matches("go/*,phony", "go/chan"))
	assert.True(t, harness.Matches("*", "troupe/pool"))
	assert.False(t, harness.Matches("go/*", "goakt"))
}
