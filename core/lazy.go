package core

import (
	"context"
	"errors"
	"runtime/debug"
)

// A computation is how the outcome of a lazy future comes about: by the
// first goroutine that calls Get, with its context. Others wait, each no
// longer than its own context. If the computing one's context ends and the
// function says so, nothing has been computed, and another goroutine that
// waits takes its place.
type computation struct {
	f     func(context.Context) (any, error)
	busy  bool                   // guarded by outcome.mu
	ready func() <-chan struct{} // what Done returns; nil if Get waits for nobody
}

func (o *outcome) compute(ctx context.Context) error {
	for {
		if ctx.Err() != nil && !o.settled() {
			return contextError(ctx)
		}
		if o.takeOver() {
			return o.runLazy(ctx)
		}
		if o.settled() {
			return nil
		}
		if err := o.awaitComputing(ctx); err != nil {
			return err
		}
	}
}

// takeOver makes the caller the computing goroutine, if none is.
func (o *outcome) takeOver() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.settled() || o.lazy.busy {
		return false
	}
	o.lazy.busy = true
	return true
}

// runLazy runs the function and keeps what it returned, unless that is only
// the end of ctx.
func (o *outcome) runLazy(ctx context.Context) (err error) {
	value, failure := any(nil), errGoexit // which stays if f ends the goroutine
	defer func() {
		if p := recover(); p != nil {
			failure = &PanicError{p, debug.Stack()}
		}
		err = o.keep(ctx, value, failure)
	}()
	value, failure = o.lazy.f(ctx)
	return nil
}

func (o *outcome) keep(ctx context.Context, value any, failure error) error {
	gaveUp := failure != nil && isEndOf(ctx, failure)
	o.mu.Lock()
	o.lazy.busy = false
	var waiters *Parking
	if gaveUp {
		waiters, o.waiters = o.waiters, nil
	} else {
		waiters = o.settle(value, failure)
		o.lazy.f = nil
	}
	o.mu.Unlock()
	unparkAll(waiters)
	if gaveUp {
		return failure
	}
	return nil
}

// isEndOf reports whether err says that ctx has ended.
func isEndOf(ctx context.Context, err error) bool {
	return ctx.Err() != nil && quietly(func() bool {
		return errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))
	})
}

// awaitComputing waits until nobody computes the outcome any more.
func (o *outcome) awaitComputing(ctx context.Context) error {
	by := callerOf(ctx)
	p := newParking(by, nil)
	if !o.enlist(p, lazy) {
		return nil
	}
	err := park(ctx, by, nil, p, notComputing{o})
	o.delist(p)
	return err
}

type notComputing struct{ *outcome }

func (n notComputing) settled() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.outcome.settled() || !n.lazy.busy
}

// newLazy makes the outcome of a derived future.
func newLazy[R any](ready func() <-chan struct{}, f func(context.Context) (R, error)) Future[R] {
	o := &outcome{lazy: &computation{ready: ready, f: boxed(f)}}
	o.phase.Store(lazy)
	return future[R]{o}
}

func boxed[R any](f func(context.Context) (R, error)) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) { return f(ctx) }
}
