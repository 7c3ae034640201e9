package scenarios

import (
	"context"
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

const (
	fanProducers = 4
	fanActors    = 10_000
	// fanBuffer is the capacity of the channels. Every inbox has held as many
	// messages before it is measured, so that the memory is there: a channel
	// pays for its own when a slot is first used.
	fanBuffer = 32
)

func init() {
	register(harness.Scenario{
		Name:      "fan-out",
		Group:     table,
		Op:        "4 producers, 10,000 actors, each inbox used before: a message",
		Reference: "go/chan",
		Slow:      3,
		Budgets:   map[string]float64{"troupe/pool": 0.8},
		Bodies: with(
			bodies{"go/chan": fanOutChan, "go/slice": fanOutSlice},
			onTroupe(fanOutTroupe),
			onPeers(fanOutPeer),
		),
	})
}

// A fan is the receiving end: a tally for each actor.
type fan struct {
	tallies []tally
	left    sync.WaitGroup
}

func newFan() *fan { return &fan{tallies: make([]tally, fanActors)} }

// handle is what the i-th actor does.
func (f *fan) handle(i, msg int) {
	if msg == last {
		f.left.Done()
		return
	}
	f.tallies[i].n++
	f.tallies[i].sum += msg
}

// job warms the inboxes up and returns the job of sending to them.
func (f *fan) job(r *harness.Run, send func(i, msg int)) harness.Job {
	f.produce(r, fanActors*fanBuffer, send)
	return func(n int) {
		for n > 0 {
			part := min(n, burst)
			n -= part
			f.produce(r, part, send)
		}
	}
}

func (f *fan) produce(r *harness.Run, n int, send func(i, msg int)) {
	f.left.Add(fanActors)
	var all sync.WaitGroup
	for k := range fanProducers {
		all.Go(func() {
			for msg := 1 + k; msg <= n; msg += fanProducers {
				send(msg%fanActors, msg)
			}
		})
	}
	all.Wait()
	for i := range fanActors {
		send(i, last)
	}
	f.left.Wait()
	var got tally
	for i := range f.tallies {
		got.n += f.tallies[i].n
		got.sum += f.tallies[i].sum
		f.tallies[i] = tally{}
	}
	r.Check("messages handled", got.n, n)
	r.Check("sum of the messages", got.sum, n*(n+1)/2)
}

func fanOutChan(r *harness.Run) harness.Job {
	f, in := newFan(), make([]chan int, fanActors)
	for i := range in {
		in[i] = make(chan int, fanBuffer)
		go func() {
			for msg := range in[i] {
				f.handle(i, msg)
			}
		}()
	}
	return f.job(r, func(i, msg int) { in[i] <- msg })
}

func fanOutSlice(r *harness.Run) harness.Job {
	f, in := newFan(), make([]*subjects.Slicebox[int], fanActors)
	for i := range in {
		in[i] = subjects.NewSlicebox[int]()
		go in[i].Serve(func(msg int) { f.handle(i, msg) })
	}
	return f.job(r, func(i, msg int) { in[i].Push(msg) })
}

// A fanActor is one of ten thousand.
type fanActor struct {
	meter
	fan *fan
	i   int
}

// Receive counts.
func (a *fanActor) Receive(_ context.Context, msg int) (any, error) {
	a.fan.handle(a.i, msg)
	return nil, nil
}

func fanOutTroupe(r *harness.Run, sys *core.System) harness.Job {
	f, refs, ctx := newFan(), make([]core.Ref[int], fanActors), context.Background()
	for i := range refs {
		refs[i] = spawn(r, sys, &fanActor{fan: f, i: i})
	}
	return f.job(r, func(i, msg int) { mustTell(ctx, refs[i], msg) })
}

func fanOutPeer(r *harness.Run, stage subjects.Stage[int]) harness.Job {
	f, refs := newFan(), make([]subjects.Ref, fanActors)
	for i := range refs {
		refs[i] = stage.Spawn(subjects.Func[int](func(_ subjects.Self[int], msg int) { f.handle(i, msg) }))
	}
	return f.job(r, func(i, msg int) { stage.Tell(refs[i], msg) })
}
