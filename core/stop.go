package core

// notClaimed is the depth of a request to stop that does not want the turn.
const notClaimed = ^uint64(0)

// requestStop marks how far the actor is to serve, and returns the outcome of
// its end, or nil if the actor is dead. A caller that could run the turn if
// nobody else does gives its depth: if claimed is true it has the turn, and
// must run it; it then holds the lock, and w is the word.
func (a *actor) requestStop(depth uint64) (o *outcome, w uint64, claimed bool) {
	x := a.extra()
	w = a.lock()
	if w&closed != 0 {
		a.unlock(w)
		return nil, 0, false
	}
	if x.stop == nil {
		x.stop = &outcome{to: a}
	}
	o = x.stop
	w = a.markStop(x, w)
	switch {
	case w&running == 0 && depth != notClaimed:
		return o, w&^depthMask | running | depth<<depthShift, true
	case w&(queued|running) == 0:
		a.unlock(w | queued)
		a.waker.Wake(nil)
	default:
		a.unlock(w)
	}
	return o, 0, false
}

// stopSelf is a request of the actor's own turn, which nobody waits for.
func (a *actor) stopSelf() {
	x := a.extra()
	a.unlock(a.markStop(x, a.lock()))
}

// markStop makes the first request to stop come after everything that has
// been accepted, under the lock. It takes the word and returns the next.
func (a *actor) markStop(x *extra, w uint64) uint64 {
	if w&stopping == 0 {
		x.stopAt = a.pushed
	}
	return w | stopping | work
}
