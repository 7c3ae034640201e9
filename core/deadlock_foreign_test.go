package core_test

import (
	"context"
	"runtime"
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
		ctx, gateA, resultX := waitForBusy(t, x, a)
		_, resultD := beginOpen(t, d, func(context.Context) (any, error) { return x.Call(ctx, reply) })
		testkit.Eventually(t, func() bool { return waits(t, d) || len(resultD) > 0 }, "d to be the one that waits")
		gateA.Open()
		assert.NoError(t, testkit.Wait(t, resultX, "x's call"))
		assert.NoError(t, testkit.Wait(t, resultD, "d's call"))
	})
}

// waitForBusy has a run, and x wait for it. It returns a's context, the gate
// that a is at, and what comes of x's call.
func waitForBusy(t *testing.T, x, a core.Ref[script]) (context.Context, *testkit.Gate, <-chan error) {
	t.Helper()
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
	return ctx, gateA, resultX
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

// deep calls f below n frames of its own.
func deep(n int, f func() error) error {
	if n == 0 {
		return f()
	}
	err := deep(n-1, f)
	runtime.KeepAlive(&err) // no frame may be optimised away
	return err
}

// P70: a ring is found below a deep handler: of the hundred frames that a trace has, the bottom ones name the turn.
func TestRingBelowADeepStack(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := players(t, sys, 1)[0]
		_, err := ref.Call(context.Background(), func(ctx context.Context) (any, error) {
			return nil, deep(200, func() error {
				_, err := ref.Call(ctx, reply)
				return err
			})
		})
		assert.ErrorIs(t, err, core.ErrDeadlock)
	})
}

// P70: a ring is found through an actor whose turn is in the middle of a stack of inline calls, where a trace leaves it out.
func TestRingToTheMiddleOfADeepStack(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		const n = 40
		refs := players(t, sys, n)
		var next func(i int) script
		next = func(i int) script {
			return func(ctx context.Context) (any, error) {
				if i == n {
					return refs[n/2].Call(ctx, reply)
				}
				return refs[i].Call(ctx, next(i+1))
			}
		}
		_, err := refs[0].Call(testkit.Context(t), next(1))
		assert.ErrorIs(t, err, core.ErrDeadlock)
	})
}

// P70: no ring is imagined where a trace leaves out the turn of an actor that uses the context of another.
func TestNoRingInTheMiddleOfADeepStack(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		// c waits for a, which is busy, and b for c with a's context.
		refs := players(t, sys, 3)
		a, b, c := refs[0], refs[1], refs[2]
		ctx, gateA, resultC := waitForBusy(t, c, a)
		resultB := make(chan error, 1)
		go func() {
			resultB <- deep(100, func() error {
				_, err := b.Call(context.Background(), func(context.Context) (any, error) {
					return nil, deep(100, func() error {
						_, err := c.Call(ctx, reply)
						return err
					})
				})
				return err
			})
		}()
		testkit.Eventually(t, func() bool {
			return sys.Stats().Waiting == 2 && !waits(t, a) || len(resultB) > 0
		}, "b to wait, and not as a")
		gateA.Open()
		assert.NoError(t, testkit.Wait(t, resultB, "b's call"))
		assert.NoError(t, testkit.Wait(t, resultC, "c's call"))
	})
}
