package scenarios

import (
	"slices"
	"sync"
	"time"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// busyActors are how many an actor is blocked beside.
const busyActors = 1000

// A thousand actors get a message each, again and again: half the time by
// themselves, half the time beside one that is blocked where no runtime sees
// it. The figures are from the send of a message to its handling.
func init() {
	register(harness.Scenario{
		Name:      "blocking-beside-busy",
		Group:     load,
		Op:        "1,000 busy actors, half the time beside a blocked one: a message",
		Reference: "go/slice",
		Contended: true,
		Bodies:    onStages(busyActors+1, blockingBesideBusy),
	})
}

func blockingBesideBusy(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	busy := newBusy(r, stage)
	blocked, release := make(chan struct{}), make(chan struct{})
	blocker := stage.Spawn(subjects.Func[subjects.Msg](func(subjects.Self[subjects.Msg], subjects.Msg) {
		blocked <- struct{}{}
		<-release
	}))
	r.Unit(2 * len(busy.refs))
	return func(n int) {
		rounds := n / 2 / len(busy.refs)
		alone := busy.run(rounds)
		stage.Tell(blocker, subjects.Msg{})
		<-blocked
		beside := busy.run(rounds)
		release <- struct{}{}
		r.Afterwards(func() {
			figureLatencies(r, "", alone)
			figureLatencies(r, "_beside_blocked", beside)
		})
	}
}

// figureLatencies reports percentiles, and fails if a message has none: its
// handling was not seen.
func figureLatencies(r *harness.Run, suffix string, all []time.Duration) {
	slices.Sort(all)
	if all[0] == 0 {
		r.Failf("a message was not handled")
	}
	r.Figure("p50"+suffix+"_ns", float64(all[len(all)/2]))
	r.Figure("p99"+suffix+"_ns", float64(all[len(all)*99/100]))
}

// busy are the actors that are not blocked.
type busy struct {
	stage     subjects.Stage[subjects.Msg]
	refs      []subjects.Ref
	start     time.Time
	latencies []time.Duration // of the round that goes on, by actor
	left      sync.WaitGroup
}

func newBusy(r *harness.Run, stage subjects.Stage[subjects.Msg]) *busy {
	b := &busy{stage: stage, refs: make([]subjects.Ref, r.Size(busyActors)), start: time.Now()}
	for i := range b.refs {
		b.refs[i] = stage.Spawn(subjects.Func[subjects.Msg](func(_ subjects.Self[subjects.Msg], msg subjects.Msg) {
			b.latencies[i] = max(time.Since(b.start)-time.Duration(msg.N), 1)
			b.left.Done()
		}))
	}
	return b
}

// run sends every actor a message in each round, and returns how long each
// message waited.
func (b *busy) run(rounds int) []time.Duration {
	all := make([]time.Duration, rounds*len(b.refs))
	for round := range rounds {
		b.latencies = all[round*len(b.refs):][:len(b.refs)]
		b.left.Add(len(b.refs))
		for _, ref := range b.refs {
			b.stage.Tell(ref, subjects.Msg{N: int(time.Since(b.start))})
		}
		b.left.Wait()
	}
	return all
}
