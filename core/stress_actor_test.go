package core_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"

	"github.com/troupe-go/troupe/core"
)

// A letter is what actors are sent: a track to leave marks on, and a seed for
// what its handler is to do.
type letter struct {
	*track
	hops int // how far letters may lead to further letters
	plan uint64
}

// A stressActor does what letters say, and notices what it should not see.
type stressActor struct {
	w     *world
	sys   *stressSystem
	index int
	ref   core.Ref[letter]
	plan  uint64 // for its hooks

	boxed    bool // its inbox is not the unbounded queue
	policy   core.Policy
	bounded  bool
	priority bool
	refused  bool // Spawn returned an error

	busy  atomic.Int32
	dones atomic.Int32

	// What follows is touched only in turns, without a lock, so that the race
	// detector sees turns that overlap.
	out      *ledger
	last     map[lane]uint64
	newest   uint64 // the latest begin of all that was handled
	starts   int
	stops    int
	failures int
	noStart  bool // OnStart has failed
}

// A lane is what is first in, first out in any inbox.
type lane struct {
	from *ledger
	rank int
}

// enter marks the actor busy until the function that it returns is called.
func (a *stressActor) enter(what string) (leave func()) {
	a.w.active.Add(1)
	if !a.busy.CompareAndSwap(0, 1) {
		a.w.t.Errorf("%s began while another handler or hook of the actor ran", what)
	}
	return func() {
		a.busy.Store(0)
		a.w.active.Add(-1)
	}
}

func (a *stressActor) party(ctx context.Context, plan uint64) *party {
	return &party{w: a.w, rng: rand.New(rand.NewPCG(plan, 3)), out: a.out, ctx: ctx, self: a}
}

func (a *stressActor) Receive(ctx context.Context, l letter) (any, error) { return a.handle(ctx, l) }

func (a *stressActor) handle(ctx context.Context, l letter) (any, error) {
	defer a.enter("a handler")()
	if n := l.handled.Add(1); n > 1 {
		a.w.t.Errorf("%v was handled %d times", l.track, n)
	}
	l.began.Store(a.w.clock.Add(1))
	a.sys.handled.Add(1)
	a.checkOrder(l)
	a.checkPlace(ctx, l)
	return a.obey(ctx, l)
}

// checkOrder looks for a message that came late: whose send had returned
// before that of one handled earlier began, or that its sender sent earlier.
func (a *stressActor) checkOrder(l letter) {
	at := lane{from: l.from}
	if a.priority {
		at.rank = l.rank
	} else {
		if end := l.end.Load(); end != 0 && end < a.newest {
			a.w.t.Errorf("%v was handled after a message that was sent later", l.track)
		}
		a.newest = max(a.newest, l.begin)
	}
	if l.seq <= a.last[at] {
		a.w.t.Errorf("%v was handled after number %d of the same sender", l.track, a.last[at])
	}
	a.last[at] = l.seq
}

func (a *stressActor) checkPlace(ctx context.Context, l letter) {
	switch {
	case l.to != a:
		a.w.t.Errorf("%v reached another actor", l.track)
	case a.starts != 1 || a.noStart || a.stops+a.failures > 0:
		a.w.t.Errorf("%v was handled outside the actor's life", l.track)
	case ctx.Err() != nil && !a.w.deadly:
		a.w.t.Errorf("the context of a living actor is over: %v", ctx.Err())
	case core.Self[letter](ctx) != a.ref:
		a.w.t.Errorf("Self = %v, want %v", core.Self[letter](ctx), a.ref)
	}
}

// obey does what the letter says.
func (a *stressActor) obey(ctx context.Context, l letter) (any, error) {
	p := a.party(ctx, l.plan)
	p.hops = l.hops
	if l.hops > 0 {
		for range p.rng.IntN(3) {
			p.step()
		}
	}
	fail := &stressError{l.id, p.seen}
	switch n := p.rng.IntN(1000); {
	case n < 60:
		return nil, fail
	case n < 90:
		panic(fail)
	case n < 120:
		return l.id, core.ErrStop
	case n < 150:
		return nil, core.ErrUnhandled
	case n < 160 && a.w.deadly:
		return nil, core.Fatal(fail)
	case n < 170 && a.w.deadly:
		runtime.Goexit()
	}
	return l.id, nil
}

// OnStart implements core.Starter.
func (a *stressActor) OnStart(ctx context.Context) error {
	defer a.enter("OnStart")()
	a.starts++
	a.noStart = true // until it returns
	p := a.party(ctx, a.plan)
	if p.rng.IntN(4) == 0 {
		p.step()
	}
	n := p.rng.IntN(40)
	switch n {
	case 0:
		return &stressError{}
	case 1:
		panic(&stressError{})
	}
	a.noStart = false
	if n == 2 {
		return core.ErrStop
	}
	return nil
}

// OnStop implements core.Stopper.
func (a *stressActor) OnStop(ctx context.Context) error {
	defer a.enter("OnStop")()
	a.stops++
	a.checkDead()
	p := a.party(ctx, a.plan+1)
	if p.rng.IntN(4) == 0 {
		p.step()
	}
	switch n := p.rng.IntN(40); {
	case n < 2:
		return &stressError{}
	case n < 4:
		panic(&stressError{})
	case n == 4 && a.w.deadly:
		return core.Fatal(&stressError{})
	case n == 5 && a.w.deadly:
		runtime.Goexit()
	}
	return nil
}

// OnFailure implements core.FailureHandler.
func (a *stressActor) OnFailure(ctx context.Context, err error) {
	defer a.enter("OnFailure")()
	a.failures++
	a.checkDead()
	if err == nil {
		a.w.t.Error("OnFailure(nil)")
	}
	p := a.party(ctx, a.plan+2)
	switch p.rng.IntN(8) {
	case 0:
		p.step()
	case 1:
		panic(&stressError{})
	}
}

func (a *stressActor) checkDead() {
	if a.ref.Alive() {
		a.w.t.Error("an actor is alive in its last hook")
	}
}

// stressError is how handlers fail: with the letter's id, and what they had
// seen go wrong themselves.
type stressError struct {
	id    uint64
	cause error
}

func (e *stressError) Error() string { return fmt.Sprintf("letter %d failed: %v", e.id, e.cause) }
func (e *stressError) Unwrap() error { return e.cause }
