package core

import (
	"context"
	"fmt"
	"reflect"
)

// A Future is a value that will be there. Any number of goroutines may wait
// for it, each with a context of its own, and all get the same outcome.
//
// The futures of core never change once they have an outcome. Other packages
// may implement Future too.
type Future[T any] interface {
	// Get waits for the outcome or for ctx. An outcome that is there wins,
	// even over a ctx that is done; a nil ctx is ErrInvalid all the same. An
	// error that is ctx's own leaves the future as it was, and a later Get may
	// succeed.
	//
	// The handler of an actor that waits gives its place to other actors.
	// A Get that would complete a ring of waiting actors returns
	// ErrDeadlock.
	Get(ctx context.Context) (T, error)
	// Done is closed when there is nobody else to wait for: the outcome is
	// there, or it takes a Get to compute it. That one does with a ctx that
	// is not done; while it does, others wait for it.
	Done() <-chan struct{}
}

// A future is the typed view of an outcome. It is one pointer, so that it
// becomes a Future without an allocation.
type future[T any] struct{ o *outcome }

func (f future[T]) Get(ctx context.Context) (T, error) {
	if err := f.o.await(ctx); err != nil {
		var zero T
		return zero, err
	}
	return As[T](f.o.value, f.o.err)
}

func (f future[T]) Done() <-chan struct{} { return f.o.doneChan() }

func (f future[T]) String() string { return "Future(" + f.o.describe() + ")" }

// As gives the two results of Call, or of anything else that returns an
// untyped reply, a type: n, err := core.As[int](ref.Call(ctx, msg)). A reply
// of another type is ErrInvalid. An err comes back unchanged.
func As[R any](reply any, err error) (R, error) {
	var zero R
	if err != nil {
		return zero, err
	}
	if r, ok := reply.(R); ok {
		return r, nil
	}
	if reply == nil && any(zero) == nil {
		return zero, nil // nil is a value of any interface type
	}
	return zero, invalid("reply is %s, want %s", typeName(reply), reflect.TypeFor[R]())
}

func typeName(v any) string { return fmt.Sprintf("%T", v) }
