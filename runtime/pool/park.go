package pool

import "github.com/troupe-go/troupe/core"

// A turn that waits gives its slot up on a seat, and gets up with one again.
// A Parking's Data is the seat on which it waits; unparked, for an Unpark that
// came first; or nil. Runtime.mu guards it.
type seat struct{ slot chan struct{} }

type unparked struct{}

// take gives whoever waits on s the caller's slot.
func (s *seat) take() { s.slot <- struct{}{} }

// Park implements [core.Parker]. Whatever goroutine calls it, what it gives
// up it takes again. One that has no slot to give up, as it is beside its
// actor's turn, has one more actor run while it waits.
func (p *place) Park(k *core.Parking) {
	r := p.r
	r.mu.Lock()
	if k.Data == any(unparked{}) {
		k.Data = nil
		r.mu.Unlock()
		return
	}
	s := r.newSeat()
	k.Data = s
	w := p.worker()
	r.waiting++
	call := r.stepAside(w)
	call = r.slots.release() || call
	r.mu.Unlock()
	r.queued(call)

	<-s.slot
	r.seats.Put(s)
	r.mu.Lock()
	r.waiting--
	r.comeBack(w)
	r.mu.Unlock()
}

// Unpark implements [core.Parker].
func (p *place) Unpark(k *core.Parking) {
	r := p.r
	r.mu.Lock()
	s, waits := k.Data.(*seat)
	if !waits {
		k.Data = unparked{}
		r.mu.Unlock()
		return
	}
	k.Data = nil
	if r.slots.take() {
		r.mu.Unlock()
		s.take()
		return
	}
	r.queue.push(entry{seat: s})
	call := r.slots.ready()
	r.mu.Unlock()
	r.queued(call)
}

func (r *Runtime) newSeat() *seat {
	if s, ok := r.seats.Get().(*seat); ok {
		return s
	}
	return &seat{make(chan struct{}, 1)}
}

// stepAside readies w for its turn to wait, under mu: nobody can be next on
// it any more, and the monitor does not look at it.
func (r *Runtime) stepAside(w *worker) (call bool) {
	if w == nil {
		return false
	}
	if n := w.next.Swap(shut); n != nil && n != shut {
		r.queue.push(entry{place: n})
		call = r.slots.ready()
	}
	r.endLoan(w)
	w.parked++
	r.busy.remove(w)
	return call
}

// comeBack is the opposite of stepAside, under mu. But only once the worker
// has finished the turn can anybody be next again.
func (r *Runtime) comeBack(w *worker) {
	if w == nil {
		return
	}
	if w.parked--; w.parked == 0 && !w.gone && !w.guest {
		r.busy.add(w)
	}
}
