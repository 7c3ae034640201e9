package core

import (
	"context"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/sourcegraph/conc/panics"
)

// An actor is what core knows of an actor of any messages; cell adds what
// depends on their type. A million idle actors are a million of these, so
// what most actors never need is in extra.
type actor struct {
	state
	kind  *kind
	self  body  // the cell
	waker Waker // set before the first Wake

	pushed uint64 // messages the inbox has accepted; under the lock
	left   uint32 // of these, how many are still in it; under the lock
	single bool   // whether the inbox's one slot is taken; under the lock
	phase  phase  // of the goroutine that runs the turn
	traits traits // set by Spawn
	found  traits // likewise, until the first turn

	prev, next *actor                // in spawn order; under the system's lock
	parent     atomic.Pointer[actor] // whose turn this one's is nested in, if depth > 0
	ext        atomic.Pointer[extra]
}

// A cell is an actor of messages M.
type cell[M any] struct {
	actor
	value Actor[M]    // nil once the actor has ended
	tail  *segment[M] // of the inbox; see queue.go
	one   Envelope[M]
}

// A body is the part of a cell that code without M needs.
type body interface {
	Loop
	sendAny(d delivery, msg any) error
	callIdleAny(ctx context.Context, msg any) (value any, err error, ran bool)
	borrow(w uint64, o *outcome)
	accepts(m reflect.Type) bool
	messages() reflect.Type
}

// phase is how far an actor has come.
type phase uint8

const (
	serving  phase = iota
	starting       // OnStart is still to run
	ending         // the inbox is to be closed, and a hook to run
	hooked         // the hook has begun
	gone           // the system has forgotten it
)

// traits are what Spawn found out about an actor.
type traits uint8

const (
	quickTrait  traits = 1 << iota // Quick was promised
	boxTrait                       // the inbox is an Inbox, not the queue
	holderTrait                    // found: the value is a Holder
	inlineTrait                    // found: the Waker is an Inliner
)

func (t traits) has(one traits) bool { return t&one != 0 }

// extra is what few actors need. It is made on first use and stays.
type extra struct {
	name string // set by Spawn
	box  any    // a *box[M], set by Spawn
	life atomic.Pointer[lifetime]

	// The actor's lock guards these two.
	stop   *outcome // what every request to stop is answered by
	stopAt uint64   // pushed at the first of them

	unlisted bool        // the actor is found no more; under the system's lock
	inside   atomic.Bool // it has called Shutdown of its own system

	relayed atomic.Pointer[panics.Recovered] // the last panic that came out of Blocking

	exit exit // of the goroutine that runs the turn, until over

	mu     sync.Mutex // guards these
	waits  []*wait    // of its turn, and of goroutines with its context
	urn    string
	done   chan struct{}
	over   bool // the actor has ended, and exit does not change
	onDone []*func(error)
}

// An exit is why and how an actor ends.
type exit struct {
	err   error // nil for an orderly stop
	hook  hook
	fatal bool // the system goes with it
}

// hook is which of its hooks an ending actor gets.
type hook uint8

const (
	noHook hook = iota
	stopHook
	failureHook
)

func (a *actor) extra() *extra {
	if x := a.ext.Load(); x != nil {
		return x
	}
	a.ext.CompareAndSwap(nil, new(extra))
	return a.ext.Load()
}

// A kind is what the actors of one Go type in one system share.
type kind struct {
	sys      *System
	key      kindKey
	name     string
	segments segmentPool
}
