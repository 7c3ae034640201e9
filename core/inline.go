package core

import "context"

// A caller that would wait for an idle actor may run that actor's turn
// itself, which saves two goroutine switches. It cannot leave a turn at a
// deadline, so it does so only with a context that cannot end, or for an
// actor that promised to be Quick.

// mayRun reports whether a caller with ctx may run the actor's turn, if that
// is idle and its runtime lends it.
func (a *actor) mayRun(ctx context.Context) bool {
	return a.traits.has(quickTrait) || endless(ctx)
}

// lend asks the actor's runtime for a turn on the caller's goroutine, on
// behalf of by. It returns nil for no; else whom to give the turn back to,
// and how deep it is nested.
func (a *actor) lend(by *actor) (in Inliner, depth uint64) {
	if !a.found.has(inlineTrait) {
		return nil, 0
	}
	var waker Waker
	if by != nil {
		waker = by.waker
		if depth = by.depth() + 1; depth > maxDepth {
			return nil, 0
		}
	}
	in = a.waker.(Inliner)
	if !in.Enter(waker) {
		return nil, 0
	}
	return in, depth
}

// endless reports whether ctx cannot end while the caller waits: an actor's
// own ends only after the actor's turn, or to end a shutdown.
func endless(ctx context.Context) bool {
	if _, ok := ctx.(*actor); ok {
		return true
	}
	return ctx.Done() == nil
}

// callIdle runs msg on the caller's goroutine if the actor is idle and may be
// lent.
func (c *cell[M]) callIdle(ctx context.Context, msg M) (value any, err error, ran bool) {
	if !c.mayRun(ctx) || !c.awaitIdle() {
		return nil, nil, false
	}
	if f, ok := functionIn(&msg); ok {
		return c.callFunc(ctx, f)
	}
	return c.callInline(ctx, Envelope[M]{Msg: msg}, nil)
}

// callIdleAny is callIdle for a message whose type is not known to be M.
func (c *cell[M]) callIdleAny(ctx context.Context, msg any) (value any, err error, ran bool) {
	if !c.mayRun(ctx) || !c.awaitIdle() {
		return nil, nil, false
	}
	if f, ok := msg.(Invoke); ok {
		return c.callFunc(ctx, f)
	}
	if m, ok := assert[M](msg); ok {
		return c.callInline(ctx, Envelope[M]{Msg: m}, nil)
	}
	return nil, nil, false
}

func (c *cell[M]) callFunc(ctx context.Context, f Invoke) (value any, err error, ran bool) {
	if f == nil {
		return nil, errNilInvoke, true
	}
	return c.callInline(ctx, Envelope[M]{}, f)
}

func (c *cell[M]) callInline(ctx context.Context, e Envelope[M], f Invoke) (value any, err error, ran bool) {
	by := callerOf(ctx)
	in, depth := c.lend(by)
	if in == nil {
		return nil, nil, false
	}
	defer in.Leave()
	if !c.enter(depth) {
		return nil, nil, false
	}
	c.nest(by)
	var t turn[M] // a literal would be built elsewhere and copied: 8 ns
	t.c, t.self, t.actor, t.budget, t.inline, t.invoke, t.msg = c, &c.actor, c.value, 1, true, f, e
	t.drive()
	return t.value, t.err, true
}

// nest notes on whose stack the turn runs.
func (a *actor) nest(by *actor) {
	if by != nil {
		a.parent.Store(by)
	}
}

// claimFor runs the actor's turn on the goroutine that waits for o, if
// nobody else does and it may be lent.
func (a *actor) claimFor(ctx context.Context, by *actor, o *outcome) {
	if !a.mayRun(ctx) || !a.claimable() {
		return
	}
	in, depth := a.lend(by)
	if in == nil {
		return
	}
	defer in.Leave()
	w, ok := a.claim(depth)
	if !ok {
		return
	}
	a.nest(by)
	a.self.borrow(w, o)
}

// stopFor requests a stop, and if nobody runs the actor and it may be lent
// runs it on the caller's goroutine up to its end. It returns nil if the actor
// is dead.
func (a *actor) stopFor(ctx context.Context, by *actor) *outcome {
	if !a.mayRun(ctx) || !a.free() {
		o, _, _ := a.requestStop(notClaimed)
		return o
	}
	in, depth := a.lend(by)
	if in == nil {
		o, _, _ := a.requestStop(notClaimed)
		return o
	}
	defer in.Leave()
	o, w, claimed := a.requestStop(depth)
	if claimed {
		a.nest(by)
		a.self.borrow(w, o)
	}
	return o
}
