package core_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// contextOf is the actor's own context.
func contextOf(t *testing.T, ref core.Ref[any]) context.Context {
	t.Helper()
	ctx, err := core.As[context.Context](ref.Call(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
		return ctx, nil
	})))
	require.NoError(t, err)
	return ctx
}

// P8: contexts that are derived from an actor's start no goroutine, and end with it.
func TestDerivedContexts(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := (&testkit.Probe{}).Spawn(t, sys)
		ctx := contextOf(t, ref)
		before := runtime.NumGoroutine()
		var derived []context.Context
		for range 1000 {
			one, cancel := context.WithCancel(ctx)
			defer cancel()
			derived = append(derived, one)
		}
		assert.Less(t, runtime.NumGoroutine(), before+500, "goroutines for 1,000 derived contexts")
		called := make(chan struct{})
		context.AfterFunc(ctx, func() { close(called) })
		checkStop(t, true)(ref.Stop(testkit.Context(t)))
		for _, one := range derived {
			testkit.Wait(t, one.Done(), "the end of a derived context")
			assert.ErrorIs(t, one.Err(), context.Canceled)
		}
		testkit.Wait(t, called, "the function of AfterFunc")
	})
}

// P15: a request to stop does not end the actor's context: what was accepted before it has still to be handled.
func TestContextOutlastsARequestToStop(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		other := (&testkit.Probe{}).Spawn(t, sys)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		held := testkit.Hold(t, ref)
		reply := ref.Ask(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
			bounded, cancel := context.WithTimeout(ctx, testkit.Patience)
			defer cancel()
			_, err := other.Call(bounded, "a part of the work")
			return nil, errors.Join(err, ctx.Err(), bounded.Err())
		}))
		stopped := ref.AskStop()
		held.Open()
		_, err := reply.Get(testkit.Context(t))
		assert.NoError(t, err)
		checkStop(t, true)(stopped.Get(testkit.Context(t)))
	})
}

// P70: a context that is detached from an actor's has its end and its values, and says nothing of the actor.
func TestDetach(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		type key struct{}
		ref := (&testkit.Probe{}).Spawn(t, sys)
		detached := core.Detach(context.WithValue(contextOf(t, ref), key{}, "kept"))
		checkSame(t, core.Ref[any]{}, core.Self[any](detached))
		assert.Nil(t, core.SystemOf(detached))
		assert.Equal(t, "kept", detached.Value(key{}))
		checkStop(t, true)(ref.Stop(testkit.Context(t)))
		testkit.Wait(t, detached.Done(), "the end of the detached context")
		assert.ErrorIs(t, detached.Err(), context.Canceled)
	})
}
