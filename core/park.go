package core

import (
	"context"
	"fmt"
)

// A Parking is one wait of one goroutine. Core makes it; a [Parker] is given
// it by Park and Unpark, and may keep what it likes in Data.
type Parking struct {
	// Data is for the runtime's own use. Core never touches it.
	Data any

	next   *Parking // in the list of an outcome's waiters
	parker Parker   // nil: the channel
	token  chan struct{}
	got    bool    // the token has been taken
	home   *System // whose pool it goes back to, nil if to none
}

// newParking makes the Parking for a wait by an actor, or by a goroutine
// that is none (by is nil).
//
// Only the second kind is used again, and only within one system: it is
// woken by exactly one token, so once that is taken nobody else holds it.
// Pooled per process, a channel would wander between testing/synctest
// bubbles, which is a fatal error.
func newParking(by *actor, to *actor) *Parking {
	if by != nil {
		if parker, ok := by.waker.(Parker); ok {
			return &Parking{parker: parker}
		}
		return &Parking{token: make(chan struct{}, 1)}
	}
	if to == nil {
		return &Parking{token: make(chan struct{}, 1)}
	}
	if p, ok := to.kind.sys.parkings.Get().(*Parking); ok {
		p.got = false
		return p
	}
	return &Parking{token: make(chan struct{}, 1), home: to.kind.sys}
}

// free gives p back. The caller is the only one that still holds it.
func (p *Parking) free() {
	if p.home != nil {
		p.home.parkings.Put(p)
	}
}

// collect takes the token that somebody is about to send, and then frees p.
func (p *Parking) collect() {
	if p.home == nil {
		return
	}
	if !p.got {
		<-p.token
	}
	p.free()
}

func (p *Parking) unpark() {
	if p.parker != nil {
		p.parker.Unpark(p)
		return
	}
	select {
	case p.token <- struct{}{}:
	default:
	}
}

// wait returns after an unpark, or at the end of ctx, or for no reason.
func (p *Parking) wait(ctx context.Context) {
	if p.parker != nil {
		p.parker.Park(p)
		return
	}
	select {
	case <-p.token:
		p.got = true
	case <-ctx.Done():
	}
}

// watch has the end of ctx unpark p, where wait does not see it by itself.
func (p *Parking) watch(ctx context.Context) (stop func() bool) {
	if p.parker == nil || ctx.Done() == nil {
		return func() bool { return true }
	}
	return context.AfterFunc(ctx, p.unpark)
}

// A settler is what a wait ends with.
type settler interface{ settled() bool }

// park waits until s is settled, and returns nil; or until ctx ends or the
// wait closes a ring of waiting actors, and says so. The actor by waits (nil:
// a goroutine that is no actor) for the actor on (nil: for anybody).
func park(ctx context.Context, by, on *actor, p *Parking, s settler) error {
	var w *wait
	if by != nil && on != nil {
		w = announce(ctx, by, on, p, s)
		defer w.withdraw()
	}
	stop := p.watch(ctx)
	defer stop()
	for !s.settled() {
		if ctx.Err() != nil {
			return contextError(ctx)
		}
		if err := w.look(); err != nil {
			return err
		}
		p.wait(ctx)
	}
	return nil
}

// contextError is the end of ctx as a send or a wait returns it: ctx.Err,
// with the cause if that says more.
func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if cause == nil || cause == err {
		return err
	}
	return &causedError{err, cause}
}

type causedError struct{ err, cause error }

func (e *causedError) Error() string   { return fmt.Sprintf("%v: %v", e.err, e.cause) }
func (e *causedError) Unwrap() []error { return []error{e.err, e.cause} }

var errNilContext = invalid("nil context; context.Background() is the one that never ends")

// checkContext checks what every verb is given first.
func checkContext(ctx context.Context) error {
	if ctx == nil {
		return errNilContext
	}
	if ctx.Err() != nil {
		return contextError(ctx)
	}
	return nil
}
