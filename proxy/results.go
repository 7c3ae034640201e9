package proxy

import (
	"context"

	"github.com/troupe-go/troupe/core"
)

// A failure is the error of a function and the value that it returned beside
// it, as io.Reader does. Core hands an asker the error alone, and has to find
// in it what steers the actor.
type failure[R any] struct {
	value R
	err   error
}

func (f *failure[R]) Error() string { return f.err.Error() }
func (f *failure[R]) Unwrap() error { return f.err }

// Reply and Results are for generated code: what a method returned as core
// takes it, and back. Results[R](Reply(r, err)) is r, err, and it is so
// behind a call that goes through an actor.
func Reply[R any](r R, err error) (any, error) {
	if err != nil {
		err = &failure[R]{r, err}
	}
	return r, err
}

// Results are those of the function, of what core says came of it.
func Results[R any](reply any, err error) (R, error) {
	if err == nil {
		return core.As[R](reply, nil)
	}
	switch e := err.(type) {
	case *failure[R]:
		return e.value, e.err
	case interface{ As(any) bool }: // core's wrapper around an error that steers
		var f *failure[R]
		if e.As(&f) {
			return f.value, err
		}
	}
	var zero R
	return zero, err
}

// A future is the reply to an Ask with the type of the function's result.
type future[R any] struct{ reply core.Future[any] }

func (f future[R]) Get(ctx context.Context) (R, error) { return Results[R](f.reply.Get(ctx)) }

func (f future[R]) Done() <-chan struct{} { return f.reply.Done() }

func failed[R any](err error) core.Future[R] {
	var p core.Promise[R]
	_ = p.Reject(err) // the first completion, of an error that is not nil
	return p.Future()
}
