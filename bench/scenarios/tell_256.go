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
func (s *stream) handleWide(w subjects.Wide) {
	if w.Rest[len(w.Rest)-1] == w.N {
		s.handle(w.N)
	}
}

func wideChan(r *harness.Run) harness.Job {
	in, s := make(chan subjects.Wide, 1024), newStream(1)
	go func() {
		for w := range in {
			s.handleWide(w)
		}
	}()
	r.Cleanup(func() { close(in) })
	return func(n int) { produce(r, s, n, func(msg int) { in <- wide(msg) }) }
}

func wideSlice(r *harness.Run) harness.Job {
	box, s := subjects.NewSlicebox[subjects.Wide](), newStream(1)
	go box.Serve(s.handleWide)
	r.Cleanup(box.Close)
	return func(n int) { produce(r, s, n, func(msg int) { box.Push(wide(msg)) }) }
}

// A wideActor is a streamActor of wide messages.
type wideActor struct {
	meter
	*stream
}

// Receive counts.
func (a *wideActor) Receive(_ context.Context, w subjects.Wide) (any, error) {
	a.handleWide(w)
	return nil, nil
}

func wideTroupe(r *harness.Run, sys *core.System) (harness.Job, func() int) {
	s, ctx := newStream(1), context.Background()
	ref := spawn(r, sys, &wideActor{stream: s})
	return func(n int) {
		produce(r, s, n, func(msg int) { mustTell(ctx, ref, wide(msg)) })
	}, s.all
}

func widePeer(r *harness.Run, stage subjects.Stage[subjects.Wide]) harness.Job {
	s := newStream(1)
	ref := stage.Spawn(subjects.Func[subjects.Wide](func(_ subjects.Self[subjects.Wide], w subjects.Wide) { s.handleWide(w) }))
	return func(n int) { produce(r, s, n, func(msg int) { stage.Tell(ref, wide(msg)) }) }
}
