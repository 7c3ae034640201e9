package scenarios

import (
	"context"

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
	worked uint32
}

func (s *slow) work(msg int) {
	for range slowWork {
		s.worked = s.worked*1664525 + uint32(msg)
	}
	s.handle(msg)
}

// Receive works.
func (s *slow) Receive(_ context.Context, msg int) (any, error) {
	s.work(msg)
	return nil, nil
}

func slowChan(r *harness.Run) harness.Job {
	in, s := make(chan int, slowInbox), &slow{meter: meter{tally: newTally()}}
	go func() {
		for msg := range in {
			s.work(msg)
		}
	}()
	r.Cleanup(func() { close(in) })
	return slowJob(r, s, func(msg int) { in <- msg })
}

func slowTroupe(r *harness.Run, sys *core.System) harness.Job {
	s, ctx := &slow{meter: meter{tally: newTally()}}, context.Background()
	ref, err := core.Spawn(sys, s, core.Bounded(slowInbox, core.Wait))
	r.CheckErr("spawn", err)
	return slowJob(r, s, func(msg int) { mustTell(ctx, ref, msg) })
}

func slowJob(r *harness.Run, s *slow, send func(int)) harness.Job {
	return func(n int) {
		memory := watchMemory()
		produce(r, slowProducers, n, send, s.report)
		r.Figure("peak_bytes", memory.peak())
	}
}
