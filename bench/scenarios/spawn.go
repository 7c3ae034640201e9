package scenarios

import (
	"context"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

// All of them live before the first is stopped, so that none can have the
// memory, or the goroutine, of the one before it; see spawn-one-by-one.
func init() {
	register(harness.Scenario{
		Name:        "spawn",
		Group:       table,
		Op:          "100,000 fresh actors with a message each, then a stop of each that waits: an actor",
		Reference:   "go/slice",
		Fixed:       100_000,
		QuickRounds: 3,
		NotQuick:    slowToStart,
		Budgets:     map[string]float64{"troupe/goroutine": 0.3, "troupe/pool": 0.3},
		Bodies: with(
			bodies{"go/slice": spawnSlice},
			onSystems(subjects.NewSystem, spawnTroupe),
			onPeers(spawnPeer),
		),
	})
	register(harness.Scenario{
		Name:        "spawn-indexed",
		Group:       indexed,
		Op:          "spawn, in a system whose registry is in use",
		Reference:   "go/slice",
		Fixed:       100_000,
		QuickRounds: 3,
		Bodies:      with(bodies{"go/slice": spawnSlice}, onTroupe(spawnTroupe)),
	})
}

func spawnSlice(r *harness.Run) harness.Job {
	return func(n int) {
		tallies, boxes, ended := make([]tally, n), make([]*subjects.Slicebox[int], n), make([]chan struct{}, n)
		for i := range n {
			boxes[i], ended[i] = subjects.NewSlicebox[int](), make(chan struct{})
			go func() {
				defer close(ended[i])
				boxes[i].Serve(tallies[i].handle)
			}()
			boxes[i].Push(i)
		}
		for i := range n {
			boxes[i].Close()
			<-ended[i]
		}
		checkEach(r, n, func(i int) tally { return tallies[i] })
	}
}

// checkEach checks that each actor has handled its message, and no other.
func checkEach(r *harness.Run, n int, handled func(i int) tally) {
	for i := range n {
		got := handled(i)
		r.Check("messages handled", got.n, 1)
		r.Check("message handled", got.sum, i)
	}
}

// ended is what an actor of ours has handled, which has to have started and
// stopped once.
func (m *meter) ended(r *harness.Run) tally {
	r.Check("starts", m.started, 1)
	r.Check("stops", m.stopped, 1)
	r.Check("failures", m.failed, 0)
	return m.tally
}

func spawnTroupe(r *harness.Run, sys *core.System) (harness.Job, func() int) {
	ctx, handled := context.Background(), 0
	job := func(n int) {
		meters, refs := make([]*meter, n), make([]core.Ref[int], n)
		for i := range n {
			meters[i] = new(meter)
			refs[i] = spawn(r, sys, meters[i])
			mustTell(ctx, refs[i], i)
		}
		for _, ref := range refs {
			_, err := ref.Stop(ctx)
			r.CheckErr("stop", err)
		}
		checkEach(r, n, func(i int) tally { return meters[i].ended(r) })
		handled += n
	}
	return job, func() int { return handled }
}

func spawnPeer(r *harness.Run, stage subjects.Stage[int]) harness.Job {
	return func(n int) {
		tallies, refs := make([]tally, n), make([]subjects.Ref, n)
		for i := range n {
			refs[i] = stage.Spawn(subjects.Func[int](func(_ subjects.Self[int], msg int) { tallies[i].handle(msg) }))
			stage.Tell(refs[i], i)
		}
		for _, ref := range refs {
			stage.Stop(ref)
		}
		checkEach(r, n, func(i int) tally { return tallies[i] })
	}
}
