package scenarios

import (
	"context"
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

func init() {
	register(harness.Scenario{
		Name:        "idle",
		Group:       table,
		Op:          "many actors after a message each: heap and stacks, an actor",
		Reference:   "go/slice",
		Fixed:       1_000_000,
		QuickFixed:  100_000,
		QuickRounds: 1,
		Memory:      true,
		Budgets:     map[string]float64{"troupe/goroutine": 200, "troupe/pool": 200},
		Bodies: with(
			bodies{"go/slice": idleSlice},
			onSystems(subjects.NewSystem, idleTroupe),
			onPeers(idlePeer),
		),
	})
	register(harness.Scenario{
		Name:        "idle-indexed",
		Group:       indexed,
		Op:          "idle, in a system whose registry is in use",
		Reference:   "go/slice",
		Fixed:       1_000_000,
		QuickFixed:  100_000,
		QuickRounds: 1,
		Memory:      true,
		Bodies:      with(bodies{"go/slice": idleSlice}, onTroupe(idleTroupe)),
	})
}

// An idler is the least that an actor can hold.
type idler struct{ handled *sync.WaitGroup }

// Receive does nothing that lasts.
func (i *idler) Receive(context.Context, int) (any, error) {
	i.handled.Done()
	return nil, nil
}

// OnStop is there as it would be in a service.
func (i *idler) OnStop(context.Context) error { return nil }

func idleSlice(r *harness.Run) harness.Job {
	return func(n int) {
		var handled sync.WaitGroup
		handled.Add(n)
		boxes := make([]*subjects.Slicebox[int], n)
		for i := range boxes {
			boxes[i] = subjects.NewSlicebox[int]()
			go boxes[i].Serve(func(int) { handled.Done() })
			boxes[i].Push(i)
		}
		handled.Wait()
		r.Cleanup(func() { closeBoxes(boxes) })
		r.Keep(boxes)
	}
}

func idleTroupe(r *harness.Run, sys *core.System) harness.Job {
	return func(n int) {
		var handled sync.WaitGroup
		handled.Add(n)
		refs := make([]core.Ref[int], n)
		for i := range refs {
			refs[i] = spawn(r, sys, &idler{&handled})
			mustTell(context.Background(), refs[i], i)
		}
		handled.Wait()
		r.Keep(refs)
	}
}

func idlePeer(r *harness.Run, stage subjects.Stage[int]) harness.Job {
	return func(n int) {
		var handled sync.WaitGroup
		handled.Add(n)
		refs := make([]subjects.Ref, n)
		for i := range refs {
			refs[i] = stage.Spawn(subjects.Func[int](func(subjects.Self[int], int) { handled.Done() }))
			stage.Tell(refs[i], i)
		}
		handled.Wait()
		r.Keep(refs)
	}
}
