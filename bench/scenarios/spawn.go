package scenarios

import (
	"context"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

func init() {
	register(harness.Scenario{
		Name:      "spawn",
		Group:     table,
		Op:        "a fresh actor, a message, and a stop that waits; 100,000, one after the other",
		Reference: "go/slice",
		Fixed:     100_000,
		Slow:      3,
		Budgets:   map[string]float64{"troupe/goroutine": 0.3, "troupe/pool": 0.3},
		Bodies: with(
			bodies{"go/slice": spawnSlice},
			onSystems(subjects.NewSystem, spawnTroupe),
			onPeers(spawnPeer),
		),
	})
	register(harness.Scenario{
		Name:      "spawn-indexed",
		Group:     indexed,
		Op:        "spawn, in a system whose registry is in use",
		Reference: "go/slice",
		Fixed:     100_000,
		Slow:      3,
		Bodies:    with(bodies{"go/slice": spawnSlice}, onTroupe(spawnTroupe)),
	})
}

func spawnSlice(r *harness.Run) harness.Job {
	return func(n int) {
		handled := 0
		for msg := range n {
			box, ended, t := subjects.NewSlicebox[int](), make(chan struct{}), new(tally)
			go func() {
				defer close(ended)
				box.Serve(t.handle)
			}()
			box.Push(msg)
			box.Close()
			<-ended
			handled += t.n
		}
		r.Check("messages handled", handled, n)
	}
}

func spawnTroupe(r *harness.Run, sys *core.System) harness.Job {
	ctx := context.Background()
	return func(n int) {
		handled := 0
		for msg := range n {
			m := new(meter)
			ref := spawn(r, sys, m)
			mustTell(ctx, ref, msg)
			_, err := ref.Stop(ctx)
			r.CheckErr("stop", err)
			handled += m.n * m.stopped
		}
		r.Check("messages handled", handled, n)
	}
}

func spawnPeer(r *harness.Run, stage subjects.Stage[int]) harness.Job {
	return func(n int) {
		handled := 0
		for msg := range n {
			t := new(tally)
			ref := stage.Spawn(subjects.Func[int](func(_ subjects.Self[int], msg int) { t.handle(msg) }))
			stage.Tell(ref, msg)
			stage.Stop(ref)
			handled += t.n
		}
		r.Check("messages handled", handled, n)
	}
}
