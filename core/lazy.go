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
	busy  bool                   // guarded by outcome.mu, as is round
	round uint64                 // how many goroutines have begun
	ready func() <-chan struct{} // what Done returns; nil if Get waits for nobody
}

func (o *outcome) compute(ctx context.Context) error {
	for {
		if ctx.Err() != nil && !o.settled() {
			return contextError(ctx)
		}
		round, mine := o.takeOver()
		if mine {
			return o.runLazy(ctx)
		}
		if o.settled() {
			return nil
		}
		if err := o.awaitRound(ctx, round); err != nil {
			return err
		}
	}
}

// takeOver makes the caller the computing goroutine, if none is. It returns
// the round that is under way.
func (o *outcome) takeOver() (round uint64, mine bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.settled() || o.lazy.busy {
		return o.lazy.round, false
	}
	o.lazy.busy = true
	o.lazy.round++
	return o.lazy.round, true
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

// awaitRound waits until the round is over. Another may be under way by then:
// who waits for that has to enlist again.
func (o *outcome) awaitRound(ctx context.Context, round uint64) error {
	by := callerOf(ctx)
	p := newParking(by, nil)
	if !o.enlist(p, lazy) {
		return nil
	}
	err := park(ctx, by, nil, p, roundOver{o, round})
	o.delist(p)
	return err
}

type roundOver struct {
	*outcome
	round uint64
}

func (r roundOver) settled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.outcome.settled() || !r.lazy.busy || r.lazy.round != r.round
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
