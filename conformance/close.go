package conformance

import (
	"context"
	"errors"
	"time"

	"github.com/troupe-go/troupe/core"
)

var closeRules = []check{
	must("close/returns", "Close returns nil once every attached actor has ended.", closeReturns),
	must("close/waits-for-actors", "Close does not return before every attached actor has ended.", closeWaitsForActors),
	must("close/keeps-its-deadline", "Close returns the cause of its context, and soon, when that ends first.", closeKeepsItsDeadline),
	must("close/serves-on", "A Close that ran out of time leaves the runtime at work for the actors that it has.", closeServesOn),
	must("close/ends-by-itself", "What a Close that ran out of time leaves running ends with the last actor, without another Close.", closeEndsByItself),
	must("close/again", "Close may be called again, while another waits too, and waits again.", closeAgain),
	must("close/refuses-actors", "From the first Close on, Attach returns ErrRuntimeClosed.", closeRefusesActors),
	must("close/leaves-no-goroutine", "When Close has returned nil no goroutine of the runtime is left.", closeLeavesNoGoroutine),
}

// closer is the runtime as a Closer.
func (t *trial) closer(rt core.Runtime) core.Closer {
	c, ok := rt.(core.Closer)
	if !ok {
		t.lacks("Closer")
	}
	return c
}

var errHurry = errors.New("the suite is in a hurry")

// hurry is a context for a Close that is to give up.
func hurry() (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.Background(), 20*time.Millisecond, errHurry)
}

// closeInVain closes the runtime of an actor that has not ended, and checks
// that Close gives up.
func (t *trial) closeInVain(c core.Closer) error {
	ctx, cancel := hurry()
	defer cancel()
	var err error
	t.returns(func() { err = c.Close(ctx) }, "the return of Close at the end of its context")
	return err
}

func (t *trial) mustClose(c core.Closer) {
	var err error
	t.returns(func() { err = c.Close(t.ctx) }, "the return of Close once every actor has ended")
	if err != nil {
		t.fatalf("Close once every actor has ended = %v, want nil", err)
	}
}

func closeReturns(t *trial) {
	rt := t.runtime()
	c := t.closer(rt)
	loops := t.attachMany(rt, 8, nil)
	for _, l := range loops {
		l.poke("the Turn of a woken actor")
		l.mustEnd()
	}
	t.mustClose(c)
}

func closeWaitsForActors(t *trial) {
	rt := t.runtime()
	c := t.closer(rt)
	idle := t.attach(rt, nil)
	idle.poke("the Turn of a woken actor")
	t.attach(rt, nil).mustEnd()
	if t.closeInVain(c) == nil {
		t.Errorf("Close = nil with an actor that has not ended, want it to wait")
	}
	closed := make(chan error, 1)
	t.start(func() { closed <- c.Close(t.ctx) })
	t.quiet()
	select {
	case err := <-closed:
		t.Errorf("Close = %v with an actor that has not ended, want it to wait", err)
	default:
		idle.mustEnd()
		await(t, closed, "the return of Close once every actor has ended")
	}
}

func closeKeepsItsDeadline(t *trial) {
	rt := t.runtime()
	c := t.closer(rt)
	t.attach(rt, nil)
	ctx, cancel := hurry()
	defer cancel()
	var err error
	over := t.start(func() { err = c.Close(ctx) })
	<-ctx.Done()
	select {
	case <-over:
	case <-countdown(t.ctx, t.grace).Done():
		t.fatalf("the return of Close did not happen within %v of the end of its context\n%s", t.grace, t.goroutines())
	}
	if err != nil && !errors.Is(err, errHurry) {
		t.Errorf("Close when its context ends = %v, want its cause, %v", err, errHurry)
	}
}

func closeServesOn(t *trial) {
	rt := t.runtime()
	c := t.closer(rt)
	loops := t.attachMany(rt, 4, nil)
	_ = t.closeInVain(c)
	for _, l := range loops {
		l.poke("the Turn of an actor after a Close that ran out of time")
	}
}

func closeAgain(t *trial) {
	rt := t.runtime()
	c := t.closer(rt)
	l := t.attach(rt, nil)
	for i := range 3 {
		if err := t.closeInVain(c); err == nil {
			t.Errorf("Close number %d with an actor that has not ended = nil, want the cause of its context", i+1)
		}
	}
	closed := t.closeTwice(c)
	l.mustEnd()
	for range 2 {
		if err := await(t, closed, "the return of two Closes at once, once every actor has ended"); err != nil {
			t.Errorf("one of two Closes at once = %v, want nil", err)
		}
	}
	t.mustClose(c)
}

// closeTwice has two goroutines call Close, and lets them get to wait there.
func (t *trial) closeTwice(c core.Closer) (closed <-chan error) {
	begun, ended := make(chan struct{}), make(chan error, 2)
	for range 2 {
		t.start(func() {
			begun <- struct{}{}
			ended <- c.Close(t.ctx)
		})
		await(t, begun, "the start of a goroutine")
	}
	t.quiet()
	return ended
}

func closeRefusesActors(t *trial) {
	rt := t.runtime()
	c := t.closer(rt)
	l := t.attach(rt, nil)
	_ = t.closeInVain(c)
	if _, err := t.tryAttach(rt, nil); !errors.Is(err, core.ErrRuntimeClosed) {
		t.Errorf("Attach after Close began = %v, want %v", err, core.ErrRuntimeClosed)
	}
	l.mustEnd()
	_ = c.Close(t.ctx)
	if _, err := t.tryAttach(rt, nil); !errors.Is(err, core.ErrRuntimeClosed) {
		t.Errorf("Attach after Close = %v, want %v", err, core.ErrRuntimeClosed)
	}
}

func closeLeavesNoGoroutine(t *trial) {
	rt := t.runtime()
	c := t.closer(rt)
	before := t.countGoroutines()
	crew := t.crew(rt)
	for _, h := range crew.spawnMany(16) {
		crew.do(h, "a job that waits", func(ctx context.Context) (any, error) { return nil, t.waitABit(ctx) })
	}
	_ = crew.Shutdown(t.ctx)
	t.mustClose(c)
	t.awaitGoroutines(min(before, 1), "after Close")
}

func closeEndsByItself(t *trial) {
	rt := t.runtime()
	c := t.closer(rt)
	before := t.countGoroutines()
	loops := t.attachMany(rt, 4, nil)
	for _, l := range loops {
		l.poke("the Turn of a woken actor")
	}
	_ = t.closeInVain(c)
	for _, l := range loops {
		l.mustEnd()
	}
	t.awaitGoroutines(min(before, 1), "after a Close that ran out of time, and the end of every actor")
}

// awaitGoroutines waits until the trial has no more than n goroutines. They
// end without an event that could be waited for.
func (t *trial) awaitGoroutines(n int, when string) {
	if !t.until(func() bool { return t.countGoroutines() <= n }) {
		t.Errorf("%d goroutines are left %s, want none\n%s", t.countGoroutines()-1, when, t.goroutines())
	}
}
