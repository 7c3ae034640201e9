package core

import "context"

// A Promise is the writing half of a [Future]. The zero Promise is ready for
// use; a Promise must not be copied. Its methods may be called from any
// goroutine. It has one completion: of Resolve, Reject and Compute the first
// call wins, and every later one returns [ErrResolved] and changes nothing.
type Promise[T any] struct {
	_ [0]func() // not comparable, and vet's copylocks sees the mutex in o
	o outcome
}

// Future returns the reading half, always the same one.
func (p *Promise[T]) Future() Future[T] { return future[T]{&p.o} }

// Resolve completes the future with v, which may be a zero value, an error or
// another Future; it is kept as it is.
func (p *Promise[T]) Resolve(v T) error { return p.complete(v, nil) }

// Reject completes the future with err. A nil err is ErrInvalid.
func (p *Promise[T]) Reject(err error) error {
	if err == nil {
		return invalid("Reject of a nil error; Resolve completes without one")
	}
	return p.complete(nil, err)
}

func (p *Promise[T]) complete(value any, err error) error {
	p.o.mu.Lock()
	if p.o.phase.Load() != pending {
		p.o.mu.Unlock()
		return ErrResolved
	}
	waiters := p.o.settle(value, err)
	p.o.mu.Unlock()
	unparkAll(waiters)
	return nil
}

// Compute completes the future with what f returns, value or error. It does
// not call f: the first goroutine that calls Get does, and passes its own
// context. Others that call Get meanwhile wait, no longer than their own
// contexts allow. An error of f that is the end of the context it was given
// is not kept; the next Get calls f again. A panic of f, or its end by
// runtime.Goexit, is an error like any other.
//
// A Get that computes returns when f does, so f should return when its
// context ends. Get of the future from within f never returns.
func (p *Promise[T]) Compute(f func(context.Context) (T, error)) error {
	if f == nil {
		return invalid("Compute of a nil function; it takes one that computes the value")
	}
	p.o.mu.Lock()
	if p.o.phase.Load() != pending {
		p.o.mu.Unlock()
		return ErrResolved
	}
	p.o.lazy = &computation{f: boxed(f)}
	p.o.phase.Store(lazy)
	waiters := p.o.stir()
	p.o.mu.Unlock()
	unparkAll(waiters)
	return nil
}
