package core

import (
	"runtime"
	"sync/atomic"
)

// A state is the word of one actor that everything turns on:
//
//	bits 0-8    the flags below
//	bits 9-15   how many turns of other actors this one's turn is nested in
//	bits 16-63  how many calls have run inline
//
// Whoever sets locked owns all bits until it stores the word again. Every
// other transition is a compare-and-swap from a word without locked.
// state_test.go explores the transitions exhaustively.
//
// Queued and running are separate on purpose: a borrowed turn (an inline
// call, a claim) runs while a Wake is outstanding, and the Turn that answers
// the Wake then finds nothing to do. With one state for both, an actor gets
// into its runtime's queue twice.
type state struct{ word atomic.Uint64 }

const (
	locked   uint64 = 1 << iota // somebody owns the inbox and all bits
	queued                      // a Wake is outstanding; at most one is
	running                     // a goroutine runs a turn
	work                        // there is something for a turn to do
	booting                     // OnStart has not returned
	stopping                    // a stop was requested
	closed                      // the inbox takes no more
	ended                       // the loop is over
	reported                    // a Turn has returned Ended

	depthShift  = 9
	depthMask   = 127 << depthShift
	inlineShift = 16
	inlineOne   = 1 << inlineShift
	flags       = 1<<depthShift - 1
)

// maxDepth bounds how many turns may be nested on one goroutine; a call
// beyond it is queued. Deep enough for any pipeline of actors, and far from
// what a stack can hold.
const maxDepth = 64

// lock waits for the lock and returns the word without it.
func (s *state) lock() uint64 {
	for tries := 0; ; tries++ {
		w := s.word.Load()
		if w&locked == 0 && s.word.CompareAndSwap(w, w|locked) {
			return w
		}
		backOff(tries)
	}
}

// unlock stores w, which must be without locked.
func (s *state) unlock(w uint64) { s.word.Store(w) }

// backOff spins a little while, then yields: the holder of the lock may
// itself have been preempted. Without the long spins eight producers on one
// actor took twice as long.
func backOff(tries int) {
	if tries < 4 {
		spin(1024 << tries)
	} else {
		runtime.Gosched()
	}
}

//go:noinline
func spin(n int) {
	for range n {
	}
}

// verdict is what begin found.
type verdict int

const (
	toRun   verdict = iota // this goroutine runs the turn, and holds the lock
	nothing                // somebody else does, or there is no work
	over                   // the actor has ended, and this is its last Turn
	stray                  // the runtime should not have called
)

// release gives up the turn that an actor is made with, which keeps others
// from waking it, or claiming one, before the actor has its Waker. The caller
// is to call Wake.
func (s *state) release() { s.unlock(s.lock()&^running | queued) }

// begin answers a Wake: it takes the queued bit, and the turn if there is
// one to run. For toRun it also returns the word, and holds the lock.
func (s *state) begin() (uint64, verdict) {
	for tries := 0; ; tries++ {
		w := s.word.Load()
		next, v := w&^queued, nothing
		switch {
		case w&locked != 0:
			backOff(tries)
			continue
		case w&queued == 0:
			return w, stray
		case w&ended != 0:
			next, v = next|reported, over
		case w&running == 0 && w&work != 0:
			next, v = next|running|locked, toRun
		}
		if s.word.CompareAndSwap(w, next) {
			return next &^ locked, v
		}
	}
}

// idle reports whether enter could succeed at this moment. A Wake may be
// outstanding: its Turn may be long in coming on a busy machine, and calls
// would all have to queue until then.
func (s *state) idle() bool { return s.word.Load()&(flags&^queued) == 0 }

// enter takes the turn of an idle actor for an inline call.
func (s *state) enter(depth uint64) bool {
	w := s.word.Load()
	return w&(flags&^queued) == 0 && s.word.CompareAndSwap(w, w&^depthMask|running|depth<<depthShift+inlineOne)
}

// runs reports whether a goroutine runs a turn at this moment.
func (s *state) runs() bool { return s.word.Load()&running != 0 }

// awaitIdle is idle for a caller that would rather wait a moment than queue:
// most handlers take less time than a goroutine switch (call-64 150 to 34 ns).
func (s *state) awaitIdle() bool {
	for range 8 {
		if s.idle() {
			return true
		}
		w := s.word.Load()
		if w&(running|locked) == 0 || w&(booting|stopping|closed) != 0 {
			return false
		}
		spin(2048)
	}
	return s.idle()
}

// free reports whether, at this moment, nobody runs the turn of an actor that
// has not ended.
func (s *state) free() bool { return s.word.Load()&(locked|running|closed) == 0 }

// claimable reports whether claim could succeed at this moment.
func (s *state) claimable() bool {
	w := s.word.Load()
	return w&work != 0 && w&(locked|running|ended) == 0
}

// claim takes the turn of an actor that has work and that nobody runs, and
// the lock with it: to start it, to serve, or to end it. A Wake may be
// outstanding; it stays so.
func (s *state) claim(depth uint64) (uint64, bool) {
	w := s.word.Load()
	if w&work == 0 || w&(locked|running|ended) != 0 {
		return w, false
	}
	next := w&^depthMask | running | depth<<depthShift
	return next, s.word.CompareAndSwap(w, next|locked)
}

// rest goes idle if nothing came in since the inbox was last looked at.
func (s *state) rest() bool {
	for {
		w := s.word.Load()
		if w&(work|locked|stopping) != 0 {
			return false
		}
		if s.word.CompareAndSwap(w, w&^(running|depthMask)) {
			return true
		}
	}
}

// depth is how many turns the actor's turn is nested in.
func (s *state) depth() uint64 { return s.word.Load() & depthMask >> depthShift }
