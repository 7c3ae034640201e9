package core

// A DeadLetter is a message that was accepted and not handled.
type DeadLetter struct {
	To     Ref[any]
	Msg    any
	Reason error // ErrDead or ErrInboxFull, found by errors.Is
}

// discard is the end of a message that is not to be handled, and of the
// asker's wait for it.
func (c *cell[M]) discard(e Envelope[M], reason error) {
	if e.o != nil && !e.o.told() {
		c.kind.sys.dead.Add(1)
		e.o.resolve(nil, reason)
		return
	}
	c.deadLetter(e, reason)
}

// deadLetter counts a message and shows it to the system's hook.
func (c *cell[M]) deadLetter(e Envelope[M], reason error) {
	sys := c.kind.sys
	sys.dead.Add(1)
	if sys.deadLetters == nil || insideHook() {
		return
	}
	d := DeadLetter{To: Ref[any]{a: &c.actor}, Msg: e.content(), Reason: reason}
	c.guard("dead-letter hook", func() { callHook(sys.deadLetters, d) })
}

// content is the message or the function that e carries.
func (e Envelope[M]) content() any {
	if e.carriesFunc() {
		return e.o.request.f
	}
	return e.Msg
}

// callHook is a frame that insideHook can find on the stack.
//
//go:noinline
func callHook(hook func(DeadLetter), d DeadLetter) { hook(d) }

// insideHook reports whether this goroutine is in a dead-letter hook, whose
// own dead letters would otherwise come back to it for ever.
func insideHook() bool {
	return onStack(func(name string) bool { return name == pkgPath+".callHook" }) > 0
}
