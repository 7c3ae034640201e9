package core

import "context"

// Returns declares the type of the reply to messages of a struct type that
// embeds it first, so that [Call] and [Ask] know it:
//
//	type Get struct{ core.Returns[int] }
//
//	n, err := core.Call(ctx, counter, Get{}) // n is an int
type Returns[R any] struct{}

func (Returns[R]) returns(R) {}

// A Request is a message whose type embeds Returns[R].
type Request[R any] interface{ returns(R) }

// Call is [Ref.Call] for a message that declares its reply. A message that is
// no M, and a reply that is no R, is an error: ErrUnhandled, ErrInvalid.
func Call[R, M any](ctx context.Context, ref Ref[M], msg Request[R]) (R, error) {
	m, err := messageFor(ref, msg)
	if err != nil {
		var zero R
		return zero, err
	}
	return As[R](ref.Call(ctx, m))
}

// Ask is [Ref.Ask] for a message that declares its reply.
func Ask[R, M any](ctx context.Context, ref Ref[M], msg Request[R]) Future[R] {
	m, err := messageFor(ref, msg)
	if err != nil {
		return future[R]{failed(err)}
	}
	return future[R]{ref.ask(ctx, m)}
}

func messageFor[M any](ref Ref[M], msg any) (M, error) {
	m, ok := msg.(M)
	if !ok {
		return m, wrongMessage[M](ref.a, msg)
	}
	return m, nil
}
