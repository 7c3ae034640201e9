package core

import "log/slog"

// finish ends the actor, in this order: it is found no more and takes no
// more; its hook runs; its context is over and its name free; requests to
// stop are answered; what is left in the inbox is drained; a fatal error is
// one of the system's; Done is closed; after a fatal error the system is shut
// down.
//
// Code of the user's that panics, or ends the goroutine, makes it be called
// again, perhaps in another turn. It goes on behind the hook, and every step
// is harmless when repeated.
func (t *turn[M]) finish() {
	c := t.c
	x := c.extra()
	if c.phase == ending {
		c.shut(x)
		c.phase = hooked
		t.runHook(x)
	}
	c.endLife(nil)
	c.kind.sys.freeName(&c.actor)
	c.answerStop(x)
	t.drain()
	c.value = nil
	if c.phase == hooked {
		if x.exit.fatal {
			c.kind.sys.addFatal(x.exit.err)
		}
		c.kind.sys.remove(&c.actor)
		c.phase = gone
	}
	c.announceEnd(x)
	if x.exit.fatal {
		c.kind.sys.fail()
	}
	if !t.conclude() {
		c.waker.Wake(nil)
	}
}

// shut closes the inbox: from here on nothing gets in.
func (a *actor) shut(x *extra) {
	if a.kind.sys.unlist(a) {
		a.log(slog.LevelDebug, "actor unregistered")
	}
	w := a.lock()
	a.unlock(w | closed)
	if x.exit.hook == stopHook {
		a.log(slog.LevelDebug, "actor stopped")
	}
}

func (t *turn[M]) runHook(x *extra) {
	t.user = true
	ctx, held := &t.c.actor, t.c.held()
	switch x.exit.hook {
	case stopHook:
		if s, ok := held.(Stopper); ok {
			err := s.OnStop(ctx)
			t.user = false
			t.hookFailed(err)
		}
	case failureHook:
		if h, ok := held.(FailureHandler); ok {
			h.OnFailure(ctx, x.exit.err)
		}
	}
	t.user = false
}

// hookFailed takes note of the error of OnStop, or of a panic of either hook.
func (t *turn[M]) hookFailed(err error) {
	if err == nil {
		return
	}
	x := t.c.extra()
	t.c.logError("hook of an ending actor failed", err)
	if isFatal(err) && !x.exit.fatal {
		x.exit.err, x.exit.fatal = forAsker(err), true
	}
}

// answerStop answers every request to stop. None comes in any more.
func (a *actor) answerStop(x *extra) {
	if x.stop != nil {
		x.stop.resolve(true, nil)
	}
}

// drain gives everything that was not handled its outcome, in order.
func (t *turn[M]) drain() {
	c := t.c
	for {
		for t.batch.n > 0 {
			c.discard(t.batch.read(), &deadError{&c.actor, true})
		}
		var seats []*seat[M]
		w := c.lock()
		drained := c.commit(&t.batch)
		if c.traits.has(boxTrait) {
			seats = t.drainBox(w)
		} else {
			c.take(&t.batch, int(c.left))
		}
		n := t.batch.n
		c.unlock(w)
		c.recycle(drained)
		unparkSeats(seats)
		if n == 0 {
			c.failLost()
			return
		}
	}
}

// conclude is the last transition of the state. It reports whether this turn
// is the one that returns Ended; else the runtime has one more to call.
func (t *turn[M]) conclude() (own bool) {
	c := t.c
	w := c.lock()
	w = w&^(running|work|stopping|booting|depthMask) | ended
	own = t.own
	switch {
	case own:
		t.status = Ended
		w |= reported
		w &^= queued
	case w&queued != 0:
		own = true // the Turn that answers that Wake returns Ended
	default:
		w |= queued
	}
	c.unlock(w)
	return own
}

// announceEnd closes Done and calls what OnDone left.
func (a *actor) announceEnd(x *extra) {
	for f := x.announce(); f != nil; f = x.announce() {
		a.guard("OnDone", func() { (*f)(x.exit.err) })
	}
}

// announce closes Done, the first time, and returns the next of what OnDone
// left, or nil.
func (x *extra) announce() (f *func(error)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.over && x.done != nil {
		close(x.done)
	}
	x.over = true
	if len(x.onDone) > 0 {
		f, x.onDone = x.onDone[0], x.onDone[1:]
	}
	return f
}
