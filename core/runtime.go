package core

import "context"

// A Runtime decides on which goroutines, and on how many at once, the turns
// of actors run. Core keeps the inboxes and the receive loop; a Runtime calls
// that loop and says what it means to wait in it.
//
// Core calls Attach from any goroutine, a turn's too, for many actors at once
// (attach/from-any-goroutine, attach/from-a-turn).
//
// Behind each promise, here and in the interfaces below, stand the rules of
// package conformance that check it.
//
// What a Waker can do besides is found by type assertion: [Parker],
// [Inliner], [Pinner]. A Runtime with something to give back is a [Closer].
type Runtime interface {
	// Attach takes an actor in before its first turn, and gives it a place
	// of its own (attach/one-place-each). It calls no Turn
	// (attach/calls-no-turn). Core does not call Wake before Attach has
	// returned. An error refuses the actor: Spawn returns it, and no turn of
	// that actor is ever asked for (attach/serves-or-refuses). A Runtime
	// that has been closed returns [ErrRuntimeClosed]
	// (close/refuses-actors).
	Attach(loop Loop) (Waker, error)
}

// A Loop is the receive loop of one actor. Core implements it; a Runtime
// calls it.
type Loop interface {
	// Turn starts the actor if it has not started, handles at most budget
	// messages (at least one), ends the actor if it is to end, and says what
	// it left behind.
	//
	//   - Turn is called once for each Wake, and once more each time that it
	//     returned More, and at no other time (turn/only-after-wake,
	//     turn/again-after-more).
	//   - It is never called from inside Wake (wake/calls-no-turn). The
	//     Turn for a Wake may be called though the one before has not
	//     returned: that has let go of the actor, or a Wake would not have
	//     come.
	//   - It may find nothing to do, or a goroutine that [Inliner] let in
	//     still at work, and returns Idle.
	//   - It returns Ended once for each Attach. Nothing is called
	//     afterwards (turn/never-after-ended), and nothing kept
	//     (resources/no-goroutines-pile-up, resources/room-for-others,
	//     resources/forgets-ended-actors).
	//   - It does not panic. It may end its goroutine by runtime.Goexit: a
	//     runtime goes on from a deferred call and takes such a Turn for one
	//     that returned More (turn/again-after-goexit,
	//     turn/goexit-costs-nothing, failure/goexit-ends-the-actor).
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
	// More says that Turn is to be called again, in fairness to others
	// (fair/busy-actors), and without another Wake.
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
	// Wake has Turn called soon (wake/none-is-lost), whoever else is busy
	// or ready (fair/actors-that-wake-each-other,
	// isolation/one-blocked-actor, isolation/many-blocked-actors,
	// isolation/one-spinning-actor). It must neither call Turn itself
	// (wake/calls-no-turn) nor wait (wake/does-not-wait).
	//
	// Core calls it from any goroutine, a turn's too (wake/from-any-goroutine,
	// wake/from-a-turn). After a Wake there is no other until Turn has been
	// called, and maybe before that has returned (wake/during-a-turn); there
	// is none after Ended.
	//
	// The Waker by is that of the actor whose turn made this one ready, nil
	// if it is unknown. It is a hint: it may be wrong, and of any runtime
	// (wake/takes-any-hint, mix/calls-both-ways).
	Wake(by Waker)
}

// A Parker is a Waker that is told when a turn of its actor waits. A runtime
// whose turns share something, a goroutine or a slot, needs it. Without it
// core waits on a channel, which is right where every turn has a goroutine
// of its own.
//
// Either way a turn that waits gives its place to others, however many wait
// and for whatever (wait/gives-its-place, wait/many-on-one-future,
// wait/deep-chain, wait/ring), and goes on when its wait ends, whoever ends
// it (wait/ends-from-outside, fair/waiters). Afterwards as many actors run as
// before (wait/comes-back).
type Parker interface {
	// Park is called in place of waiting, by the goroutine that waits. It
	// returns after an Unpark of the same Parking (park/no-unpark-is-lost),
	// which may come before Park (park/unpark-comes-early). It may return
	// early: core looks again and calls it again (park/parks-again).
	//
	// That goroutine is the turn's own, or one that a handler started and
	// gave its context to (wait/beside-the-turn, wait/two-at-once). Where
	// turns share a goroutine the difference matters: [OnTurn] tells.
	Park(p *Parking)
	// Unpark is called by whoever ends the wait, on any goroutine, and maybe
	// more than once (park/unpark-comes-again). It must not wait
	// (park/unpark-does-not-wait).
	Unpark(p *Parking)
}

// An Inliner is a Waker that may let a goroutine that calls its idle actor
// run the actor's turn itself. Without it nobody does.
type Inliner interface {
	// Enter asks for the turn on behalf of the actor with the Waker by, nil
	// for a caller that is no actor. The Waker may be of any runtime
	// (inline/enter-takes-any-caller); for one of another Runtime value the
	// answer is no, as its actor would hold a place there that it cannot
	// give up (inline/not-for-another-runtime). Enter must not wait
	// (inline/enter-does-not-wait).
	//
	// The turn may wait like any other (inline/may-wait), and a Wake may
	// come before Leave (inline/wake-before-leave).
	Enter(by Waker) bool
	// Leave gives back what Enter took, on the same goroutine
	// (inline/leave-gives-back). There is one Leave for each Enter that
	// returned true.
	Leave()
}

// A Pinner is a Waker that can promise that every turn of its actor runs on
// one OS thread (pinned/one-thread, pinned/one-thread-after-a-wait,
// pinned/not-on-a-caller). Without it there is no promise.
type Pinner interface {
	Pinned() bool
}

// A Closer is a Runtime that ends what it started. The [System] that was
// made with the runtime calls Close once its actors have ended.
type Closer interface {
	// Close refuses further actors (close/refuses-actors), waits until every
	// attached loop has returned Ended (close/waits-for-actors) and every
	// goroutine of the runtime has ended (close/leaves-no-goroutine), and
	// returns nil (close/returns); or returns the cause of ctx
	// (close/keeps-its-deadline). In that case the runtime still works for
	// the actors that it has (close/serves-on), its goroutines end with the
	// last of them (close/ends-by-itself). Close may be called again, and
	// while another waits (close/again).
	Close(ctx context.Context) error
}

// Shared returns rt without its Close, so that more than one [System] can be
// made with it. Whoever made rt closes it. Shared of a nil rt is nil.
func Shared(rt Runtime) Runtime {
	if isNil(rt) {
		return nil
	}
	return shared{rt}
}

type shared struct{ rt Runtime }

func (s shared) Attach(loop Loop) (Waker, error) { return s.rt.Attach(loop) }
