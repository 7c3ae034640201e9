package pool

import "sync/atomic"

// A tally holds, in one word, all that decides whether a worker is needed:
//
//	bit 0       a worker is coming: it has been called and has not arrived
//	bit 1       a slot is owed: a worker came for one and found none
//	bits 2-31   how many are queued
//	bits 32-63  how many slots are free; fewer than none after the pool has
//	            shrunk, until enough turns have ended
//
// A slot belongs to who uses it: a worker, a turn that goes on, a caller from
// outside. A worker that is coming has none yet, so that callers and turns can
// use it meanwhile. They might be quicker each time, therefore a slot that is
// owed is taken only for the first in the queue, by a worker.
//
// One worker at a time is coming, and when it has a slot the next is called if
// one is needed: nobody calls a second for what the first will find (ask 754 to
// some 130 ns). So:
//
//	queued and a slot free imply that a worker is coming
//	owed implies queued
//
// The methods are the transitions. slots_test.go explores them exhaustively.
type tally uint64

const (
	coming    tally = 1
	owed      tally = 1 << 1
	oneQueued tally = 1 << 2
	oneFree   tally = 1 << 32
)

func (t tally) queued() int    { return int(uint32(t) >> 2) }
func (t tally) free() int      { return int(int32(t >> 32)) }
func (t tally) isComing() bool { return t&coming != 0 }
func (t tally) isOwed() bool   { return t&owed != 0 }

// crowded reports whether a worker that could go on should look at the queue
// first.
func (t tally) crowded() bool { return t.queued() > 0 || t.free() < 0 }

// call has a worker called if one is needed.
func (t tally) call() (next tally, call bool) {
	if t.queued() > 0 && t.free() > 0 && !t.isComing() {
		return t | coming, true
	}
	return t, false
}

// ready is for one more in the queue.
func (t tally) ready() (next tally, call bool) { return (t + oneQueued).call() }

// release gives a slot back.
func (t tally) release() (next tally, call bool) { return (t + oneFree).call() }

// resize adds n slots, or takes -n away.
func (t tally) resize(n int) (next tally, call bool) { return (t + tally(n)<<32).call() }

// take takes a free slot for somebody who is not in the queue.
func (t tally) take() (next tally, ok bool) {
	if t.free() <= 0 || t.isOwed() {
		return t, false
	}
	return t - oneFree, true
}

// next is for a worker that has a slot: it gets the first in the queue, or
// gives the slot back.
func (t tally) next() (next tally, got bool) {
	if t.queued() > 0 && t.free() >= 0 {
		return t.pop(), true
	}
	return t + oneFree, false
}

func (t tally) pop() tally { return t&^owed - oneQueued }

// arrive is for a worker that was called: it gets the first in the queue, and
// a slot for it, or neither.
func (t tally) arrive() (next tally, got, call bool) {
	t &^= coming
	switch {
	case t.queued() == 0:
		return t, false, false
	case t.free() <= 0:
		return t | owed, false, false
	}
	next, call = (t.pop() - oneFree).call()
	return next, true, call
}

// slots is the tally of a Runtime. What changes how many are queued, and the
// queue with it, does so under Runtime.mu.
type slots struct{ word atomic.Uint64 }

func (s *slots) load() tally { return tally(s.word.Load()) }

func (s *slots) swap(old, next tally) bool {
	return s.word.CompareAndSwap(uint64(old), uint64(next))
}

// take reports whether it took a free slot.
func (s *slots) take() bool {
	for {
		old := s.load()
		next, ok := old.take()
		if !ok || s.swap(old, next) {
			return ok
		}
	}
}

// release reports whether a worker is to be called.
func (s *slots) release() (call bool) {
	for {
		old := s.load()
		next, call := old.release()
		if s.swap(old, next) {
			return call
		}
	}
}

func (s *slots) ready() (call bool) {
	for {
		old := s.load()
		next, call := old.ready()
		if s.swap(old, next) {
			return call
		}
	}
}

func (s *slots) resize(n int) (call bool) {
	for {
		old := s.load()
		next, call := old.resize(n)
		if s.swap(old, next) {
			return call
		}
	}
}

func (s *slots) next() (got bool) {
	for {
		old := s.load()
		next, got := old.next()
		if s.swap(old, next) {
			return got
		}
	}
}

func (s *slots) arrive() (got, call bool) {
	for {
		old := s.load()
		next, got, call := old.arrive()
		if s.swap(old, next) {
			return got, call
		}
	}
}

// leave gives the slot back of a worker that would find nobody queued.
func (s *slots) leave() bool {
	for {
		old := s.load()
		if old.queued() > 0 {
			return false
		}
		if s.swap(old, old+oneFree) {
			return true
		}
	}
}
