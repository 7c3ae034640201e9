package conformance

import (
	"context"
	"errors"

	"github.com/troupe-go/troupe/core"
)

var waitRules = []check{
	must("wait/gives-its-place", "A turn that waits lets other actors run: however many wait, the actor that they wait for runs.", waitGivesItsPlace),
	must("wait/many-on-one-future", "Any number of actors may wait for one future, and all go on when it is there.", waitManyOnOneFuture),
	must("wait/deep-chain", "A chain of calls hundreds of actors deep comes to its end.", waitDeepChain),
	must("wait/ends-from-outside", "A wait may be ended by a goroutine that is no actor's, while nothing else goes on.", waitEndsFromOutside),
	must("wait/comes-back", "However often turns wait, afterwards as many actors run as before.", waitComesBack),
	must("wait/beside-the-turn", "A goroutine that a handler started may wait with the handler's context while the turn runs on and ends.", waitBesideTheTurn),
	must("wait/two-at-once", "A turn and a goroutine that it started may wait at the same time, and each goes on when its own wait ends.", waitTwoAtOnce),
	must("wait/ring", "A ring of actors that wait for each other fails with ErrDeadlock in one of them, and the others go on.", waitRing),
}

func waitGivesItsPlace(t *trial)   { manyWait(t, 2*crowd) }
func waitManyOnOneFuture(t *trial) { manyWait(t, 400) }

// manyWait has n actors wait for what one more does, which is idle till then.
func manyWait(t *trial, n int) {
	c := t.crew(t.runtime())
	last := c.spawn()
	c.answers(last, "the first job")
	var p core.Promise[int]
	waiting := make(chan struct{}, n)
	waiters := c.spawnMany(n)
	for _, h := range waiters {
		c.tell(h, func(ctx context.Context) {
			waiting <- struct{}{}
			_, _ = p.Future().Get(ctx)
		})
	}
	for i := range waiters {
		await(t, waiting, "the wait of actor %d of %d for one future", i+1, len(waiters))
	}
	c.do(last, "a job beside actors that wait for it", func(context.Context) (any, error) { return nil, p.Resolve(1) })
	for i, h := range waiters {
		c.answers(h, "a job of actor %d of %d after the future was there", i+1, len(waiters))
	}
}

func waitDeepChain(t *trial) {
	c := t.crew(t.runtime())
	hands := c.spawnMany(300)
	got := c.do(hands[0], "a chain of calls", chain(hands[1:]))
	if got != len(hands) {
		t.Errorf("a chain of %d calls = %v, want %d", len(hands), got, len(hands))
	}
}

// chain is a job that has the next of hands do the rest of the chain, and
// counts.
func chain(hands []hand) job {
	return func(ctx context.Context) (any, error) {
		if len(hands) == 0 {
			return 1, nil
		}
		n, err := core.As[int](hands[0].Call(ctx, chain(hands[1:])))
		return n + 1, err
	}
}

func waitEndsFromOutside(t *trial) {
	c := t.crew(t.runtime())
	h := c.spawn()
	for range 3 {
		var p core.Promise[int]
		about := make(chan struct{})
		f := h.Ask(t.ctx, func(ctx context.Context) (any, error) {
			close(about)
			return p.Future().Get(ctx)
		})
		await(t, about, "the start of a turn that waits")
		for range 3 { // it has to be quiet for long
			t.quiet()
		}
		_ = p.Resolve(7)
		if got, err := f.Get(t.ctx); got != 7 || err != nil {
			t.fatalf("a wait that a goroutine ended = %v, %v; want 7, nil\n%s", got, err, t.goroutines())
		}
	}
}

func waitComesBack(t *trial) {
	c := t.crew(t.runtime())
	hands := c.spawnMany(4)
	for _, h := range hands {
		c.tell(h, func(ctx context.Context) {
			for range t.upTo(300, 1250) {
				_ = t.waitABit(ctx)
			}
		})
	}
	for range 3 {
		for _, h := range hands {
			c.answers(h, "a job after 1200 waits or more of %d actors", len(hands))
		}
	}
}

func waitBesideTheTurn(t *trial) {
	c := t.crew(t.runtime())
	h, other := c.spawn(), c.spawn()
	var p core.Promise[int]
	waited := make(chan error, 1)
	about := make(chan struct{})
	c.tell(h, func(ctx context.Context) {
		t.start(func() {
			close(about)
			_, err := p.Future().Get(ctx)
			waited <- err
		})
	})
	await(t, about, "the start of a goroutine by a handler")
	t.quiet()
	for range 3 {
		c.answers(h, "a job of an actor while a goroutine waits with its context")
		c.answers(other, "a job of another actor while a goroutine waits beside a turn")
	}
	_ = p.Resolve(1)
	if err := await(t, waited, "the end of a wait beside the turn"); err != nil {
		t.Errorf("a wait beside the turn = %v, want no error", err)
	}
	c.answers(h, "a job after a wait beside the turn")
}

func waitTwoAtOnce(t *trial) {
	c := t.crew(t.runtime())
	h := c.spawn()
	var turns, besides core.Promise[int]
	beside := make(chan error, 1)
	about := make(chan struct{}, 2)
	f := h.Ask(t.ctx, func(ctx context.Context) (any, error) {
		t.start(func() {
			about <- struct{}{}
			_, err := besides.Future().Get(ctx)
			beside <- err
		})
		about <- struct{}{}
		return turns.Future().Get(ctx)
	})
	for range 2 {
		await(t, about, "the start of a turn that waits, and of a goroutine beside it")
	}
	t.quiet()
	_ = besides.Resolve(1)
	if err := await(t, beside, "the end of the wait beside a turn that waits too"); err != nil {
		t.Errorf("the wait beside the turn = %v, want no error", err)
	}
	_ = turns.Resolve(2)
	if got, err := f.Get(t.ctx); got != 2 || err != nil {
		t.fatalf("the wait of the turn = %v, %v; want 2, nil\n%s", got, err, t.goroutines())
	}
}

func waitRing(t *trial) {
	c := t.crew(t.runtime())
	a, b := c.spawn(), c.spawn()
	pass, open := t.gate()
	call := func(from, to hand, first func()) core.Future[any] {
		return from.Ask(t.ctx, func(ctx context.Context) (any, error) {
			core.Blocking(ctx, first)
			return to.Call(ctx, func(context.Context) (any, error) { return nil, nil })
		})
	}
	busy := make(chan struct{})
	other := call(b, a, func() { close(busy); <-pass })
	await(t, busy, "the start of a turn") // or a, which calls it, runs it itself
	one := call(a, b, func() {})
	t.eventually(c.somebodyWaits, "the wait of an actor for another that is busy")
	t.quiet() // until it has parked: then it is woken for the verdict, and parks again
	open()
	_, err := one.Get(t.ctx)
	_, err2 := other.Get(t.ctx)
	if t.ctx.Err() != nil {
		t.timeUp("the end of a ring of two actors")
	}
	if errors.Is(err, core.ErrDeadlock) == errors.Is(err2, core.ErrDeadlock) {
		t.Errorf("the calls of a ring of two actors = %v and %v; want one %v", err, err2, core.ErrDeadlock)
	}
}
