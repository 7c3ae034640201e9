package core

import (
	"context"
	"sync"
)

// Map returns the future of fn applied to the value of f. The first
// goroutine that calls Get runs fn, once; if f fails, fn does not run and
// the failure is Map's. What fn returns is kept, be it a value or an error. A
// nil f has failed with ErrInvalid, here and for Filter, Reduce and Join; so
// has what is derived with a nil function.
func Map[T, R any](f Future[T], fn func(T) (R, error)) Future[R] {
	if fn == nil {
		return future[R]{failed(errNilDerive)}
	}
	f = given(f)
	return newLazy(f.Done, func(ctx context.Context) (R, error) {
		v, err := f.Get(ctx)
		if err != nil {
			var zero R
			return zero, err
		}
		return fn(v)
	})
}

// Filter returns the future of those values of f that keep wants, in their
// order.
func Filter[T any](f Future[[]T], keep func(T) bool) Future[[]T] {
	if keep == nil {
		return future[[]T]{failed(errNilDerive)}
	}
	return Map(f, func(all []T) ([]T, error) {
		kept := make([]T, 0, len(all))
		for _, v := range all {
			if keep(v) {
				kept = append(kept, v)
			}
		}
		return kept, nil
	})
}

// Reduce returns the future of the left fold of the values of f, from
// initial.
func Reduce[T, R any](f Future[[]T], initial R, fn func(R, T) R) Future[R] {
	if fn == nil {
		return future[R]{failed(errNilDerive)}
	}
	return Map(f, func(all []T) (R, error) {
		acc := initial
		for _, v := range all {
			acc = fn(acc, v)
		}
		return acc, nil
	})
}

// Join returns the future of all values of fs, in the order of fs, or of the
// first failure in that order. One context bounds the whole wait. Join of
// nothing is an empty slice.
func Join[T any](fs ...Future[T]) Future[[]T] {
	allDone := sync.OnceValue(func() <-chan struct{} { return joinDone(fs) })
	return newLazy(allDone, func(ctx context.Context) ([]T, error) {
		all := make([]T, len(fs))
		for i, f := range fs {
			v, err := given(f).Get(ctx)
			if err != nil {
				return nil, err
			}
			all[i] = v
		}
		return all, nil
	})
}

// joinDone closes its channel when every future's Done is closed, which may
// take a goroutine; it ends with the last of them.
func joinDone[T any](fs []Future[T]) <-chan struct{} {
	all := make(chan struct{})
	go func() {
		defer close(all)
		for _, f := range fs {
			awaitDone(given(f))
		}
	}()
	return all
}

// awaitDone waits until f is done. One of another package may panic, where
// nobody could recover; that it does is for Get to say.
func awaitDone[T any](f Future[T]) {
	defer func() { _ = recover() }()
	<-f.Done()
}

// given is f, or a future that has failed if there is none.
func given[T any](f Future[T]) Future[T] {
	if isNil(f) {
		return future[T]{failed(errNilFuture)}
	}
	return f
}

var (
	errNilFuture = invalid("nil Future; Ask returns one, and so does Future of a Promise")
	errNilDerive = invalid("nil function; Map, Filter and Reduce take the one to apply to the value")
)
