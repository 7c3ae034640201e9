package core

import (
	"context"
	"reflect"
)

// A Ref addresses an actor that takes messages of type M. It is a small value
// that can be copied, compared, used as a map key and kept for as long as one
// likes; it does not keep the state of an ended actor in memory. Its methods
// may be called from any goroutine. The zero Ref is that of a dead actor.
// Compare refs with ==: reflect.DeepEqual, and what is built on it, would read
// the running actors behind them.
//
// A Ref[any] may address an actor of any messages; see [Ref.Any]. A message
// of a type that the actor does not take is refused with [ErrUnhandled].
//
// If one Tell, Ask or Call returned before another began, its message is
// handled first, whoever sent them, unless the actor's inbox has an order of
// its own.
type Ref[M any] struct {
	_ [0]*M // a Ref of one M does not convert to a Ref of another
	a *actor
}

// Any returns the ref without M.
func (r Ref[M]) Any() Ref[any] { return Ref[any]{a: r.a} }

// Narrow is the inverse of [Ref.Any]. It returns ErrInvalid if the actor does
// not take messages of type M.
func Narrow[M any](ref Ref[any]) (Ref[M], error) {
	if ref.a != nil && !ref.a.self.accepts(reflect.TypeFor[M]()) {
		return Ref[M]{}, invalid("%s takes messages of type %s, not %s", ref.a.kind.name, ref.a.self.messages(), reflect.TypeFor[M]())
	}
	return Ref[M]{a: ref.a}, nil
}

// Tell sends msg and does not wait for it to be handled, only, under ctx, for
// room in a bounded inbox. A nil error says that msg is handled, or becomes a
// dead letter if the actor ends first. Otherwise msg was not sent, and the
// error is that of ctx, ErrDead, ErrInboxFull, ErrDeadlock for an actor that
// would wait for room that only its own progress can make, or ErrUnhandled.
func (r Ref[M]) Tell(ctx context.Context, msg M) error {
	if err := r.check(ctx); err != nil {
		return err
	}
	if c, ok := r.a.self.(*cell[M]); ok {
		return c.tell(ctx, msg)
	}
	return r.a.self.sendAny(delivery{ctx: ctx}, any(msg))
}

// Ask sends msg and returns the future reply. It waits for nothing but, under
// ctx, room in a bounded inbox. If msg could not be sent the future has that
// error, which is one of those of Tell.
func (r Ref[M]) Ask(ctx context.Context, msg M) Future[any] {
	return future[any]{r.ask(ctx, msg)}
}

func (r Ref[M]) ask(ctx context.Context, msg M) *outcome {
	if err := r.check(ctx); err != nil {
		return failed(err)
	}
	o := &outcome{to: r.a}
	if err := r.send(ctx, msg, o); err != nil {
		return failed(err)
	}
	return o
}

func failed(err error) *outcome {
	o := new(outcome)
	o.resolve(nil, err)
	return o
}

func (r Ref[M]) send(ctx context.Context, msg M, o *outcome) error {
	if c, ok := r.a.self.(*cell[M]); ok && o.request == nil {
		return c.ask(ctx, msg, o)
	}
	return r.a.self.sendAny(delivery{ctx, o}, any(msg))
}

// Call sends msg and waits for the reply. If ctx ends first its error is
// returned, and msg is handled all the same. Other errors are those of Tell,
// ErrDead if the actor ended before it handled msg, and whatever the handler
// returned; the actor is none the worse for that.
//
// An actor that calls one which waits for it, directly or through others,
// gets ErrDeadlock, unless another wait in the ring would end sooner by its
// deadline: then that one gives way. A message whose handling has not begun
// by then is never handled.
//
// If nobody runs the actor the caller's goroutine may do so, its OnStart and
// earlier messages included, provided that its runtime allows it and that ctx
// cannot end or the actor was spawned with [Quick]. Get and Stop may, too.
// Then runtime.Goexit in the handler ends the caller, and a handler that locks
// its thread locks the caller's.
func (r Ref[M]) Call(ctx context.Context, msg M) (any, error) {
	if err := r.check(ctx); err != nil {
		return nil, err
	}
	if c, ok := r.a.self.(*cell[M]); ok {
		if value, err, ran := c.callIdle(ctx, msg); ran {
			return value, err
		}
	} else if value, err, ran := r.a.self.callIdleAny(ctx, any(msg)); ran {
		return value, err
	}
	o := newCall(ctx, r.a)
	if err := r.send(ctx, msg, o); err != nil {
		return nil, err
	}
	if err := o.await(ctx); err != nil {
		return nil, err
	}
	return o.value, o.err
}

// check is what every verb does first.
func (r Ref[M]) check(ctx context.Context) error {
	if err := checkContext(ctx); err != nil {
		return err
	}
	if r.a == nil {
		return errZeroRef
	}
	return nil
}

var errZeroRef = &deadError{}

// Stop asks the actor to stop after everything that it has accepted, and
// waits until OnStop has returned. It returns true if the actor was alive,
// whatever it then ended of, and false if it was dead. The request is made
// even if ctx is done, and stays made if ctx ends: the actor stops later.
//
// An actor that stops itself and waits for it gets ErrDeadlock, and stops.
func (r Ref[M]) Stop(ctx context.Context) (bool, error) {
	if ctx == nil {
		return false, errNilContext
	}
	if r.a == nil {
		return false, nil
	}
	o := r.a.stopFor(ctx, callerOf(ctx))
	if o == nil {
		return false, nil
	}
	if err := o.await(ctx); err != nil {
		return false, err
	}
	return As[bool](o.value, o.err)
}

// AskStop is Stop without waiting.
func (r Ref[M]) AskStop() Future[bool] {
	if r.a != nil {
		if o, _, _ := r.a.requestStop(notClaimed); o != nil {
			return future[bool]{o}
		}
	}
	o := new(outcome)
	o.resolve(false, nil)
	return future[bool]{o}
}

// Alive reports whether the actor took messages a moment ago. It may have
// ended since.
func (r Ref[M]) Alive() bool { return r.a != nil && r.a.word.Load()&closed == 0 }

// Done is closed when the actor has ended and every message that it accepted
// has its outcome.
func (r Ref[M]) Done() <-chan struct{} {
	if r.a == nil {
		return closedChan
	}
	return r.a.doneChan()
}

// Err says why the actor ended: nil for an orderly stop, and before Done is
// closed; ErrDead for the zero Ref.
func (r Ref[M]) Err() error {
	if r.a == nil {
		return errZeroRef
	}
	return r.a.exitErr()
}

// OnDone has f called with Err once the actor has ended: on the goroutine
// that ended it, or on this one if it has ended already. It must be quick. A
// call of stop before that takes f back, and returns true.
func (r Ref[M]) OnDone(f func(error)) (stop func() bool) {
	switch {
	case f == nil:
		return func() bool { return false }
	case r.a == nil:
		f(errZeroRef)
		return func() bool { return false }
	}
	return r.a.onDone(f)
}

// Name is the name given by [Named], or empty.
func (r Ref[M]) Name() string {
	if r.a == nil {
		return ""
	}
	return r.a.name()
}

// URN is the actor's unique name, urn:uuid: and a random UUID. It is the same
// for as long as the process lives; it is made when first asked for.
func (r Ref[M]) URN() string {
	if r.a == nil {
		return "urn:uuid:00000000-0000-0000-0000-000000000000"
	}
	return r.a.urn()
}

// Type is the concrete type of the actor, nil for the zero Ref.
func (r Ref[M]) Type() reflect.Type {
	if r.a == nil {
		return nil
	}
	return r.a.kind.key.typ
}

// System is the actor's system, nil for the zero Ref.
func (r Ref[M]) System() *System {
	if r.a == nil {
		return nil
	}
	return r.a.kind.sys
}

// String is the actor's type and URN.
func (r Ref[M]) String() string { return r.a.String() }

// GoString is String as %#v shows it.
func (r Ref[M]) GoString() string { return "core.Ref(" + r.String() + ")" }
