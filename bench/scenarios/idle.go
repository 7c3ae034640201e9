package scenarios

import (
	"context"
	"sync/atomic"

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

// A rest is what idlers have in common.
type rest struct {
	waking *finish
	actors int
	awake  *rest        // of those that have had a message, nil if this is it
	again  atomic.Int64 // messages that came to those
}

// newRest is that of n idlers without a message.
func newRest(n int) *rest {
	waking := newFinish()
	waking.expect(n)
	return &rest{waking: waking, actors: n, awake: &rest{waking: waking}}
}

// An idler is the least that an actor can hold: whether it has had a message.
type idler struct{ rest *rest }

func (i *idler) handle() {
	rest := i.rest
	if rest.awake == nil {
		rest.again.Add(1)
		rest.waking.wrong(secondMessage)
		return
	}
	i.rest = rest.awake
	rest.waking.done()
}

// secondMessage is said of a message to one that has had its own.
const secondMessage = "an actor got a second message"

// all are the messages that have come.
func (r *rest) all() int { return r.actors - int(r.waking.left.Load()) + int(r.awake.again.Load()) }

// Receive does nothing else that lasts.
func (i *idler) Receive(context.Context, int) (any, error) {
	i.handle()
	return nil, nil
}

// OnStop is there as it would be in a service.
func (i *idler) OnStop(context.Context) error { return nil }

func idleSlice(r *harness.Run) harness.Job {
	return func(n int) {
		rest := newRest(n)
		idlers, boxes := make([]idler, n), make([]*subjects.Slicebox[int], n)
		for i := range boxes {
			boxes[i] = subjects.NewSlicebox[int]()
			it := &idlers[i]
			it.rest = rest
			go boxes[i].Serve(func(int) { it.handle() })
			boxes[i].Push(i)
		}
		rest.waking.wait(r)
		r.Cleanup(func() { closeBoxes(boxes) })
		r.Keep(boxes)
	}
}

func idleTroupe(r *harness.Run, sys *core.System) (harness.Job, func() int) {
	var all []*rest
	job := func(n int) {
		rest := newRest(n)
		refs := make([]core.Ref[int], n)
		for i := range refs {
			refs[i] = spawn(r, sys, &idler{rest})
			mustTell(context.Background(), refs[i], i)
		}
		rest.waking.wait(r)
		r.Keep(refs)
		all = append(all, rest)
	}
	return job, func() (n int) {
		for _, rest := range all {
			n += rest.all()
		}
		return n
	}
}

func idlePeer(r *harness.Run, stage subjects.Stage[int]) harness.Job {
	return func(n int) {
		rest := newRest(n)
		idlers, refs := make([]idler, n), make([]subjects.Ref, n)
		for i := range refs {
			it := &idlers[i]
			it.rest = rest
			refs[i] = stage.Spawn(subjects.Func[int](func(subjects.Self[int], int) { it.handle() }))
			stage.Tell(refs[i], i)
		}
		rest.waking.wait(r)
		r.Keep(refs)
	}
}
