package scenarios

import (
	"context"
	"sync/atomic"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/core"
)

const (
	slowProducers = 4
	slowInbox     = 1024
	// slowWork makes a message take about a microsecond.
	slowWork = 1000
)

// Producers are faster than the actor, whose inbox has a bound: they wait, and
// memory stays what it was.
func init() {
	register(harness.Scenario{
		Name:      "slow-consumer",
		Group:     load,
		Op:        "4 producers, a slow actor with an inbox of 1,024: a message",
		Reference: "go/chan",
		Contended: true,
		Bodies: with(
			bodies{"go/chan": slowChan},
			onTroupe(slowTroupe, "troupe/goroutine", "troupe/pool", "troupe/locked"),
		),
	})
}

// A slow consumer works on a message before it counts it.
type slow struct {
	meter
	*stream
	worked uint32
	taken  int          // messages
	sent   atomic.Int64 // messages, or about to be
	most   int          // that were ever sent and not taken
}

func newSlow() *slow { return &slow{stream: newStream(slowProducers)} }

func (s *slow) work(msg int) {
	s.most = max(s.most, int(s.sent.Load())-s.taken)
	s.taken++
	for range slowWork {
		s.worked = s.worked*1664525 + uint32(msg)
	}
	s.stream.handle(msg)
}

// Receive works.
func (s *slow) Receive(_ context.Context, msg int) (any, error) {
	s.work(msg)
	return nil, nil
}

func slowChan(r *harness.Run) harness.Job {
	in, s := make(chan int, slowInbox), newSlow()
	go func() {
		for msg := range in {
			s.work(msg)
		}
	}()
	r.Cleanup(func() { close(in) })
	return slowJob(r, s, func(msg int) { in <- msg })
}

func slowTroupe(r *harness.Run, sys *core.System) (harness.Job, func() int) {
	return slowTroupeWith(r, sys, core.Bounded(slowInbox, core.Wait))
}

func slowTroupeWith(r *harness.Run, sys *core.System, opts ...core.Option) (harness.Job, func() int) {
	s, ctx := newSlow(), context.Background()
	ref := spawn(r, sys, s, opts...)
	return slowJob(r, s, func(msg int) { mustTell(ctx, ref, msg) }), s.all
}

// slowJob checks that no more was ever on its way than is in a full inbox, in
// the hands of the producers, and just taken.
func slowJob(r *harness.Run, s *slow, send func(int)) harness.Job {
	return func(n int) {
		memory := watchMemory()
		produce(r, s.stream, n, func(msg int) {
			s.sent.Add(1)
			send(msg)
		})
		r.Figure("peak_bytes", memory.peak())
		if most := slowInbox + slowProducers + 1; s.most > most {
			r.Failf("messages on their way: %d, want %d at most", s.most, most)
		}
	}
}
