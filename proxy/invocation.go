package proxy

import (
	"context"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// A function is what a user has run on an actor's value.
type function[T, R any] func(context.Context, T) (R, error)

func (f function[T, R]) invoke(ctx context.Context, actor any) (any, error) {
	r, err := f(ctx, actor.(T))
	if err != nil {
		err = &failure[R]{r, err}
	}
	return r, err
}

// An invoker is a function of any types, or a method with its arguments.
type invoker interface {
	invoke(ctx context.Context, actor any) (any, error)
}

// An invocation is an invoker on its way to an actor. Its message is made
// once, so that it can be used again and a call needs no memory of its own.
type invocation struct {
	of      invoker
	message core.Invoke
}

var invocations = sync.Pool{New: func() any {
	i := new(invocation)
	i.message = func(ctx context.Context, actor any) (any, error) { return i.of.invoke(ctx, actor) }
	return i
}}

// call has the actor run f, and waits.
func call(ctx context.Context, ref core.Ref[any], f invoker) (any, error) {
	i := invocations.Get().(*invocation)
	i.of = f
	reply, err := ref.Call(ctx, i.message)
	if err == nil { // f has run; else its message may still be in the inbox
		i.of = nil
		invocations.Put(i)
	}
	return reply, err
}

// ask is call without waiting.
func ask(ctx context.Context, ref core.Ref[any], f invoker) core.Future[any] {
	return ref.Ask(ctx, core.Invoke(f.invoke))
}
