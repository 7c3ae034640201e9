package core

import "container/heap"

// An Inbox decides in which order the messages that wait for one actor are
// handled, and nothing else: how many may wait is for [Bounded], and stopping
// is core's. Core calls it under the actor's lock, so an Inbox needs none,
// and one Inbox serves one actor.
//
// Its methods must be quick, must not wait and must not call the actor. Each
// actor has an inbox of its own (factory/a-new-one-each-time), and nothing
// tells the inbox when the actor ends (factory/starts-no-goroutine). Behind
// each promise stand the rules of package conformance that check it.
type Inbox[M any] interface {
	// Push takes e in, whatever its message (push/takes-the-zero-message,
	// push/takes-equal-messages, ask/functions-are-called) and however many
	// there are (push/takes-many). It must not drop, copy or change it
	// (pop/loses-none, pop/repeats-none, pop/changes-none, ask/is-answered).
	Push(e Envelope[M])
	// Pop gives out the envelope that is to be handled next; false if none
	// is left (pop/nothing-when-new, pop/nothing-when-empty), and only then
	// (pop/true-while-any-is-left). Pushes and Pops come in any order
	// (pop/between-pushes, pop/after-refill). The same ones should give the
	// same order (order/same-again), and what was popped should not be kept
	// (pop/lets-go).
	Pop() (e Envelope[M], ok bool)
	// Len is how many were pushed and not yet popped (len/zero-when-new,
	// len/counts-pushes, len/counts-pops, len/not-below-zero).
	Len() int
}

// An Envelope is a message on its way, with where its reply goes. An
// envelope that carries a function on the actor, see [Invoke], has a zero
// Msg.
type Envelope[M any] struct {
	Msg M
	o   *outcome // nil for a message that was told
}

// ring is the first-in, first-out inbox under Bounded.
type ring[M any] struct {
	slots []Envelope[M]
	head  int
	n     int
}

func (r *ring[M]) Push(e Envelope[M]) {
	if r.n == len(r.slots) {
		r.grow()
	}
	r.slots[(r.head+r.n)%len(r.slots)] = e
	r.n++
}

func (r *ring[M]) grow() {
	slots := make([]Envelope[M], max(4, 2*len(r.slots)))
	n := copy(slots, r.slots[r.head:])
	copy(slots[n:], r.slots[:r.head])
	r.slots, r.head = slots, 0
}

func (r *ring[M]) Pop() (e Envelope[M], ok bool) {
	if r.n == 0 {
		return e, false
	}
	slot := &r.slots[r.head]
	e, *slot = *slot, e
	r.head = (r.head + 1) % len(r.slots)
	r.n--
	return e, true
}

func (r *ring[M]) Len() int { return r.n }

// priorityInbox hands out by before, and by arrival among equals.
type priorityInbox[M any] struct{ h envelopeHeap[M] }

func (p *priorityInbox[M]) Push(e Envelope[M]) {
	p.h.arrivals++
	heap.Push(&p.h, arrival[M]{e, p.h.arrivals})
}

func (p *priorityInbox[M]) Pop() (e Envelope[M], ok bool) {
	if len(p.h.items) == 0 {
		return e, false
	}
	return heap.Pop(&p.h).(arrival[M]).e, true
}

func (p *priorityInbox[M]) Len() int { return len(p.h.items) }

type arrival[M any] struct {
	e  Envelope[M]
	at uint64
}

type envelopeHeap[M any] struct {
	before   func(a, b M) bool
	items    []arrival[M]
	arrivals uint64
}

func (h *envelopeHeap[M]) Len() int      { return len(h.items) }
func (h *envelopeHeap[M]) Swap(i, j int) { h.items[i], h.items[j] = h.items[j], h.items[i] }
func (h *envelopeHeap[M]) Push(x any)    { h.items = append(h.items, x.(arrival[M])) }

func (h *envelopeHeap[M]) Less(i, j int) bool {
	a, b := &h.items[i], &h.items[j]
	if fa, fb := a.e.carriesFunc(), b.e.carriesFunc(); fa || fb {
		return fa && !(fb && b.at < a.at) // functions first, by arrival
	}
	switch {
	case h.before(a.e.Msg, b.e.Msg):
		return true
	case h.before(b.e.Msg, a.e.Msg):
		return false
	}
	return a.at < b.at
}

func (h *envelopeHeap[M]) Pop() any {
	last := len(h.items) - 1
	x := h.items[last]
	h.items[last] = arrival[M]{}
	h.items = h.items[:last]
	return x
}

func (e Envelope[M]) carriesFunc() bool { return e.o != nil && e.o.request != nil }
