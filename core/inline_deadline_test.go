package core_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A caller whose context can end does not run a turn, which it could not leave.
func TestInlineNotWithADeadline(t *testing.T) {
	l, sys := newLender(t)
	ref := l.spawn(t, sys, &testkit.Probe{})
	l.release()
	cancelled, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, ctx := range []context.Context{testkit.Context(t), cancelled} {
		for range 10 {
			at, err := ref.Call(ctx, here)
			require.NoError(t, err)
			assert.NotEqual(t, testkit.Goroutine(), at)
		}
	}
	assert.Zero(t, l.loans)
}

// Nor does a handler with such a context that is derived of its own.
func TestInlineNotWithADerivedDeadline(t *testing.T) {
	l, sys := newLender(t)
	caller, callee := l.spawn(t, sys, &testkit.Probe{}), l.spawn(t, sys, &testkit.Probe{})
	l.release()
	at, err := caller.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
		ctx, cancel := context.WithTimeout(ctx, testkit.Patience)
		defer cancel()
		return callee.Call(ctx, here)
	}))
	assert.NoError(t, err)
	assert.NotEqual(t, testkit.Goroutine(), at)
	assert.Equal(t, 1, l.loans)
}

// An actor that is Quick is run by callers with a deadline too.
func TestInlineQuick(t *testing.T) {
	l, sys := newLender(t)
	var stopped int
	p := &testkit.Probe{Stop: func(context.Context) error { stopped = testkit.Goroutine(); return nil }}
	ref := l.spawn(t, sys, p, core.Quick())
	_, err := ref.Stop(testkit.Context(t))
	require.NoError(t, err)
	assert.Equal(t, testkit.Goroutine(), stopped)
}

// giveUp calls ref with a context that ends once the call is under way, and waits until the call has returned.
func giveUp(t *testing.T, ref core.Ref[any], msg any) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ctx, waits := testkit.Waiting(ctx)
	result := make(chan error, 1)
	go func() {
		_, err := ref.Call(ctx, msg)
		result <- err
	}()
	testkit.Wait(t, waits, "the call")
	cancel()
	assert.ErrorIs(t, testkit.Wait(t, result, "the end of the call"), context.Canceled)
}

// A caller leaves when its context ends an actor that is busy, be it Quick, and one that was idle.
func TestInlineKeepsTheDeadline(t *testing.T) {
	for name, opts := range map[string][]core.Option{"plain": nil, "quick": {core.Quick()}} {
		t.Run("busy_"+name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				p := &testkit.Probe{}
				ref := p.Spawn(t, sys, opts...)
				held := testkit.Hold(t, ref)
				giveUp(t, ref, "late")
				held.Open()
				_, err := ref.Call(testkit.Context(t), "last")
				require.NoError(t, err)
				assert.Equal(t, []string{"start", "handle late", "handle last"}, p.Trace.All())
			})
		})
	}
	t.Run("idle", func(t *testing.T) {
		l, sys := newLender(t)
		ref := l.spawn(t, sys, &testkit.Probe{})
		l.release()
		gate := testkit.NewGate(t)
		giveUp(t, ref, testkit.Do(func(ctx context.Context) (any, error) {
			gate.PassIn(ctx)
			return nil, nil
		}))
	})
}
