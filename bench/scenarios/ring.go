package scenarios

import (
	"context"
	"runtime"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

func init() {
	budgets := map[string]float64{"troupe/goroutine": 0.6, "troupe/pool": 0.3}
	register(ring("ping-pong", "2 actors take turns: a message", 2, budgets))
	register(ring("ring", "100 actors in a ring: a hop", 100, budgets))
	register(harness.Scenario{
		Name:        "locked-ping-pong",
		Group:       table,
		Op:          "2 actors on an OS thread each take turns: a message",
		Reference:   "go/chan",
		Slices:      manySlices,
		QuickRounds: 41, // there are two subjects only
		Budgets:     map[string]float64{"troupe/locked": lockedBudget()},
		Bodies: with(
			bodies{"go/chan": func(r *harness.Run) harness.Job { return ringChan(r, 2, runtime.LockOSThread) }},
			onTroupe(onRing(2), "troupe/locked"),
		),
	})
}

// lockedBudget is less where each of the two threads can have a core while
// others have theirs.
func lockedBudget() float64 {
	if runtime.GOMAXPROCS(0) >= 4 {
		return 0.3
	}
	return 1
}

func ring(name, op string, size int, budgets map[string]float64) harness.Scenario {
	return harness.Scenario{
		Name:      name,
		Group:     table,
		Op:        op,
		Reference: "go/chan",
		Budgets:   budgets,
		NotQuick:  lockedNotQuick,
		Bodies: with(
			bodies{"go/chan": func(r *harness.Run) harness.Job { return ringChan(r, size, func() {}) }},
			onTroupe(onRing(size), allRuntimes...),
			onPeers(func(r *harness.Run, stage subjects.Stage[int]) harness.Job { return ringPeer(r, stage, size) }),
		),
	}
}

// A runner handles messages that say how many are to follow.
type runner struct {
	n    int // how many it has handled
	due  int // what the next one is to say
	size int // of the ring
	end  *finish
}

// handle returns what to tell the next, and whether there is anything.
func (r *runner) handle(left int) (next int, more bool) {
	r.n++
	if left != r.due {
		r.end.wrong(notItsOwn)
		return 0, false
	}
	r.due -= r.size
	if left == 0 {
		r.end.done()
	}
	return left - 1, left > 0
}

func newRunners(r *harness.Run, size int) []runner {
	all, end := make([]runner, r.Size(size)), newFinish()
	for i := range all {
		all[i].size, all[i].end = len(all), end
	}
	r.Cleanup(func() { end.end(r) })
	return all
}

// ringJob sends a message round, and checks that each runner had its share.
func ringJob(r *harness.Run, all []runner, start func(left int)) harness.Job {
	r.Unit(len(all))
	share := 0
	return func(n int) {
		for i := range all {
			all[i].due = n - 1 - i
		}
		all[0].end.expect(1)
		start(n - 1)
		all[0].end.wait(r)
		share += n / len(all)
		for i := range all {
			r.Check("messages handled", all[i].n, share)
		}
	}
}

func ringChan(r *harness.Run, size int, begin func()) harness.Job {
	all := newRunners(r, size)
	in := make([]chan int, len(all))
	for i := range in {
		in[i] = make(chan int)
	}
	for i := range in {
		go func() {
			begin()
			for left := range in[i] {
				if next, more := all[i].handle(left); more {
					in[(i+1)%len(in)] <- next
				}
			}
		}()
	}
	r.Cleanup(func() { closeAll(in) })
	return ringJob(r, all, func(left int) { in[0] <- left })
}

// A ringActor is a runner that knows the next.
type ringActor struct {
	meter
	*runner
	next core.Ref[int]
}

// Receive passes on.
func (a *ringActor) Receive(ctx context.Context, left int) (any, error) {
	if next, more := a.handle(left); more {
		return nil, a.next.Tell(ctx, next)
	}
	return nil, nil
}

func (a *ringActor) handle(left int) (int, bool) { return a.runner.handle(left) }

func onRing(size int) onSystem {
	return func(r *harness.Run, sys *core.System) (harness.Job, func() int) { return ringTroupe(r, sys, size) }
}

func ringTroupe(r *harness.Run, sys *core.System, size int) (harness.Job, func() int) {
	all := newRunners(r, size)
	actors, refs := make([]ringActor, len(all)), make([]core.Ref[int], len(all))
	for i := range actors {
		actors[i].runner = &all[i]
		refs[i] = spawn(r, sys, &actors[i])
	}
	for i := range actors {
		actors[i].next = refs[(i+1)%len(refs)]
	}
	return ringJob(r, all, func(left int) { mustTell(context.Background(), refs[0], left) }), func() int {
		n := 0
		for i := range all {
			n += all[i].n
		}
		return n
	}
}

func ringPeer(r *harness.Run, stage subjects.Stage[int], size int) harness.Job {
	all := newRunners(r, size)
	refs := make([]subjects.Ref, len(all))
	for i := range refs {
		refs[i] = stage.Spawn(subjects.Func[int](func(self subjects.Self[int], left int) {
			if next, more := all[i].handle(left); more {
				self.Tell(refs[(i+1)%len(refs)], next)
			}
		}))
	}
	return ringJob(r, all, func(left int) { stage.Tell(refs[0], left) })
}
