package core_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A goroutine that a handler started, with the handler's context, runs an idle
// actor inline, and that actor waits for itself. Its turn is on the goroutine
// though the turn that the goroutine passes for is not.
func TestRingOfAnActorThatRunsInlineBesideATurn(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		got := make(chan error, 1)
		inner, err := core.Spawn(sys, core.Func(func(ctx context.Context, wait bool) (int, error) {
			if wait {
				_, err := core.Self[bool](ctx).Ask(ctx, false).Get(ctx)
				got <- err
			}
			return 0, nil
		}))
		require.NoError(t, err)
		_, err = inner.Call(ctx, false) // so that it has started
		require.NoError(t, err)
		outer, err := core.Spawn(sys, core.Func(func(ctx context.Context, _ int) (int, error) {
			go func() { _, _ = inner.Call(ctx, true) }()
			return 0, nil
		}))
		require.NoError(t, err)
		require.NoError(t, outer.Tell(ctx, 0))
		require.ErrorIs(t, testkit.Wait(t, got, "the wait of the inner actor"), core.ErrDeadlock)
	})
}
