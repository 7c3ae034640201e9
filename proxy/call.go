package proxy

import (
	"context"
	"fmt"

	"github.com/troupe-go/troupe/core"
)

// Call runs f on the actor's value, in the actor's turn and with the actor's
// context, and waits. It returns what f returned, a value beside an error
// included. Other errors are those of [core.Ref.Call]. An error of f, or a
// panic, is the caller's: the actor is none the worse for it, and f may
// return [core.ErrStop] as a handler may.
func Call[T, R any](ctx context.Context, p Proxy[T], f func(ctx context.Context, v T) (R, error)) (R, error) {
	if f == nil {
		var zero R
		return zero, errNilFunc
	}
	return Results[R](call(ctx, p.ref, function[T, R](f)))
}

// Ask is Call without waiting: the future has what Call would return.
func Ask[T, R any](ctx context.Context, p Proxy[T], f func(ctx context.Context, v T) (R, error)) core.Future[R] {
	if f == nil {
		return failed[R](errNilFunc)
	}
	return future[R]{ask(ctx, p.ref, function[T, R](f))}
}

// Tell has f run as Call does, and does not wait for it. An error or a panic
// of f is the actor's failure, and its end. The errors of Tell itself are
// those of [core.Ref.Tell].
func Tell[T any](ctx context.Context, p Proxy[T], f func(ctx context.Context, v T) error) error {
	if f == nil {
		return errNilFunc
	}
	return p.ref.Tell(ctx, core.Invoke(func(ctx context.Context, actor any) (any, error) {
		return nil, f(ctx, actor.(T))
	}))
}

// Get reads the field that field points at, and waits for it:
//
//	n, err := proxy.Get(ctx, p, func(c *Counter) *int { return &c.n })
func Get[T, V any](ctx context.Context, p Proxy[T], field func(T) *V) (V, error) {
	if field == nil {
		var zero V
		return zero, errNilFunc
	}
	return Call(ctx, p, func(_ context.Context, v T) (V, error) { return *field(v), nil })
}

// Set writes the field that field points at, and waits for it. The error is
// [core.ErrInvalid], and nothing is written, if the field is in a copy of the
// actor's value: that of an actor that is no pointer.
func Set[T, V any](ctx context.Context, p Proxy[T], field func(T) *V, value V) error {
	if field == nil {
		return errNilFunc
	}
	_, err := Call(ctx, p, func(_ context.Context, v T) (any, error) {
		at := field(v)
		if at != field(v) {
			return nil, fmt.Errorf("%w: a field of a copy; the actor's value is a %T, and has to be a pointer", core.ErrInvalid, v)
		}
		*at = value
		return nil, nil
	})
	return err
}

var errNilFunc = fmt.Errorf("%w: proxy of a nil function; give the one to call on the actor's value", core.ErrInvalid)
