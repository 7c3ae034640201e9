package runtime_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

var errFar = errors.New("far away")

func TestPairTell(t *testing.T) {
	eachPair(t, func(t *testing.T, p pair) {
		var want []any
		for i := range 100 {
			want = append(want, i)
		}
		_, err := in(t, p.near, func(ctx context.Context) (any, error) {
			for _, msg := range want {
				if err := p.far.Tell(ctx, msg); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		require.NoError(t, err)
		got, err := p.far.Call(testkit.Context(t), "last")
		require.NoError(t, err)
		assert.Equal(t, append(want, "last"), got)
	})
}

func TestPairAsk(t *testing.T) {
	eachPair(t, func(t *testing.T, p pair) {
		_, err := in(t, p.near, func(ctx context.Context) (any, error) {
			first, second := p.far.Ask(ctx, "first"), p.far.Ask(ctx, "second")
			fails := p.far.Ask(ctx, testkit.Do(func(context.Context) (any, error) { return nil, errFar }))
			got, err := second.Get(ctx)
			assert.Equal(t, []any{"first", "second"}, got)
			assert.NoError(t, err)
			got, err = first.Get(ctx)
			assert.Equal(t, []any{"first"}, got)
			assert.NoError(t, err)
			return fails.Get(ctx)
		})
		assert.Same(t, errFar, err)
	})
}

func TestPairCall(t *testing.T) {
	eachPair(t, func(t *testing.T, p pair) {
		got, err := in(t, p.near, func(ctx context.Context) (any, error) { return p.far.Call(ctx, "idle") })
		require.NoError(t, err)
		assert.Equal(t, []any{"idle"}, got)

		gate := testkit.Hold(t, p.far)
		call := begin(t, p.near, func(ctx context.Context) (any, error) { return p.far.Call(ctx, "busy") })
		p.checkWaits(t, call)
		gate.Open()
		got, err = call.Get(testkit.Context(t))
		require.NoError(t, err)
		assert.Equal(t, []any{"idle", "busy"}, got)
	})
}

// checkWaits fails the test unless others run on near's runtime while near
// waits.
func (p pair) checkWaits(t *testing.T, near core.Future[any]) {
	t.Helper()
	_, err := p.beside.Call(testkit.Context(t), "meanwhile")
	require.NoError(t, err)
	select {
	case <-near.Done():
		t.Error("did not wait")
	default:
	}
}

func TestPairStop(t *testing.T) {
	eachPair(t, func(t *testing.T, p pair) {
		gate := testkit.Hold(t, p.far)
		require.NoError(t, p.far.Tell(testkit.Context(t), "accepted"))
		stop := begin(t, p.near, func(ctx context.Context) (any, error) { return p.far.Stop(ctx) })
		p.checkWaits(t, stop)
		assert.Empty(t, p.stops.All())
		gate.Open()
		stopped, err := stop.Get(testkit.Context(t))
		require.NoError(t, err)
		assert.Equal(t, true, stopped)
		assert.Equal(t, []string{"far with [accepted]"}, p.stops.All())

		stopped, err = in(t, p.near, func(ctx context.Context) (any, error) { return p.far.Stop(ctx) })
		require.NoError(t, err)
		assert.Equal(t, false, stopped)
		_, err = in(t, p.near, func(ctx context.Context) (any, error) { return nil, p.far.Tell(ctx, "late") })
		assert.ErrorIs(t, err, core.ErrDead)
	})
}

// Near and far call each other: one of the calls fails, and either actor goes
// on.
func TestPairDeadlock(t *testing.T) {
	eachPair(t, func(t *testing.T, p pair) {
		gate := testkit.NewGate(t)
		calls := func(to core.Ref[any]) testkit.Do {
			return func(ctx context.Context) (any, error) {
				gate.PassIn(ctx)
				return to.Call(ctx, "round")
			}
		}
		there, back := begin(t, p.near, calls(p.far)), begin(t, p.far, calls(p.near))
		gate.Open()
		_, err := there.Get(testkit.Context(t))
		_, err2 := back.Get(testkit.Context(t))
		if err == nil {
			err, err2 = err2, err
		}
		assert.ErrorIs(t, err, core.ErrDeadlock)
		assert.NoError(t, err2)
		for _, ref := range []core.Ref[any]{p.near, p.far} {
			assert.ErrorContains(t, err, ref.URN())
			_, err := ref.Call(testkit.Context(t), "after")
			assert.NoError(t, err)
		}
	})
}

func TestPairBoundedInbox(t *testing.T) {
	eachPair(t, func(t *testing.T, p pair) {
		gate := testkit.Hold(t, p.far)
		tells := begin(t, p.near, func(ctx context.Context) (any, error) {
			for i := range 5 {
				if err := p.far.Tell(ctx, i); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		p.checkWaits(t, tells)
		gate.Open()
		_, err := tells.Get(testkit.Context(t))
		require.NoError(t, err)
		got, err := p.far.Call(testkit.Context(t), 5)
		require.NoError(t, err)
		assert.Equal(t, []any{0, 1, 2, 3, 4, 5}, got)
	}, core.Bounded(2, core.Wait))
}

// The system is shut down while near waits for far: the newest actor first,
// each with what it has accepted.
func TestPairShutdown(t *testing.T) {
	eachPair(t, func(t *testing.T, p pair) {
		gate := testkit.Hold(t, p.far)
		call := begin(t, p.near, func(ctx context.Context) (any, error) { return p.far.Call(ctx, "called") })
		p.checkWaits(t, call)
		testkit.Eventually(t, func() bool { return p.sys.Stats().Waiting == 1 }, "far to accept the call")
		require.NoError(t, p.far.Tell(testkit.Context(t), "told"))
		down := make(chan error, 1)
		go func() { down <- p.sys.Shutdown(testkit.Context(t)) }()
		gate.Open()
		assert.NoError(t, testkit.Wait(t, down, "Shutdown"))
		got, err := call.Get(testkit.Context(t))
		assert.NoError(t, err)
		assert.Equal(t, []any{"called"}, got)
		assert.Equal(t, []string{"far with [called told]", "near with []", "beside with [meanwhile]"}, p.stops.All())
	})
}

// An actor on the other runtime shuts down the system that it is in.
func TestPairShutdownFromFar(t *testing.T) {
	eachPair(t, func(t *testing.T, p pair) {
		_, err := in(t, p.far, func(ctx context.Context) (any, error) { return nil, p.sys.Shutdown(ctx) })
		require.NoError(t, err)
		for _, ref := range []core.Ref[any]{p.near, p.beside, p.far} {
			testkit.Wait(t, ref.Done(), "the end of an actor")
		}
		assert.Equal(t, []string{"near with []", "beside with []", "far with []"}, p.stops.All())
	})
}
