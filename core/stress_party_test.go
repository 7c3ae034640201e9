package core_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/troupe-go/troupe/core"
)

// A party is whoever acts at the moment: a driver, which is no actor, the
// turn of an actor, or a goroutine that a handler has started.
type party struct {
	w      *world
	rng    *rand.Rand
	out    *ledger
	ctx    context.Context // its own
	self   *stressActor    // nil for a driver
	beside bool            // the turn of self, and may not wait for ever
	hops   int
	seen   error // the last error that it met
}

// step does one thing at random.
func (p *party) step() {
	to := p.target()
	n := p.rng.IntN(100)
	switch {
	case to == nil || n < 4:
		p.spawn()
	case n < 34:
		p.tell(to)
	case n < 49:
		p.ask(to)
	case n < 72:
		p.call(to)
	case n < 76:
		p.stop(to)
	case n < 78:
		p.out.stops = append(p.out.stops, to.ref.AskStop())
	case n < 84:
		p.combine()
	case n < 89:
		p.promise()
	case n < 92:
		p.block()
	case n < 97:
		p.startBeside()
	case n < 98 && p.self == nil && !p.beside && p.rng.IntN(4) == 0:
		p.w.replace(p.rng)
	case n < 99 && p.self != nil && p.w.deadly:
		p.shutdownFromInside()
	}
}

// target is one of the newest actors. In an acyclic world a turn gets only
// those that are younger than its own actor.
func (p *party) target() *stressActor {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	n := len(p.w.actors)
	oldest := max(0, n-16)
	if p.w.acyclic && p.self != nil && !p.beside {
		oldest = max(oldest, p.self.index+1)
	}
	if oldest >= n {
		return nil
	}
	return p.w.actors[oldest+p.rng.IntN(n-oldest)]
}

// within is a context to wait with, and whether it may end.
func (p *party) within() (ctx context.Context, mayEnd bool, cancel context.CancelFunc) {
	soon := time.Duration(p.rng.IntN(300)) * time.Microsecond
	n := p.rng.IntN(10)
	switch {
	case p.beside:
		ctx, cancel = context.WithTimeout(p.ctx, 10*soon)
		return ctx, true, cancel
	case n < 6:
		return p.ctx, p.self != nil && p.w.deadly, func() {}
	case n < 8:
		ctx, cancel = context.WithTimeout(p.ctx, soon)
		return ctx, true, cancel
	case n < 9:
		ctx, cancel = context.WithTimeout(p.ctx, time.Hour)
		return ctx, p.self != nil && p.w.deadly, cancel
	}
	ctx, cancel = context.WithCancel(p.ctx)
	cancel()
	return ctx, true, cancel
}

// saw checks the error of a wait. A ring is found only where there is one,
// and a context ends only if it can.
func (p *party) saw(what string, err error, mayEnd bool) {
	if err == nil {
		return
	}
	p.seen = err
	var fromHandler *stressError
	if errors.As(err, &fromHandler) {
		return
	}
	if errors.Is(err, core.ErrDeadlock) && (p.self == nil || p.beside || p.w.acyclic) {
		p.w.t.Errorf("%s = %v, where no ring can be", what, err)
	}
	if isContextError(err) && !mayEnd {
		p.w.t.Errorf("%s = %v, with a context that cannot end", what, err)
	}
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (p *party) letter(t *track) letter {
	hops := p.hops - 1
	if p.self == nil {
		hops = p.rng.IntN(4)
	}
	return letter{t, hops, p.rng.Uint64()}
}

func (p *party) tell(to *stressActor) {
	ctx, mayEnd, cancel := p.within()
	defer cancel()
	asInvoke := p.rng.IntN(6) == 0
	t := p.track(to, told, asInvoke)
	l := p.letter(t)
	switch {
	case asInvoke:
		t.err = to.ref.Any().Tell(ctx, l.invoke())
	case p.rng.IntN(4) == 0:
		t.err = to.ref.Any().Tell(ctx, l)
	default:
		t.err = to.ref.Tell(ctx, l)
	}
	p.finish(t)
	p.saw("Tell", t.err, mayEnd)
}

// ask asks and, perhaps, gets. The ledger keeps the future.
func (p *party) ask(to *stressActor) {
	t, f, mayEnd := p.send(to)
	if p.rng.IntN(3) == 0 {
		return
	}
	ctx, mayEndToo, cancel := p.within()
	defer cancel()
	v, err := f.Get(ctx)
	if err == nil && v != any(t.id) {
		p.w.t.Errorf("Get = %v, want %d", v, t.id)
	}
	p.saw("Get", err, mayEnd || mayEndToo)
}

func (p *party) send(to *stressActor) (t *track, f core.Future[any], mayEnd bool) {
	ctx, mayEnd, cancel := p.within()
	defer cancel()
	asInvoke := p.rng.IntN(6) == 0
	t = p.track(to, asked, asInvoke)
	l := p.letter(t)
	if asInvoke {
		f = to.ref.Any().Ask(ctx, l.invoke())
	} else {
		f = to.ref.Ask(ctx, l)
	}
	t.future = f
	p.finish(t)
	return t, f, mayEnd
}

func (p *party) call(to *stressActor) {
	ctx, mayEnd, cancel := p.within()
	defer cancel()
	asInvoke := p.rng.IntN(6) == 0
	t := p.track(to, called, asInvoke)
	l := p.letter(t)
	switch {
	case asInvoke:
		t.reply, t.err = to.ref.Any().Call(ctx, l.invoke())
	case p.rng.IntN(4) == 0:
		t.reply, t.err = to.ref.Any().Call(ctx, l)
	default:
		t.reply, t.err = to.ref.Call(ctx, l)
	}
	p.finish(t)
	p.saw("Call", t.err, mayEnd)
}

func (p *party) stop(to *stressActor) {
	if p.rng.IntN(3) > 0 && to.dones.Load() == 0 {
		return // or nobody lives long
	}
	ctx, mayEnd, cancel := p.within()
	defer cancel()
	stopped, err := to.ref.Stop(ctx)
	p.saw("Stop", err, mayEnd)
	if err == nil && to.ref.Alive() {
		p.w.t.Error("an actor is alive after Stop has returned")
	}
	if stopped && to.busy.Load() != 0 {
		p.w.t.Error("a handler or hook runs after Stop has returned")
	}
}
