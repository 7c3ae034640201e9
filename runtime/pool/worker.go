package pool

import (
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

// A worker has a slot and runs one turn after the other.
type worker struct {
	next        atomic.Pointer[place] // whom to run next; shut if that is not to be
	current     atomic.Pointer[place] // whom it runs; for the monitor
	mark        atomic.Uint32         // see patience.go
	pace        pace
	here, again host // what the places that it runs point at
	guest       bool

	// Runtime.mu guards these.
	listPrev, listNext *worker
	listed             bool
	gone               bool
	parked             int       // waits that go on with this worker's slot given up
	since              time.Time // when the monitor first saw the turn that it runs
}

// shut in worker.next refuses whoever wants to be next.
var shut = new(place)

func (w *worker) init() {
	w.here = host{worker: w}
	w.again = host{worker: w, again: true}
}

// work is what a worker that was called does.
func (r *Runtime) work() {
	w, e := r.arrive()
	switch {
	case e.seat != nil:
		e.seat.take()
	case e.place != nil:
		w.run(e.place)
	}
}

// arrive takes the first in the queue and a slot. It returns the zero entry if
// there is nobody any more, or no slot, or if the worker was late and another
// came in its place.
func (r *Runtime) arrive() (w *worker, e entry) {
	r.mu.Lock()
	r.arrivals++
	got, call := r.slots.arrive()
	if got {
		e = r.queue.pop()
	}
	if e.place != nil {
		w = r.hire()
	} else {
		r.checkEnded()
	}
	r.mu.Unlock()
	r.callIf(call)
	return w, e
}

// hire returns a worker to use, under mu.
func (r *Runtime) hire() *worker {
	w := r.spare
	if w == nil {
		w = new(worker)
		w.init()
	} else {
		r.spare = w.listNext
		w.listNext = nil
	}
	w.gone = false
	w.pace.start()
	r.workers++
	if w.parked == 0 {
		w.next.Store(nil)
		r.busy.add(w)
	}
	return w
}

// run runs p and what comes after until nobody is ready. A turn that ends the
// goroutine goes on, elsewhere, as one that returned More.
func (w *worker) run(p *place) {
	defer func() {
		if p != nil {
			w.cutShort(p)
		}
	}()
	for p != nil {
		left := w.turn(p)
		p = w.follow(p, left)
	}
}

func (w *worker) turn(p *place) core.Status {
	if !p.occupy(w) {
		return core.Idle
	}
	w.current.Store(p)
	left := p.loop.Turn(w.pace.budget)
	if _, again := p.vacate(); again && left == core.Idle {
		p.r.push(entry{place: p})
	}
	return left
}

func (w *worker) cutShort(p *place) {
	p.vacate()
	p.r.push(entry{place: p})
	call := p.r.slots.release()
	p.r.leave(w)
	p.r.callIf(call)
}

// follow returns whom to run after a turn of p; nil if nobody, and then the
// worker has left. Whom that turn made ready comes before the queue, but only
// for as long as the worker's slice lasts.
func (w *worker) follow(p *place, left core.Status) *place {
	r := p.r
	r.unmark(w)
	over := w.pace.over(left == core.More, r.budget)
	n := r.takeNext(w)
	crowded := r.slots.load().crowded()
	switch {
	case left == core.Ended:
		r.detach()
	case left == core.More && n == nil && !crowded:
		return p
	case left == core.More:
		r.push(entry{place: p})
	}
	switch {
	case n == nil:
	case over && crowded:
		r.push(entry{place: n})
	default:
		return n
	}
	return r.fetch(w, n != nil || left == core.More)
}

// takeNext takes whom the last turn made ready. The turn to come may name
// another, unless a wait that began beside an earlier one goes on: the monitor
// does not look at the worker then.
func (r *Runtime) takeNext(w *worker) *place {
	n := w.next.Load()
	if n == nil || n != shut && w.next.CompareAndSwap(n, nil) {
		return n
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.parked == 0 {
		w.next.CompareAndSwap(shut, nil)
	}
	return nil
}

// fetch is for a worker that has run what it had: it returns the first actor
// in the queue. If a turn that has waited is first, the worker's slot is that
// turn's; if nobody is, it is given back. Then the worker has left.
//
// Where one actor is always ready, and so was put behind the queue, whoever
// waits for another's reply gets the processor when the slice is over. Where
// more are queued there is work for the processor that is as urgent.
func (r *Runtime) fetch(w *worker, putBehind bool) *place {
	if r.slots.leave() {
		r.leave(w)
		return nil
	}
	var e entry
	r.mu.Lock()
	if r.slots.next() {
		e = r.queue.pop()
	}
	r.mu.Unlock()
	if e.place == nil {
		r.leave(w)
	}
	if e.seat != nil {
		e.seat.take()
	}
	if putBehind && e.outside && r.slots.load().queued() <= 1 {
		w.pace.asked = true
	}
	return e.place
}

// leave is the end of a worker that has no slot any more. Whoever became next
// at the last moment is queued.
func (r *Runtime) leave(w *worker) {
	if n := w.next.Swap(shut); n != nil && n != shut {
		r.push(entry{place: n})
	}
	w.current.Store(nil)
	r.mu.Lock()
	defer r.mu.Unlock()
	w.gone = true
	r.endLoan(w)
	r.busy.remove(w)
	if w.parked == 0 { // else nobody could be next on it, for as long as that takes
		w.listNext, r.spare = r.spare, w
	}
	r.workers--
	r.checkEnded()
}

// detach is for an actor that has ended.
func (r *Runtime) detach() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attached--
	r.checkEnded()
}

// push queues e and has a worker called if one is needed.
func (r *Runtime) push(e entry) {
	r.mu.Lock()
	r.queue.push(e)
	call := r.slots.ready()
	r.mu.Unlock()
	r.queued(call)
}

// A workerList is a list through worker.listPrev and listNext.
type workerList struct{ first *worker }

func (l *workerList) add(w *worker) {
	if w.listed {
		return
	}
	w.listed = true
	w.listPrev, w.listNext = nil, l.first
	if l.first != nil {
		l.first.listPrev = w
	}
	l.first = w
}

func (l *workerList) remove(w *worker) {
	if !w.listed {
		return
	}
	w.listed = false
	if w.listPrev == nil {
		l.first = w.listNext
	} else {
		w.listPrev.listNext = w.listNext
	}
	if w.listNext != nil {
		w.listNext.listPrev = w.listPrev
	}
	w.listPrev, w.listNext = nil, nil
}
