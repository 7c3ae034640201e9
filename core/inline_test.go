package core_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// here is a message whose reply is the goroutine that handles it.
var here = testkit.Do(func(context.Context) (any, error) { return testkit.Goroutine(), nil })

// lent waits until the actor is idle and the caller runs its turns.
func lent(t *testing.T, ref core.Ref[any], ctx context.Context) {
	t.Helper()
	me := testkit.Goroutine()
	testkit.Eventually(t, func() bool {
		at, err := ref.Call(ctx, here)
		return err == nil && at == me
	}, "a call to run on the caller")
}

// On the runtimes that lend turns a caller gets to run one sooner or later. When that is for certain, and what follows, is tested on a lender.
func TestInlineSoonerOrLater(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		if !lendsNothing(rt) {
			lent(t, (&testkit.Probe{}).Spawn(t, testkit.System(t, rt)), context.Background())
		}
	})
}

func lendsNothing(rt testkit.Runtime) bool {
	return strings.HasPrefix(rt.Name, "locked") || rt.Name == "single"
}

// A call of an idle actor runs on the goroutine that calls, whatever is called and through whichever ref.
func TestInlineCall(t *testing.T) {
	l, sys := newLender(t)
	ctx, me := context.Background(), testkit.Goroutine()
	typed, err := core.Spawn(sys, core.Func(func(context.Context, testkit.Do) (any, error) { return testkit.Goroutine(), nil }))
	require.NoError(t, err)
	l.step(t, core.Idle)
	function := core.Invoke(func(ctx context.Context, _ any) (any, error) { return here(ctx) })
	untyped := l.spawn(t, sys, &testkit.Probe{})
	for _, ref := range []core.Ref[any]{typed.Any(), untyped} {
		for _, msg := range []any{here, function} {
			at, err := ref.Call(ctx, msg)
			assert.NoError(t, err)
			assert.Equal(t, me, at, "%T to %v", msg, ref)
		}
	}
	at, err := typed.Call(ctx, here)
	assert.NoError(t, err)
	assert.Equal(t, me, at, "through a typed ref")
}

// So do the calls that a handler makes with its context, and those that it makes with one that is nobody's.
func TestInlineCallOfAHandler(t *testing.T) {
	l, sys := newLender(t)
	caller, callee := l.spawn(t, sys, &testkit.Probe{}), l.spawn(t, sys, &testkit.Probe{})
	at, err := caller.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
		return callee.Call(ctx, here)
	}))
	assert.NoError(t, err)
	assert.Equal(t, testkit.Goroutine(), at)
}

// A runtime whose Wakers are no Inliners lends nothing.
func TestInlineNotWithoutAnInliner(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		if !lendsNothing(rt) {
			return
		}
		sys := testkit.System(t, rt)
		p := &testkit.Probe{}
		var stopped int
		p.Stop = func(context.Context) error { stopped = testkit.Goroutine(); return nil }
		ref := p.Spawn(t, sys, core.Quick())
		me := testkit.Goroutine()
		for range 20 {
			at, err := ref.Call(context.Background(), here)
			require.NoError(t, err)
			assert.NotEqual(t, me, at)
			at, err = ref.Ask(context.Background(), here).Get(context.Background())
			require.NoError(t, err)
			assert.NotEqual(t, me, at)
		}
		_, err := ref.Stop(context.Background())
		require.NoError(t, err)
		assert.NotEqual(t, me, stopped)
	})
}

// A runtime that says no this time has the call queued.
func TestInlineRefused(t *testing.T) {
	l, sys := newLender(t)
	ref := l.spawn(t, sys, &testkit.Probe{})
	l.refuses = true
	result := make(chan any, 1)
	go func() {
		at, _ := ref.Call(context.Background(), here)
		result <- at
	}()
	testkit.Eventually(t, func() bool { return l.wakes() == 1 }, "the call to be queued")
	where := l.step(t, core.Idle)
	assert.Equal(t, where, testkit.Wait(t, result, "the reply"))
}

// An actor does not run one of another Runtime value, be it of the same type.
func TestInlineNotOfAnotherRuntime(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		other := rt.New()
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
			defer cancel()
			assert.NoError(t, other.(core.Closer).Close(ctx))
		})
		sys := testkit.System(t, rt)
		caller := (&testkit.Probe{}).Spawn(t, sys)
		abroad := (&testkit.Probe{}).Spawn(t, sys, core.On(other))
		for range 10 {
			_, err := caller.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
				at, err := abroad.Call(ctx, here)
				assert.NoError(t, err)
				assert.NotEqual(t, testkit.Goroutine(), at)
				return nil, nil
			}))
			require.NoError(t, err)
		}
	})
}

// A chain of calls longer than a stack should be nests 64 turns in the first on one goroutine, and goes on on others.
func TestInlineDepth(t *testing.T) {
	l, sys := newLender(t)
	const length = 200
	var refs []core.Ref[any]
	for range length {
		refs = append(refs, l.spawn(t, sys, &testkit.Probe{}))
	}
	l.release()
	nested := map[int]int{} // turns by goroutine: all of them are open when the last runs
	step := testkit.Do(func(context.Context) (any, error) { nested[testkit.Goroutine()]++; return "end", nil })
	for i := length - 1; i > 0; i-- {
		next, inner := refs[i], step
		step = func(ctx context.Context) (any, error) {
			nested[testkit.Goroutine()]++
			return next.Call(ctx, inner)
		}
	}
	got, err := refs[0].Call(context.Background(), step)
	require.NoError(t, err)
	assert.Equal(t, "end", got)
	turns, most := 0, 0
	for _, n := range nested {
		turns, most = turns+n, max(most, n)
	}
	assert.Equal(t, length, turns)
	assert.Equal(t, 65, most)
	assert.Equal(t, 65, nested[testkit.Goroutine()])
}

// What an actor is told while an inline call runs is handled afterwards, in order, by the runtime.
func TestInlineTell(t *testing.T) {
	l, sys := newLender(t)
	p := &testkit.Probe{}
	ref := l.spawn(t, sys, p)
	want := []string{"start", "called"}
	_, err := ref.Call(context.Background(), testkit.Do(func(context.Context) (any, error) {
		for i := range 40 {
			require.NoError(t, ref.Tell(context.Background(), i))
			want = append(want, fmt.Sprint("handle ", i))
		}
		assert.Zero(t, l.wakes(), "Wakes while the turn runs")
		p.Trace.Add("called")
		return nil, nil
	}))
	require.NoError(t, err)
	assert.Equal(t, want[:2], p.Trace.All())
	l.step(t, core.Idle)
	assert.Equal(t, want, p.Trace.All())
	assert.Zero(t, l.wakes())
	checkLentStill(t, ref)
}

// P45: so it is on every runtime, with senders of which each keeps its order.
func TestInlineTellFromOutside(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		want := []string{"start", "called"}
		_, err := ref.Call(context.Background(), testkit.Do(func(context.Context) (any, error) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for i := range 40 {
					assert.NoError(t, ref.Tell(context.Background(), i))
				}
			}()
			testkit.Wait(t, done, "the sender")
			p.Trace.Add("called")
			return nil, nil
		}))
		require.NoError(t, err)
		for i := range 40 {
			want = append(want, fmt.Sprint("handle ", i))
		}
		_, err = ref.Call(context.Background(), here)
		require.NoError(t, err)
		assert.Equal(t, want, p.Trace.All())
	})
}
