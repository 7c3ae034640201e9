package pool

import (
	"sync/atomic"

	"github.com/troupe-go/troupe/core"
)

// A place is one actor's. A million idle actors are a million of these.
type place struct {
	r    *Runtime
	loop core.Loop
	host atomic.Pointer[host] // nil while nobody runs the actor's turn
}

// A host is where the turn of an actor runs, or is about to be asked for, or
// has just ended. There is one at a time, so that what follows a place to its
// worker finds the right one.
type host struct {
	worker *worker
	again  bool // a worker came meanwhile: the place is to be queued again
}

var (
	_ core.Waker   = (*place)(nil)
	_ core.Parker  = (*place)(nil)
	_ core.Inliner = (*place)(nil)
)

// Wake implements [core.Waker]. The worker that by's turn runs on runs p
// next, if nobody else is to be next.
func (p *place) Wake(by core.Waker) {
	if by, ok := by.(*place); ok && by.r == p.r {
		if w := by.worker(); w != nil && w.next.CompareAndSwap(nil, p) {
			p.r.watch()
			return
		}
	}
	p.r.push(entry{place: p, outside: by == nil})
}

// worker is the one that the turn of p runs on, or nil.
func (p *place) worker() *worker {
	if h := p.host.Load(); h != nil {
		return h.worker
	}
	return nil
}

// occupy makes w the host. It returns false if there is one, who will see to
// it that p is queued again.
func (p *place) occupy(w *worker) bool {
	for {
		h := p.host.Load()
		switch {
		case h == nil:
			if p.host.CompareAndSwap(nil, &w.here) {
				return true
			}
		case h.again || p.host.CompareAndSwap(h, &h.worker.again):
			return false
		}
	}
}

// vacate ends what occupy or Enter began.
func (p *place) vacate() (w *worker, again bool) {
	h := p.host.Swap(nil)
	return h.worker, h.again
}

// Enter implements [core.Inliner]. A caller from outside needs a free slot. A
// caller that is an actor of the same Runtime, and whose turn runs, has one.
// If it only seems to be, because a goroutine beside the turn has its context,
// one more actor runs for a while.
func (p *place) Enter(by core.Waker) bool {
	if p.host.Load() != nil {
		return false
	}
	if by == nil {
		return p.r.admit(p)
	}
	caller, ok := by.(*place)
	if !ok || caller.r != p.r {
		return false
	}
	if w := caller.worker(); w != nil {
		return p.host.CompareAndSwap(nil, &w.here)
	}
	return p.r.admit(p)
}

// Leave implements [core.Inliner].
func (p *place) Leave() {
	w, again := p.vacate()
	if w.guest && w.current.Load() == p {
		p.r.dismiss(w)
	}
	if again {
		p.r.push(entry{place: p})
	}
}
