package scenarios

import (
	"context"
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

// A tally counts what has been handled, and adds it up.
type tally struct{ n, sum int }

func (t *tally) handle(msg int) {
	t.n++
	t.sum += msg
}

// A meter is an actor with a tally, and with all the hooks.
type meter struct {
	tally
	started, stopped, failed int
}

// OnStart counts, as a service would make something ready.
func (m *meter) OnStart(context.Context) error { m.started++; return nil }

// OnStop counts too.
func (m *meter) OnStop(context.Context) error { m.stopped++; return nil }

// OnFailure is there as it would be in a service.
func (m *meter) OnFailure(context.Context, error) { m.failed++ }

// Receive counts.
func (m *meter) Receive(_ context.Context, msg int) (any, error) {
	m.handle(msg)
	return nil, nil
}

// last is the message after which a stream reports. The others are numbers
// from 1 on, nearly all above 255, so that it shows if a subject boxes them.
const last = -1

// mostProducers is how many a stream may have.
const mostProducers = 8

// A stream counts what producers send, the k-th of n of them every n-th number
// from 1+k on, and how many of these are not the next of their producer's.
type stream struct {
	streamed
	producers int // a power of two
	due       [mostProducers]int
	handled   int // before the last report, with the messages that asked for them
	report    chan streamed
}

// streamed is what a stream reports.
type streamed struct{ n, wrong int }

func newStream(producers int) *stream {
	s := &stream{producers: producers, report: make(chan streamed, 1)}
	s.begin()
	return s
}

// begin expects the first number of each producer, which the one whose lane
// is 0 has last.
func (s *stream) begin() {
	s.streamed = streamed{}
	for lane := range s.producers {
		s.due[lane] = lane
	}
	s.due[0] = s.producers
}

func (s *stream) handle(msg int) {
	if msg == last {
		s.handled += s.n + 1
		s.report <- s.streamed
		s.begin()
		return
	}
	due := &s.due[msg&(s.producers-1)]
	if msg != *due {
		s.wrong++
	}
	*due = msg + s.producers
	s.n++
}

// all are the messages that have ever been handled.
func (s *stream) all() int { return s.handled + s.n }

// A streamActor is an actor with a stream, and with all the hooks.
type streamActor struct {
	meter
	*stream
}

// Receive counts.
func (a *streamActor) Receive(_ context.Context, msg int) (any, error) {
	a.stream.handle(msg)
	return nil, nil
}

// burst is how many messages are sent before the sender waits until they have
// been handled: it bounds the memory of inboxes that have no bound.
const burst = 1 << 18

// produce sends n numbers by the producers of s, in bursts, and checks what s
// then reports.
func produce(r *harness.Run, s *stream, n int, send func(int)) {
	producers := s.producers // a sender that looks at s waits for the cache line
	for n > 0 {
		part := min(n, burst)
		n -= part
		var all sync.WaitGroup
		for i := range producers {
			all.Go(func() {
				for msg := 1 + i; msg <= part; msg += producers {
					send(msg)
				}
			})
		}
		all.Wait()
		send(last)
		got := <-s.report
		r.Check("messages handled", got.n, part)
		r.Check("messages that were not the next of their producer's", got.wrong, 0)
	}
}

// mustTell sends what cannot be refused.
func mustTell[M any](ctx context.Context, ref core.Ref[M], msg M) {
	if err := ref.Tell(ctx, msg); err != nil {
		panic(err)
	}
}

// spawn starts an actor.
func spawn[M any](r *harness.Run, sys *core.System, a core.Actor[M], opts ...core.Option) core.Ref[M] {
	ref, err := core.Spawn(sys, a, opts...)
	r.CheckErr("spawn", err)
	return ref
}

// streamOn is a stream as a Behaviour.
func streamOn(stage subjects.Stage[int], producers int) (subjects.Ref, *stream) {
	s := newStream(producers)
	return stage.Spawn(subjects.Func[int](func(_ subjects.Self[int], msg int) { s.handle(msg) })), s
}
