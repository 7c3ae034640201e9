package core_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// P70: a handler that waits with another actor's context makes that actor wait for nobody: there is no ring through it while it goes on.
func TestNoRingThroughAnActorWhoseContextIsUsed(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		// x waits for a, which is busy, and d for x with a's context.
		refs := players(t, sys, 3)
		a, d, x := refs[0], refs[1], refs[2]
		gateX, resultX := begin(t, x, calling(a))
		gateA, hers := testkit.NewGate(t), make(chan context.Context, 1)
		require.NoError(t, a.Tell(testkit.Context(t), func(ctx context.Context) (any, error) {
			hers <- ctx
			gateA.PassIn(ctx)
			return nil, nil
		}))
		ctx := testkit.Wait(t, hers, "a's context")
		gateX.Open()
		eventuallyWaits(t, x)
		_, resultD := beginOpen(t, d, func(context.Context) (any, error) { return x.Call(ctx, reply) })
		testkit.Eventually(t, func() bool { return waits(t, d) || len(resultD) > 0 }, "d to be the one that waits")
		gateA.Open()
		assert.NoError(t, testkit.Wait(t, resultX, "x's call"))
		assert.NoError(t, testkit.Wait(t, resultD, "d's call"))
	})
}

// P70: a ring is found, though one of its waits is made with another actor's context.
func TestRingThroughAnActorThatUsesAnothersContext(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		// a calls d, which calls x with a's context, and x calls a.
		refs := players(t, sys, 3)
		a, d, x := refs[0], refs[1], refs[2]
		gateX, resultX := begin(t, x, calling(a))
		_, resultA := beginOpen(t, a, func(ctx context.Context) (any, error) {
			standing, cancel := context.WithTimeout(ctx, time.Hour) // so that d runs elsewhere
			defer cancel()
			return d.Call(standing, func(context.Context) (any, error) { return x.Call(ctx, reply) })
		})
		eventuallyWaits(t, a)
		gateX.Open()
		errX, errA := testkit.Wait(t, resultX, "x's call"), testkit.Wait(t, resultA, "a's call")
		if errX == nil {
			errX, errA = errA, errX
		}
		assert.ErrorIs(t, errX, core.ErrDeadlock)
		assert.NoError(t, errA)
	})
}

// P70: the trace of a stack names the turns on it, up to the hundred frames that Go prints; deeper down the guess has to do.
func TestRingBelowADeepStack(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := players(t, sys, 1)[0]
		var deep func(n int, f func() error) error
		deep = func(n int, f func() error) error {
			if n == 0 {
				return f()
			}
			return deep(n-1, f)
		}
		err := deep(100, func() error { // beneath the turn, if that is lent
			_, err := ref.Call(context.Background(), func(ctx context.Context) (any, error) {
				return nil, deep(100, func() error {
					_, err := ref.Call(ctx, reply)
					return err
				})
			})
			return err
		})
		assert.ErrorIs(t, err, core.ErrDeadlock)
	})
}
