package scenarios

import (
	"context"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

func init() {
	s := tell("tell-1", "1 producer, 1 actor: a message", 1, 0.5)
	s.QuickRounds = 41 // the unsteadiest row: a channel takes from 50 to 110 ns, by process
	register(s)
	s = tell("tell-8", "8 producers, 1 actor: a message", 8, 0.65)
	s.Contended = true
	register(s)
}

func tell(name, op string, producers int, budget float64) harness.Scenario {
	return harness.Scenario{
		Name:      name,
		Group:     table,
		Op:        op,
		Reference: "go/chan",
		Budgets:   map[string]float64{"troupe/goroutine": budget, "troupe/pool": budget},
		Bodies: with(
			bodies{
				"go/chan":  func(r *harness.Run) harness.Job { return tellChan(r, producers) },
				"go/slice": func(r *harness.Run) harness.Job { return tellSlice(r, producers) },
			},
			onTroupe(func(r *harness.Run, sys *core.System) (harness.Job, func() int) { return tellTroupe(r, sys, producers) },
				allRuntimes...),
			onPeers(func(r *harness.Run, stage subjects.Stage[int]) harness.Job { return tellPeer(r, stage, producers) }),
		),
	}
}

func tellChan(r *harness.Run, producers int) harness.Job {
	in, s := make(chan int, 1024), newStream(producers)
	go func() {
		for msg := range in {
			s.handle(msg)
		}
	}()
	r.Cleanup(func() { close(in) })
	return func(n int) { produce(r, s, n, func(msg int) { in <- msg }) }
}

func tellSlice(r *harness.Run, producers int) harness.Job {
	box, s := subjects.NewSlicebox[int](), newStream(producers)
	go box.Serve(s.handle)
	r.Cleanup(box.Close)
	return func(n int) { produce(r, s, n, box.Push) }
}

func tellTroupe(r *harness.Run, sys *core.System, producers int) (harness.Job, func() int) {
	s, ctx := newStream(producers), context.Background()
	ref := spawn(r, sys, &streamActor{stream: s})
	return func(n int) {
		produce(r, s, n, func(msg int) { mustTell(ctx, ref, msg) })
	}, s.all
}

func tellPeer(r *harness.Run, stage subjects.Stage[int], producers int) harness.Job {
	ref, s := streamOn(stage, producers)
	return func(n int) { produce(r, s, n, func(msg int) { stage.Tell(ref, msg) }) }
}
