package core_test

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// lazy is a future computed by f.
func lazy[T any](t *testing.T, f func(context.Context) (T, error)) core.Future[T] {
	t.Helper()
	p := new(core.Promise[T])
	require.NoError(t, p.Compute(f))
	return p.Future()
}

// P82: the function is called once, with the context of the Get, and what it returned is kept, be it nil.
// P83: it runs on the goroutine of the first Get, and without a Get never.
func TestComputeOnce(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(testkit.Context(t), key{}, "mine")
	calls := 0
	f := lazy(t, func(given context.Context) (error, error) {
		calls++
		assert.Equal(t, "mine", given.Value(key{}))
		return nil, nil
	})
	where := 0
	g := lazy(t, func(context.Context) (int, error) { where = testkit.Goroutine(); return 1, nil })
	assert.Zero(t, calls)
	for range 3 {
		v, err := f.Get(ctx)
		assert.NoError(t, err)
		assert.NoError(t, v)
		_, err = g.Get(ctx)
		assert.NoError(t, err)
	}
	assert.Equal(t, 1, calls)
	assert.Equal(t, testkit.Goroutine(), where)
}

// P84: the first outcome is kept if it is an error too, an error of some context's among them.
func TestComputeKeepsAnError(t *testing.T) {
	for _, failure := range []error{errors.New("failure"), context.Canceled, context.DeadlineExceeded} {
		calls := 0
		f := lazy(t, func(context.Context) (int, error) { calls++; return 0, failure })
		for range 3 {
			_, err := f.Get(testkit.Context(t))
			assert.Equal(t, failure, err)
		}
		assert.Equal(t, 1, calls)
	}
}

// P84: only the end of the context that the function was given is not kept: the next Get calls it again.
func TestComputeAgainAfterTheContextEnded(t *testing.T) {
	calls := 0
	ctx, cancel := context.WithCancel(context.Background())
	f := lazy(t, func(ctx context.Context) (int, error) {
		if calls++; calls == 1 {
			cancel()
			return 0, ctx.Err()
		}
		return calls, nil
	})
	_, err := f.Get(ctx)
	require.ErrorIs(t, err, context.Canceled)
	for range 2 {
		got, err := f.Get(testkit.Context(t))
		checkNumber(t, 2, got, err)
	}
}

// P84: a Get whose context is done does not call the function.
func TestComputeWithADoneContext(t *testing.T) {
	done, cancel := context.WithCancel(context.Background())
	cancel()
	f := lazy(t, func(context.Context) (int, error) { return 1, nil })
	_, err := f.Get(done)
	require.ErrorIs(t, err, context.Canceled)
	got, err := f.Get(testkit.Context(t))
	checkNumber(t, 1, got, err)
	got, err = f.Get(done)
	checkNumber(t, 1, got, err)
}

// P87: while one goroutine computes, every other one waits no longer than its own context.
func TestComputeWhileOthersWait(t *testing.T) {
	gate := testkit.NewGate(t)
	entered := make(chan struct{})
	f := lazy(t, func(context.Context) (int, error) {
		close(entered)
		gate.Pass()
		return 9, nil
	})
	computes := getAside(testkit.Context(t), f)
	testkit.Wait(t, entered, "the function")

	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err := f.Get(short)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	done, cancelDone := context.WithCancel(context.Background())
	cancelDone()
	_, err = f.Get(done)
	require.ErrorIs(t, err, context.Canceled)

	var waits []<-chan result[int]
	for range 10 {
		waits = append(waits, getWaiting(t, f))
	}
	gate.Open()
	for _, got := range append(waits, computes) {
		assert.Equal(t, result[int]{value: 9}, testkit.Wait(t, got, "Get"))
	}
}

// P87: when the computing goroutine's context ends one of those that wait takes its place, and only one.
func TestComputeIsTakenOver(t *testing.T) {
	var calls atomic.Int32
	entered := make(chan struct{}, 10)
	f := lazy(t, func(ctx context.Context) (int, error) {
		n := int(calls.Add(1))
		entered <- struct{}{}
		if n == 1 {
			<-ctx.Done()
			return 0, ctx.Err()
		}
		return n, nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	first := getAside(ctx, f)
	testkit.Wait(t, entered, "the function")
	var waits []<-chan result[int]
	for range 10 {
		waits = append(waits, getWaiting(t, f))
	}
	cancel()
	require.ErrorIs(t, testkit.Wait(t, first, "the first Get").err, context.Canceled)
	for _, got := range waits {
		assert.Equal(t, result[int]{value: 2}, testkit.Wait(t, got, "Get"))
	}
	assert.EqualValues(t, 2, calls.Load())
}

// P87: whoever wakes and finds that another has taken the place goes on waiting, for that one.
func TestComputeIsTakenOverByAnother(t *testing.T) {
	gate := testkit.NewGate(t)
	entered := make(chan struct{}, 2)
	f := lazy(t, func(ctx context.Context) (int, error) {
		entered <- struct{}{}
		if ctx.Value(firstKey{}) != nil {
			<-ctx.Done()
			return 0, ctx.Err()
		}
		gate.Pass()
		return 6, nil
	})
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), firstKey{}, true))
	first := getAside(ctx, f)
	testkit.Wait(t, entered, "the function")
	slept := make(chan struct{}, 100)
	var waits []<-chan result[int]
	for range 5 {
		waits = append(waits, getAside(sleeping{testkit.Context(t), slept}, f))
		testkit.Wait(t, slept, "Get to sleep")
	}
	cancel()
	assert.ErrorIs(t, testkit.Wait(t, first, "the first Get").err, context.Canceled)
	testkit.Wait(t, entered, "one to take over")
	for range len(waits) - 1 {
		testkit.Wait(t, slept, "the others to sleep again")
	}
	gate.Open()
	for _, got := range waits {
		assert.Equal(t, result[int]{value: 6}, testkit.Wait(t, got, "Get"))
	}
}

type firstKey struct{}

// A sleeping context tells each time that a wait with it goes to sleep, which
// is when it asks for Done.
type sleeping struct {
	context.Context
	slept chan<- struct{}
}

func (s sleeping) Done() <-chan struct{} { s.slept <- struct{}{}; return s.Context.Done() }

// P87: a goroutine that has left at its own deadline is not the one that the computation is handed on to.
func TestComputeIsNotTakenOverByOneThatLeft(t *testing.T) {
	entered := make(chan struct{}, 2)
	f := lazy(t, func(ctx context.Context) (int, error) {
		entered <- struct{}{}
		if ctx.Done() != nil {
			<-ctx.Done()
			return 0, ctx.Err()
		}
		return 1, nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	first := getAside(ctx, f)
	testkit.Wait(t, entered, "the function")
	leaving, leave := context.WithCancel(context.Background())
	watched, waits := testkit.Waiting(leaving)
	left := getAside(watched, f)
	testkit.Wait(t, waits, "the second Get to wait")
	stays := getAside(context.Background(), f)
	leave()
	assert.ErrorIs(t, testkit.Wait(t, left, "the second Get").err, context.Canceled)
	cancel()
	assert.ErrorIs(t, testkit.Wait(t, first, "the first Get").err, context.Canceled)
	assert.Equal(t, result[int]{value: 1}, testkit.Wait(t, stays, "the third Get"))
}

// P87: a function that goes on when the context of the computing Get has ended may still give the value, to all.
func TestComputeOutlivesItsContext(t *testing.T) {
	gate := testkit.NewGate(t)
	entered := make(chan struct{})
	f := lazy(t, func(context.Context) (int, error) {
		close(entered)
		gate.Pass()
		return 4, nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	computes := getAside(ctx, f)
	testkit.Wait(t, entered, "the function")
	cancel()
	waits := getWaiting(t, f)
	gate.Open()
	assert.Equal(t, result[int]{value: 4}, testkit.Wait(t, computes, "the computing Get"))
	assert.Equal(t, result[int]{value: 4}, testkit.Wait(t, waits, "the other Get"))
}

// P84: a panic of the function is an outcome like any other, with its value and stack.
func TestComputePanics(t *testing.T) {
	calls := 0
	f := lazy(t, func(context.Context) (int, error) { calls++; panic(errBoom) })
	for range 2 {
		_, err := f.Get(testkit.Context(t))
		var p *core.PanicError
		require.ErrorAs(t, err, &p)
		assert.Equal(t, errBoom, p.Value)
		assert.ErrorIs(t, err, errBoom)
		assert.Contains(t, string(p.Stack), "TestComputePanics")
	}
	assert.Equal(t, 1, calls)
}

var errBoom = errors.New("boom")

// P84: a function that ends its goroutine fails the future for everybody who waits.
func TestComputeEndsItsGoroutine(t *testing.T) {
	gate := testkit.NewGate(t)
	entered := make(chan struct{})
	f := lazy(t, func(context.Context) (int, error) {
		close(entered)
		gate.Pass()
		runtime.Goexit()
		return 0, nil
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = f.Get(context.Background())
		t.Error("Get returned on a goroutine that has ended")
	}()
	testkit.Wait(t, entered, "the function")
	waits := getWaiting(t, f)
	gate.Open()
	testkit.Wait(t, ended, "the end of the goroutine")
	assert.ErrorContains(t, testkit.Wait(t, waits, "Get").err, "Goexit")
	_, err := f.Get(testkit.Context(t))
	assert.ErrorContains(t, err, "Goexit")
}

// P83: in a handler the function runs in the actor's turn, and its waits are the actor's.
func TestComputeInAHandler(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		square, err := core.Spawn(sys, core.Func(func(_ context.Context, n int) (int, error) { return n * n, nil }))
		require.NoError(t, err)
		caller, err := core.Spawn(sys, core.Func(func(ctx context.Context, n int) (int, error) {
			f := lazy(t, func(ctx context.Context) (int, error) {
				return core.As[int](square.Call(ctx, n))
			})
			return f.Get(ctx)
		}))
		require.NoError(t, err)
		got, err := core.As[int](caller.Call(ctx, 7))
		checkNumber(t, 49, got, err)
	})
}

// P83: while one actor computes, those that wait for it keep nobody from running, whatever they run on.
func TestComputeInAHandlerWhileOthersWait(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		gate, entered := testkit.NewGate(t), make(chan struct{})
		f := lazy(t, func(ctx context.Context) (int, error) {
			close(entered)
			gate.PassIn(ctx)
			return 9, nil
		})
		get := core.Func(func(ctx context.Context, _ int) (int, error) { return f.Get(ctx) })
		var gets []core.Future[any]
		for range 10 {
			gets = append(gets, spawn(t, sys, get).Ask(testkit.Context(t), 0))
		}
		testkit.Wait(t, entered, "the function")
		opener := spawn(t, sys, core.Func(func(context.Context, int) (int, error) { gate.Open(); return 0, nil }))
		require.NoError(t, opener.Tell(testkit.Context(t), 0)) // behind all who wait
		for _, g := range gets {
			got, err := core.As[int](g.Get(testkit.Context(t)))
			checkNumber(t, 9, got, err)
		}
	})
}
