package scenarios

import (
	"context"
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

// fanBuffer is the capacity of the channels, and how many messages an inbox of
// the table's fan-out has held before it is measured, so that the memory is
// there: a channel pays for its own when a slot is first used.
const fanBuffer = 32

func init() {
	size := fanSize{producers: 4, actors: 10_000, warm: fanBuffer}
	// A peer takes too long to warm up more than that, and does so in the first slice.
	peerSize := fanSize{producers: 4, actors: 10_000, warm: growthWarm}
	register(harness.Scenario{
		Name:        "fan-out",
		Group:       table,
		Op:          "4 producers, 10,000 actors, each inbox used before: a message",
		Reference:   "go/chan",
		Contended:   true,
		Fixed:       260_000, // 26 for each: with one or two what counts is the wake-up
		Slices:      3,       // the actors take longer to start than to send to
		QuickRounds: 3,
		Budgets:     map[string]float64{"troupe/pool": 0.8},
		Bodies: with(
			fanOut(size, "troupe/goroutine", "troupe/pool"),
			onPeers(func(r *harness.Run, stage subjects.Stage[int]) harness.Job { return fanOutPeer(r, peerSize, stage) }),
		),
	})
}

// A fanSize says how many producers send to how many actors, each of which has
// had warm messages before.
type fanSize struct{ producers, actors, warm int }

// fanOut are bodies of plain Go and of the named runtimes of ours.
func fanOut(size fanSize, troupe ...string) bodies {
	return with(
		bodies{
			"go/chan":  func(r *harness.Run) harness.Job { return fanOutChan(r, size) },
			"go/slice": func(r *harness.Run) harness.Job { return fanOutSlice(r, size) },
		},
		onTroupe(func(r *harness.Run, sys *core.System) (harness.Job, func() int) { return fanOutTroupe(r, size, sys) },
			troupe...),
	)
}

// A fan is the receiving end. Every actor has a lane for each producer that
// sends to it, whose messages it is to get in their order.
type fan struct {
	fanSize
	lanes int // of an actor: one, or as many as there are producers
	step  int // from one message of a lane to the next
	all   []fanLane
	left  *finish // of the lanes that expect more
	past  int     // messages handled of those expected before
}

// A fanLane is how many messages one actor has handled of one producer, how
// many it expects, and which is due.
type fanLane struct{ n, want, due int }

// newFan has each actor hear of one producer, if the actors can be divided
// among the producers, or of all. There is a power of two of them.
func newFan(r *harness.Run, size fanSize) *fan {
	size.actors = r.Size(size.actors)
	r.Unit(size.actors)
	f := &fan{fanSize: size, lanes: 1, step: size.actors, left: newFinish()}
	if size.actors%size.producers != 0 {
		f.lanes, f.step = size.producers, size.actors*size.producers
	}
	f.all = make([]fanLane, size.actors*f.lanes)
	r.Cleanup(func() { f.left.end(r) })
	return f
}

// lane is where the i-th actor notes msg.
func (f *fan) lane(i, msg int) *fanLane { return &f.all[i*f.lanes+msg&(f.lanes-1)] }

// handle is what the i-th actor does.
func (f *fan) handle(i, msg int) {
	l := f.lane(i, msg)
	if msg != l.due {
		f.left.wrong(notItsOwn)
	}
	l.due = msg + f.step
	l.n++
	if l.n == l.want {
		f.left.done()
	}
}

// job warms the inboxes up and returns the job of sending to them.
func (f *fan) job(r *harness.Run, send func(i, msg int)) harness.Job {
	f.produce(r, f.actors*f.warm, send)
	return func(n int) {
		for n > 0 {
			part := min(n, max(burst, 4*f.actors))
			n -= part
			f.produce(r, part, send)
		}
	}
}

func (f *fan) produce(r *harness.Run, n int, send func(i, msg int)) {
	f.expect(n)
	var all sync.WaitGroup
	for k := range f.producers {
		all.Go(func() {
			for msg := k; msg < n; msg += f.producers {
				send(msg%f.actors, msg)
			}
		})
	}
	all.Wait()
	f.left.wait(r)
	r.Check("messages handled", f.handled(), n)
}

// expect gives each lane its share of n messages.
func (f *fan) expect(n int) {
	f.past += f.handled()
	clear(f.all)
	first := min(n, f.step)
	f.left.expect(first)
	for msg := range first {
		*f.lane(msg%f.actors, msg) = fanLane{want: (n + f.step - 1 - msg) / f.step, due: msg}
	}
}

// handled is how many messages have been handled of those expected last.
func (f *fan) handled() (n int) {
	for i := range f.all {
		n += f.all[i].n
	}
	return n
}

func (f *fan) everHandled() int { return f.past + f.handled() }

func fanOutChan(r *harness.Run, size fanSize) harness.Job {
	f := newFan(r, size)
	in := make([]chan int, f.actors)
	for i := range in {
		in[i] = make(chan int, fanBuffer)
		go func() {
			for msg := range in[i] {
				f.handle(i, msg)
			}
		}()
	}
	r.Cleanup(func() { closeAll(in) })
	return f.job(r, func(i, msg int) { in[i] <- msg })
}

func fanOutSlice(r *harness.Run, size fanSize) harness.Job {
	f := newFan(r, size)
	in := make([]*subjects.Slicebox[int], f.actors)
	for i := range in {
		in[i] = subjects.NewSlicebox[int]()
		go in[i].Serve(func(msg int) { f.handle(i, msg) })
	}
	r.Cleanup(func() { closeBoxes(in) })
	return f.job(r, func(i, msg int) { in[i].Push(msg) })
}

// A fanActor is one of many.
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

func fanOutTroupe(r *harness.Run, size fanSize, sys *core.System) (harness.Job, func() int) {
	f, ctx := newFan(r, size), context.Background()
	refs := make([]core.Ref[int], f.actors)
	for i := range refs {
		refs[i] = spawn(r, sys, &fanActor{fan: f, i: i})
	}
	return f.job(r, func(i, msg int) { mustTell(ctx, refs[i], msg) }), f.everHandled
}

func fanOutPeer(r *harness.Run, size fanSize, stage subjects.Stage[int]) harness.Job {
	f := newFan(r, size)
	refs := make([]subjects.Ref, f.actors)
	for i := range refs {
		refs[i] = stage.Spawn(subjects.Func[int](func(_ subjects.Self[int], msg int) { f.handle(i, msg) }))
	}
	return f.job(r, func(i, msg int) { stage.Tell(refs[i], msg) })
}
