package scenarios

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

func TestAWideMessageCountsIfItIsWhole(t *testing.T) {
	got := newStream(1)
	got.handleWide(wide(1))
	got.handleWide(subjects.Wide{N: 2})
	assert.Equal(t, streamed{n: 1}, got.streamed)
}

func TestLatenciesHaveFiguresAndMissNoMessage(t *testing.T) {
	latencies := func(all ...time.Duration) (harness.Sample, error) {
		s := harness.Scenario{Fixed: 1, Bodies: bodies{"a": func(r *harness.Run) harness.Job {
			return func(int) { figureLatencies(r, "", all) }
		}}}
		return harness.Measure(&s, "a", false, 0)
	}
	sample, err := latencies(3, 2, 1)
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"p50_ns": 2, "p99_ns": 3}, sample.Figures)
	_, err = latencies(3, 0, 1)
	require.ErrorContains(t, err, "a message was not handled")
}

func TestAMemoryWatchSeesWhatIsInUse(t *testing.T) {
	runtime.GC() // twice, so that nothing of before becomes free while it is watched
	runtime.GC()
	w := watchMemory()
	held := make([]byte, 64<<20)
	peak := w.peak()
	assert.InDelta(t, len(held), peak, 1<<20)
	assert.InDelta(t, len(held), w.growth(), 1<<20)
	runtime.KeepAlive(held)
	assert.Less(t, w.growth(), float64(1<<20)) // held is garbage now
}

func TestAPauseWatchCountsCollections(t *testing.T) {
	percent := debug.SetGCPercent(-1) // none but those of the test
	t.Cleanup(func() { debug.SetGCPercent(percent) })
	runtime.GC()
	w := watchPauses()
	count, _ := w.since()
	assert.Zero(t, count)
	runtime.GC()
	count, longest := w.since()
	assert.Positive(t, count)
	assert.Positive(t, longest)
}
