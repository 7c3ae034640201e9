package conformance

import (
	"context"
	"log/slog"
	"runtime"
	"weak"

	"github.com/troupe-go/troupe/core"
)

// The rules on an inbox that an actor has.

// A clerk is an actor with the inbox.
type clerk[M any] struct {
	core.Ref[M]
	open func() // lets the first message through
}

// clerk spawns an actor with the inbox, which holds back its first message
// until it is opened.
func (t *tray[M]) clerk() clerk[M] {
	sys := core.NewSystem(plain{t.trial}, core.WithLogger(slog.New(slog.DiscardHandler)))
	t.Cleanup(func() { t.tidy(func(ctx context.Context) { _ = sys.Shutdown(ctx) }) })
	pass, open := t.gate()
	ref, err := core.Spawn(sys, core.Func(func(context.Context, M) (any, error) {
		<-pass
		return true, nil
	}), core.WithInbox(t.make))
	if err != nil {
		t.fatalf("Spawn of an actor with the inbox = %v, want no error", err)
	}
	return clerk[M]{ref, open}
}

func askIsAnswered[M any](t *tray[M]) {
	c := t.clerk()
	var replies []core.Future[any]
	for i := range few {
		replies = append(replies, c.Ask(t.ctx, t.msg(i)))
	}
	c.open()
	for i, f := range replies {
		if v, err := f.Get(t.ctx); v != true || err != nil {
			t.fatalf("Ask number %d of %d = %v, %v; want true, nil", i+1, few, v, err)
		}
	}
}

func askFunctions[M any](t *tray[M]) {
	c := t.clerk()
	var replies []core.Future[any]
	for i := range few {
		_ = c.Tell(t.ctx, t.msg(i))
		replies = append(replies, c.Any().Ask(t.ctx, core.Invoke(func(context.Context, any) (any, error) { return i, nil })))
	}
	c.open()
	for i, f := range replies {
		if v, err := f.Get(t.ctx); v != i || err != nil {
			t.fatalf("a function sent among messages = %v, %v; want %d, nil", v, err, i)
		}
	}
}

func popLetsGo[M any](t *tray[M]) {
	c := t.clerk()
	c.open()
	left := make([]weak.Pointer[[64]byte], few)
	for i := range left {
		left[i] = t.heavy(c)
	}
	t.eventually(func() bool {
		t.heavy(c)
		runtime.GC()
		n := 0
		for _, p := range left {
			if p.Value() != nil {
				n++
			}
		}
		return n <= few/4
	}, "the collection of most of %d messages that were handled", few)
}

// heavy has the actor handle something that can be seen to be collected.
func (t *tray[M]) heavy(c clerk[M]) weak.Pointer[[64]byte] {
	cargo := new([64]byte)
	f := c.Any().Ask(t.ctx, core.Invoke(func(context.Context, any) (any, error) { return cargo[0], nil }))
	if _, err := f.Get(t.ctx); err != nil {
		t.fatalf("a function sent to the actor = %v, want no error", err)
	}
	return weak.Make(cargo)
}
