package pool

import "unsafe"

// Guests are the workers that stand for goroutines from outside that run an
// actor's turn with a slot of the pool. There is a fixed number of them, each
// for the actors that hash to it, so that letting one in takes no lock; who
// finds its own taken queues.
const guestCount = 64

type guests [guestCount]struct {
	worker
	_ [64]byte // apart from its neighbours
}

func (g *guests) init() {
	for i := range g {
		w := &g[i].worker
		w.init()
		w.guest = true
		w.next.Store(shut)
	}
}

func (g *guests) of(p *place) *worker {
	n := uintptr(unsafe.Pointer(p)) / unsafe.Sizeof(*p)
	return &g[n%guestCount].worker
}

// admit takes a slot for a goroutine that wants to run p, and p for it, or
// neither.
func (r *Runtime) admit(p *place) bool {
	w := r.guests.of(p)
	if !w.current.CompareAndSwap(nil, p) {
		return false
	}
	if !r.slots.take() {
		w.current.Store(nil)
		return false
	}
	if w.mark.Load() != fresh {
		w.mark.CompareAndSwap(seen, fresh) // of the last guest's
	}
	if !p.host.CompareAndSwap(nil, &w.here) {
		r.dismiss(w)
		return false
	}
	return true
}

// dismiss gives the slot back.
func (r *Runtime) dismiss(w *worker) {
	r.unmark(w)
	w.current.Store(nil)
	r.callIf(r.slots.release())
}
