package scenarios

import (
	"context"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

func init() {
	register(harness.Scenario{
		Name:      "tell-256",
		Group:     load,
		Op:        "1 producer, 1 actor, a struct of 256 bytes: a message",
		Reference: "go/chan",
		Bodies: with(
			bodies{"go/chan": wideChan, "go/slice": wideSlice},
			onTroupe(wideTroupe, "troupe/goroutine", "troupe/pool", "troupe/locked"),
			onPeersOf(func(s subjects.Subject) subjects.Stage[subjects.Wide] { return s.Wides() }, widePeer),
		),
	})
}

// wide is a message that has n at both ends.
func wide(n int) (w subjects.Wide) {
	w.N = n
	w.Rest[len(w.Rest)-1] = n
	return w
}

// handleWide counts what has arrived whole.
func (t *tally) handleWide(w subjects.Wide) {
	if w.Rest[len(w.Rest)-1] == w.N {
		t.handle(w.N)
	}
}

func wideChan(r *harness.Run) harness.Job {
	in, t := make(chan subjects.Wide, 1024), newTally()
	go func() {
		for w := range in {
			t.handleWide(w)
		}
	}()
	r.Cleanup(func() { close(in) })
	return func(n int) { produce(r, 1, n, func(msg int) { in <- wide(msg) }, t.report) }
}

func wideSlice(r *harness.Run) harness.Job {
	box, t := subjects.NewSlicebox[subjects.Wide](), newTally()
	go box.Serve(t.handleWide)
	r.Cleanup(box.Close)
	return func(n int) { produce(r, 1, n, func(msg int) { box.Push(wide(msg)) }, t.report) }
}

// A wideMeter is a meter of wide messages.
type wideMeter struct{ meter }

// Receive counts.
func (m *wideMeter) Receive(_ context.Context, w subjects.Wide) (any, error) {
	m.handleWide(w)
	return nil, nil
}

func wideTroupe(r *harness.Run, sys *core.System) harness.Job {
	m := &wideMeter{meter{tally: newTally()}}
	ref, ctx := spawn(r, sys, m), context.Background()
	return func(n int) {
		produce(r, 1, n, func(msg int) { mustTell(ctx, ref, wide(msg)) }, m.report)
	}
}

func widePeer(r *harness.Run, stage subjects.Stage[subjects.Wide]) harness.Job {
	t := newTally()
	ref := stage.Spawn(subjects.Func[subjects.Wide](func(_ subjects.Self[subjects.Wide], w subjects.Wide) { t.handleWide(w) }))
	return func(n int) { produce(r, 1, n, func(msg int) { stage.Tell(ref, wide(msg)) }, t.report) }
}
