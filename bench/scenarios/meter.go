package scenarios

import (
	"context"
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

// last is the message after which a meter reports. The others are numbers
// from 1 on, nearly all above 255, so that it shows if a subject boxes them.
const last = -1

// A tally counts what has been handled, and adds it up.
type tally struct {
	n, sum int
	report chan tally
}

func newTally() tally { return tally{report: make(chan tally, 1)} }

func (t *tally) handle(msg int) {
	if msg == last {
		t.report <- *t
		t.n, t.sum = 0, 0
		return
	}
	t.n++
	t.sum += msg
}

// A meter is an actor with a tally, and with all the hooks.
type meter struct {
	tally
	started, stopped int
}

// OnStart counts, as a service would make something ready.
func (m *meter) OnStart(context.Context) error { m.started++; return nil }

// OnStop counts too.
func (m *meter) OnStop(context.Context) error { m.stopped++; return nil }

// OnFailure is there as it would be in a service.
func (m *meter) OnFailure(context.Context, error) { m.stopped++ }

// Receive counts.
func (m *meter) Receive(_ context.Context, msg int) (any, error) {
	m.handle(msg)
	return nil, nil
}

// burst is how many messages are sent before the sender waits until they have
// been handled: it bounds the memory of inboxes that have no bound.
const burst = 1 << 18

// produce sends n numbers by k goroutines, in bursts, and checks what report
// then brings.
func produce(r *harness.Run, k, n int, send func(int), report chan tally) {
	for n > 0 {
		part := min(n, burst)
		n -= part
		var all sync.WaitGroup
		for i := range k {
			all.Go(func() {
				for msg := 1 + i; msg <= part; msg += k {
					send(msg)
				}
			})
		}
		all.Wait()
		send(last)
		got := <-report
		r.Check("messages handled", got.n, part)
		r.Check("sum of the messages", got.sum, part*(part+1)/2)
	}
}

// mustTell sends what cannot be refused.
func mustTell[M any](ctx context.Context, ref core.Ref[M], msg M) {
	if err := ref.Tell(ctx, msg); err != nil {
		panic(err)
	}
}

// spawn starts an actor.
func spawn[M any](r *harness.Run, sys *core.System, a core.Actor[M]) core.Ref[M] {
	ref, err := core.Spawn(sys, a)
	r.CheckErr("spawn", err)
	return ref
}

// meterOn is a tally as a Behaviour.
func meterOn(stage subjects.Stage[int]) (subjects.Ref, *tally) {
	t := newTally()
	return stage.Spawn(subjects.Func[int](func(_ subjects.Self[int], msg int) { t.handle(msg) })), &t
}
