package core_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// P35: an actor that calls Shutdown does not wait for one that waits for it.
func TestShutdownFromAnActorThatIsWaitedFor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		x := spawn(t, sys, core.Func(func(ctx context.Context, n int) (int, error) {
			return n + 1, sys.Shutdown(ctx)
		}))
		y := spawn(t, sys, core.Func(func(ctx context.Context, n int) (int, error) {
			return core.As[int](x.Ask(ctx, n).Get(ctx))
		}))
		got, err := core.As[int](y.Call(ctx, 1))
		require.NoError(t, err)
		assert.Equal(t, 2, got)
		require.NoError(t, sys.Shutdown(ctx))
	})
}

// P70: a ring is found though a turn below it on the stack called with a
// context that is nobody's.
func TestRingAboveACallOfNobody(t *testing.T) {
	sys := testkit.System(t, testkit.Runtime{Name: "goroutine", New: func() core.Runtime { return goroutine.New() }})
	var b core.Ref[int]
	c := spawn(t, sys, core.Func(func(ctx context.Context, n int) (any, error) { return b.Call(ctx, n) }))
	b = spawn(t, sys, core.Func(func(ctx context.Context, n int) (any, error) { return c.Call(ctx, n) }))
	a := spawn(t, sys, core.Func(func(_ context.Context, n int) (any, error) { return b.Call(context.Background(), n) }))
	for _, warm := range []core.Ref[int]{a, b, c} { // idle, so that calls run inline
		_, err := warm.Any().Call(testkit.Context(t), core.Invoke(func(context.Context, any) (any, error) { return nil, nil }))
		require.NoError(t, err)
	}
	_, err := a.Ask(testkit.Context(t), 1).Get(testkit.Context(t))
	assert.ErrorIs(t, err, core.ErrDeadlock)
}

// P59: a nil Invoke is refused by every verb, and calls nothing.
func TestNilInvoke(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		e := &echo{}
		for _, ref := range []core.Ref[any]{
			spawn(t, sys, e),
			spawn(t, sys, core.Func(func(context.Context, int) (any, error) { t.Error("called"); return nil, nil })).Any(),
		} {
			assert.ErrorIs(t, ref.Tell(ctx, core.Invoke(nil)), core.ErrInvalid)
			_, err := ref.Call(context.Background(), core.Invoke(nil))
			assert.ErrorIs(t, err, core.ErrInvalid)
			_, err = ref.Ask(ctx, core.Invoke(nil)).Get(ctx)
			assert.ErrorIs(t, err, core.ErrInvalid)
			stop(t, ref)
		}
		assert.Empty(t, e.got)
	})
}

// P58: that another actor does not take a message is no ErrUnhandled of the sender's own.
func TestRefusalDoesNotSteerTheSender(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		b := spawn(t, sys, core.Func(func(context.Context, int) (any, error) { return nil, nil }))
		a := spawn(t, sys, core.Func(func(ctx context.Context, _ int) (any, error) { return b.Any().Call(ctx, "text") }))
		require.NoError(t, a.Tell(ctx, 1))
		testkit.Wait(t, a.Done(), "the end of the actor that failed")
		assert.ErrorIs(t, a.Err(), core.ErrUnhandled)
	})
}

// P30: a panic with an error that would steer the actor if returned is a failure all the same.
func TestPanicWithAControlError(t *testing.T) {
	for _, with := range []error{core.ErrStop, core.ErrUnhandled} {
		testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
			ctx := testkit.Context(t)
			ref := spawn(t, sys, core.Func(func(context.Context, int) (any, error) { panic(with) }))
			_, err := ref.Call(ctx, 1)
			var p *core.PanicError
			require.ErrorAs(t, err, &p)
			assert.True(t, ref.Alive())
			require.NoError(t, ref.Tell(ctx, 1))
			testkit.Wait(t, ref.Done(), "the end of the actor")
			require.ErrorAs(t, ref.Err(), &p)
		})
	}
}

// P5: a nil pointer for a runtime is no runtime, and Shutdown lives through it.
func TestNilPointerRuntime(t *testing.T) {
	var none *goroutine.Runtime
	sys := core.NewSystem(none)
	_, err := core.Spawn(sys, &echo{})
	require.ErrorIs(t, err, core.ErrInvalid)
	require.NoError(t, sys.Shutdown(testkit.Context(t)))
}
