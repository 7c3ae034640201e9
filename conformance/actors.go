package conformance

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// A job is a message that says itself what to do with it, so that a rule has
// in one place what happens in which actor.
type job func(ctx context.Context) (any, error)

// A crew is a system of actors that do jobs on the runtime that is checked.
type crew struct {
	*core.System
	t   *trial
	tap *tap
}

// A tap is a runtime that shows the Waker it gave out last.
type tap struct {
	rt   core.Runtime
	mu   sync.Mutex
	last core.Waker
}

// Attach implements core.Runtime.
func (t *tap) Attach(l core.Loop) (core.Waker, error) {
	w, err := t.rt.Attach(l)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = w
	return w, err
}

// A hand is an actor of a crew, and its place on the runtime.
type hand struct {
	core.Ref[job]
	waker core.Waker
}

// crew makes a system on rt, which is shut down when the rule is over. It
// does not close rt.
func (t *trial) crew(rt core.Runtime) *crew {
	tap := &tap{rt: rt}
	sys := core.NewSystem(tap, core.WithLogger(slog.New(slog.DiscardHandler)))
	t.Cleanup(func() {
		t.tidy(func(ctx context.Context) { _ = sys.Shutdown(ctx) })
	})
	return &crew{sys, t, tap}
}

// spawn spawns an actor that does jobs.
func (c *crew) spawn(opts ...core.Option) hand {
	h, err := c.trySpawn(opts...)
	if err != nil {
		c.t.refuse("Spawn", err)
	}
	return h
}

func (c *crew) trySpawn(opts ...core.Option) (hand, error) {
	ref, err := core.Spawn(c.System, core.Func(func(ctx context.Context, j job) (any, error) { return j(ctx) }), opts...)
	c.tap.mu.Lock()
	defer c.tap.mu.Unlock()
	return hand{ref, c.tap.last}, err
}

// spawnMany spawns n actors, or as many as the runtime takes.
func (c *crew) spawnMany(n int) []hand {
	hands := []hand{c.spawn()}
	for range c.t.places(hands[0].waker, n-1) {
		h, err := c.trySpawn()
		if err != nil {
			break
		}
		hands = append(hands, h)
	}
	return hands
}

// do has the actor do j and waits for it, within the rule's time.
func (c *crew) do(h hand, what string, j job) any {
	v, err := h.Ask(c.t.ctx, j).Get(c.t.ctx)
	switch {
	case err != nil && c.t.ctx.Err() != nil:
		c.t.timeUp("%s", what)
	case err != nil:
		c.t.fatalf("%s = %v, want no error", what, err)
	}
	return v
}

// tell has the actor do j some time.
func (c *crew) tell(h hand, j func(ctx context.Context)) {
	err := h.Tell(c.t.ctx, func(ctx context.Context) (any, error) { j(ctx); return nil, nil })
	if err != nil {
		c.t.fatalf("Tell = %v, want no error", err)
	}
}

// answers checks that the actor does a job.
func (c *crew) answers(h hand, what string, args ...any) {
	done := make(chan struct{})
	c.tell(h, func(context.Context) { close(done) })
	await(c.t, done, what, args...)
}

// somebodyWaits reports whether an actor of the crew waits for another.
func (c *crew) somebodyWaits() bool {
	var all strings.Builder
	_ = c.Dump(&all)
	return strings.Contains(all.String(), " waits ")
}

// parker is what the actor's turns wait with, if the runtime has such.
func (c *crew) parker(h hand) core.Parker {
	p, ok := h.waker.(core.Parker)
	if !ok {
		c.t.lacks("Parker")
	}
	return p
}
