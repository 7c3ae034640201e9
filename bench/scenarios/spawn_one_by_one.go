package scenarios

import (
	"context"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

// Each actor ends before the next starts. Plain Go then has the goroutine and
// the stack of the last one for the next, and most of the time goes into
// switches of goroutines: that is not what the budget of spawn is about, which
// is for fresh actors.
func init() {
	register(harness.Scenario{
		Name:      "spawn-one-by-one",
		Group:     "more",
		Op:        "a fresh actor, a message, and a stop that waits; 100,000, one after the other",
		Reference: "go/slice",
		Fixed:     100_000,
		Bodies: with(
			bodies{"go/slice": oneByOneSlice},
			onSystems(subjects.NewSystem, oneByOneTroupe),
			onPeers(oneByOnePeer),
		),
	})
}

// add adds what another one has handled.
func (t *tally) add(other tally) {
	t.n += other.n
	t.sum += other.sum
}

// check checks that the numbers below n have been handled.
func (t *tally) check(r *harness.Run, n int) {
	r.Check("messages handled", t.n, n)
	r.Check("sum of the messages", t.sum, n*(n-1)/2)
}

func oneByOneSlice(r *harness.Run) harness.Job {
	return func(n int) {
		var all tally
		for msg := range n {
			box, ended, t := subjects.NewSlicebox[int](), make(chan struct{}), new(tally)
			go func() {
				defer close(ended)
				box.Serve(t.handle)
			}()
			box.Push(msg)
			box.Close()
			<-ended
			all.add(*t)
		}
		all.check(r, n)
	}
}

func oneByOneTroupe(r *harness.Run, sys *core.System) (harness.Job, func() int) {
	ctx, handled := context.Background(), 0
	job := func(n int) {
		var all tally
		for msg := range n {
			m := new(meter)
			ref := spawn(r, sys, m)
			mustTell(ctx, ref, msg)
			_, err := ref.Stop(ctx)
			r.CheckErr("stop", err)
			all.add(m.ended(r))
		}
		all.check(r, n)
		handled += n
	}
	return job, func() int { return handled }
}

func oneByOnePeer(r *harness.Run, stage subjects.Stage[int]) harness.Job {
	return func(n int) {
		var all tally
		for msg := range n {
			t := new(tally)
			ref := stage.Spawn(subjects.Func[int](func(_ subjects.Self[int], msg int) { t.handle(msg) }))
			stage.Tell(ref, msg)
			stage.Stop(ref)
			all.add(*t)
		}
		all.check(r, n)
	}
}
