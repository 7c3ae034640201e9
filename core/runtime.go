package core

import "context"

// A Runtime decides on which goroutines, and on how many at once, the turns
// of actors run. Core keeps the inboxes and the receive loop; a Runtime calls
// that loop and says what it means to wait in it.
//
// Core calls Attach from any goroutine, for many actors at once.
//
// What a Waker can do besides is found by type assertion: [Parker],
// [Inliner], [Pinner]. A Runtime with something to give back is a [Closer].
type Runtime interface {
	// Attach takes an actor in before its first turn. Core does not call
	// Wake before Attach has returned. An error refuses the actor: Spawn
	// returns it, and no turn of that actor is ever asked for. A Runtime
	// that has been closed returns [ErrRuntimeClosed].
	Attach(loop Loop) (Waker, error)
}

// A Loop is the receive loop of one actor. Core implements it; a Runtime
// calls it.
type Loop interface {
	// Turn starts the actor if it has not started, handles at most budget
	// messages (at least one), ends the actor if it is to end, and says what
	// it left behind.
	//
	//   - Turn is called after a Wake, or again after it returned More, and
	//     at no other time.
	//   - It is never called from inside Wake, and never twice at once.
	//   - It may find nothing to do, or a goroutine that [Inliner] let in
	//     still at work, and returns Idle.
	//   - It returns Ended once for each Attach. Nothing is called
	//     afterwards.
	//   - It does not panic. It may end its goroutine by runtime.Goexit: a
	//     runtime goes on from a deferred call and takes such a Turn for one
	//     that returned More.
	//
	// A Turn that breaks these rules does nothing, returns Idle and is
	// counted in [Stats].
	Turn(budget int) Status
}

// A Status is what a Turn left behind.
type Status int

const (
	// Idle says that there is nothing to do until the next Wake.
	Idle Status = iota
	// More says that Turn is to be called again, in fairness to others, and
	// without another Wake.
	More
	// Ended says that the actor has ended; Turn is never called again.
	Ended
)

// String returns the name of the status.
func (s Status) String() string {
	switch s {
	case Idle:
		return "Idle"
	case More:
		return "More"
	case Ended:
		return "Ended"
	}
	return "Status(?)"
}

// A Waker is one actor's place on a Runtime.
type Waker interface {
	// Wake has Turn called soon, and must neither call it itself nor wait.
	// Core calls it from any goroutine. After a Wake there is no other until
	// Turn has been called; there is none after Ended.
	//
	// The Waker by is that of the actor whose turn made this one ready, nil
	// if it is unknown. It is a hint: it may be wrong.
	Wake(by Waker)
}

// A Parker is a Waker that is told when a turn of its actor waits. A runtime
// whose turns share something, a goroutine or a slot, needs it. Without it
// core waits on a channel, which is right where every turn has a goroutine
// of its own.
type Parker interface {
	// Park is called in place of waiting, by the goroutine that waits. It
	// returns after an Unpark of the same Parking, which may come before
	// Park. It may return early: core looks again and calls it again.
	//
	// That goroutine is the turn's own, or one that a handler started and
	// gave its context to. Where turns share a goroutine the difference
	// matters: [OnTurn] tells.
	Park(p *Parking)
	// Unpark is called by whoever ends the wait, on any goroutine, and maybe
	// more than once. It must not wait.
	Unpark(p *Parking)
}

// An Inliner is a Waker that may let a goroutine that calls its idle actor
// run the actor's turn itself. Without it nobody does.
type Inliner interface {
	// Enter asks for the turn on behalf of the actor with the Waker by, nil
	// for a caller that is no actor. It must not wait.
	Enter(by Waker) bool
	// Leave gives back what Enter took, on the same goroutine. There is one
	// Leave for each Enter that returned true.
	Leave()
}

// A Pinner is a Waker that can promise that every turn of its actor runs on
// one OS thread. Without it there is no promise.
type Pinner interface {
	Pinned() bool
}

// A Closer is a Runtime that ends what it started. The [System] that was
// made with the runtime calls Close once its actors have ended.
type Closer interface {
	// Close refuses further actors, waits until every attached loop has
	// returned Ended and every goroutine of the runtime has ended, and
	// returns nil; or returns the cause of ctx. In that case the runtime
	// still works for the actors that it has, and Close may be called again.
	Close(ctx context.Context) error
}

// Shared returns rt without its Close, so that more than one [System] can be
// made with it. Whoever made rt closes it.
func Shared(rt Runtime) Runtime {
	if rt == nil {
		return nil
	}
	return shared{rt}
}

type shared struct{ rt Runtime }

func (s shared) Attach(loop Loop) (Waker, error) { return s.rt.Attach(loop) }
