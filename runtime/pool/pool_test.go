package pool_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/pool"
)

// system makes a system on r. At the end of the test every slot must have
// been given back and the runtime must close.
func system(t *testing.T, r *pool.Runtime, opts ...core.SystemOption) *core.System {
	t.Helper()
	sys := testkit.System(t, testkit.Runtime{Name: "pool", New: func() core.Runtime { return r }}, opts...)
	t.Cleanup(func() { checkIdle(t, r) }) // before the system is shut down
	return sys
}

// checkIdle fails the test unless the pool comes to rest with all its slots.
func checkIdle(t *testing.T, r *pool.Runtime) {
	t.Helper()
	if err := untilAtRest(r); err != nil {
		t.Errorf("the pool does not come to rest: %v", err)
	}
}

func untilAtRest(r *pool.Runtime) (err error) {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Microsecond) {
		if err = r.CheckAtRest(); err == nil {
			return nil
		}
	}
	return err
}

func spawn[M, R any](t *testing.T, sys *core.System, f func(context.Context, M) (R, error), opts ...core.Option) core.Ref[M] {
	t.Helper()
	ref, err := core.Spawn(sys, core.Func(f), opts...)
	require.NoError(t, err)
	return ref
}

// eachSize runs test on pools of one, two and many slots.
func eachSize(t *testing.T, test func(t *testing.T, size int)) {
	for _, size := range []int{1, 2, 8} {
		t.Run(fmt.Sprint("size", size), func(t *testing.T) { test(t, size) })
	}
}

// chain makes n actors each of which calls the one before, and returns the
// last. The runtimes are used in turn.
func chain(t *testing.T, sys *core.System, n int, on ...core.Runtime) core.Ref[int] {
	t.Helper()
	var last core.Ref[int]
	for i := range n {
		before := last
		f := func(ctx context.Context, depth int) (int, error) {
			if i == 0 {
				return depth, nil
			}
			return core.As[int](before.Call(ctx, depth+1))
		}
		var opts []core.Option
		if len(on) > 0 {
			opts = append(opts, core.On(on[i%len(on)]))
		}
		last = spawn(t, sys, f, opts...)
	}
	return last
}

func TestChainOfThousandCalls(t *testing.T) {
	eachSize(t, func(t *testing.T, size int) {
		sys := system(t, pool.New(size))
		n, err := core.As[int](chain(t, sys, 1000).Call(testkit.Context(t), 0))
		require.NoError(t, err)
		assert.Equal(t, 999, n)
	})
}

func TestTenThousandActorsWaitForOneFuture(t *testing.T) {
	eachSize(t, func(t *testing.T, size int) {
		n := testkit.Fewer(10_000) / size
		r := pool.New(size)
		sys := system(t, r)
		var promise core.Promise[int]
		var sum atomic.Int64
		var all sync.WaitGroup
		all.Add(n)
		for range n {
			ref := spawn(t, sys, func(ctx context.Context, _ int) (any, error) {
				defer all.Done()
				v, err := promise.Future().Get(ctx)
				sum.Add(int64(v))
				return nil, err
			})
			require.NoError(t, ref.Tell(t.Context(), 0))
		}
		testkit.Eventually(t, func() bool { return r.Stats().Waiting == n }, "all to wait")
		free := spawn(t, sys, func(context.Context, int) (int, error) { return 1, nil })
		_, err := free.Call(testkit.Context(t), 0)
		require.NoError(t, err, "an actor that does not wait")
		require.NoError(t, promise.Resolve(1))
		all.Wait()
		assert.EqualValues(t, n, sum.Load())
	})
}

func TestPipelineOfBoundedInboxes(t *testing.T) {
	const stages = 20
	messages := testkit.Fewer(300)
	eachSize(t, func(t *testing.T, size int) {
		sys := system(t, pool.New(size))
		got := make(chan int, messages)
		next := spawn(t, sys, func(_ context.Context, n int) (any, error) { got <- n; return nil, nil }, core.Bounded(1, core.Wait))
		for range stages {
			to := next
			next = spawn(t, sys, func(ctx context.Context, n int) (any, error) { return nil, to.Tell(ctx, n+1) }, core.Bounded(1, core.Wait))
		}
		ctx := testkit.Context(t)
		for i := range messages {
			require.NoError(t, next.Tell(ctx, i))
		}
		for i := range messages {
			require.Equal(t, i+stages, testkit.Wait(t, got, "a message"))
		}
	})
}

// A turn runs with a slot, whatever it has done before.
func TestNoMoreTurnsThanSlots(t *testing.T) {
	eachSize(t, func(t *testing.T, size int) {
		r := pool.New(size, pool.Patience(0))
		sys := system(t, r)
		var running, most atomic.Int64
		enter := func() {
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			runtime.Gosched()
		}
		leaf := spawn(t, sys, func(context.Context, int) (int, error) { return 1, nil })
		worker := func(ctx context.Context, n int) (int, error) {
			enter()
			running.Add(-1)
			v, err := core.As[int](leaf.Call(ctx, n))
			enter()
			running.Add(-1)
			return v, err
		}
		var all sync.WaitGroup
		ctx := testkit.Context(t)
		all.Go(func() {
			for range 1000 {
				assert.NoError(t, r.Check())
				runtime.Gosched()
			}
		})
		for range 20 {
			ref := spawn(t, sys, worker)
			all.Go(func() {
				for i := range 200 {
					_, err := ref.Call(ctx, i)
					assert.NoError(t, err)
				}
			})
			all.Go(func() {
				for i := range 200 {
					_, err := ref.Ask(context.Background(), i).Get(context.Background())
					assert.NoError(t, err)
				}
			})
		}
		all.Wait()
		assert.LessOrEqual(t, most.Load(), int64(size))
		assert.Zero(t, r.Stats().Loans)
	})
}

func TestGoexitInTurn(t *testing.T) {
	eachSize(t, func(t *testing.T, size int) {
		r := pool.New(size)
		sys := core.NewSystem(r, core.WithLogger(testkit.NewRecords().Logger()))
		bad := spawn(t, sys, func(context.Context, int) (any, error) { runtime.Goexit(); return nil, nil })
		require.NoError(t, bad.Tell(t.Context(), 0))
		testkit.Wait(t, bad.Done(), "the actor to end")
		assert.Error(t, bad.Err())
		assert.Error(t, sys.Shutdown(testkit.Context(t)), "Goexit is fatal")
		checkIdle(t, r)
	})
}

func TestSelfTellDoesNotStarveOthers(t *testing.T) {
	sys := system(t, pool.New(1))
	var stop atomic.Bool
	defer stop.Store(true)
	busy := spawn(t, sys, func(ctx context.Context, _ int) (any, error) {
		if stop.Load() {
			return nil, nil
		}
		return nil, core.Self[int](ctx).Tell(ctx, 0)
	})
	require.NoError(t, busy.Tell(t.Context(), 0))
	other := spawn(t, sys, func(_ context.Context, n int) (int, error) { return n, nil })
	ctx := testkit.Context(t)
	for i := range 50 {
		_, err := other.Call(ctx, i)
		require.NoError(t, err)
	}
}

func TestClose(t *testing.T) {
	r := pool.New(1)
	sys := core.NewSystem(core.Shared(r))
	gate := testkit.NewGate(t)
	ref := spawn(t, sys, func(context.Context, int) (any, error) { gate.Pass(); return nil, nil })
	require.NoError(t, ref.Tell(t.Context(), 0))

	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("out of time")
	cancel(cause)
	require.Equal(t, cause, r.Close(ctx))
	_, err := core.Spawn(sys, core.Func(func(context.Context, int) (any, error) { return nil, nil }))
	require.ErrorIs(t, err, core.ErrRuntimeClosed)

	gate.Open()
	_, err = ref.Call(testkit.Context(t), 0)
	require.NoError(t, err, "a closed runtime works for the actors that it has")
	require.NoError(t, sys.Shutdown(testkit.Context(t)))
	require.NoError(t, r.Close(testkit.Context(t)))
	require.NoError(t, r.Close(ctx), "a second time")
}

func TestCloseOfUnusedPool(t *testing.T) {
	require.NoError(t, pool.New(0).Close(testkit.Context(t)))
}

func TestResize(t *testing.T) {
	r := pool.New(1, pool.Patience(0))
	sys := system(t, r)
	started := make(chan int, 100)
	gate := testkit.NewGate(t)
	for i := range 10 {
		ref := spawn(t, sys, func(context.Context, int) (any, error) {
			started <- i
			gate.Pass()
			return nil, nil
		})
		require.NoError(t, ref.Tell(t.Context(), 0))
	}
	for running := range 4 {
		r.Resize(running + 1)
		testkit.Wait(t, started, "one more to run")
		require.Equal(t, running+1, r.Stats().Running)
	}
	r.Resize(2)
	assert.Equal(t, 4, r.Stats().Running, "turns are not cut short")
	assert.Equal(t, 2, r.Stats().Size)
	gate.Open()
	for range 6 {
		testkit.Wait(t, started, "the others to run")
	}
	r.Resize(0)
	assert.Equal(t, runtime.GOMAXPROCS(0), r.Stats().Size)
}

// Actors that are always ready give a slot up that the pool has no more.
func TestResizeOfBusyPool(t *testing.T) {
	r := pool.New(2)
	sys := system(t, r)
	for range 2 {
		ref := spawn(t, sys, func(ctx context.Context, _ int) (any, error) {
			if t.Context().Err() != nil { // the test is over
				return nil, nil
			}
			return nil, core.Self[int](ctx).Tell(ctx, 0)
		})
		require.NoError(t, ref.Tell(t.Context(), 0))
	}
	testkit.Eventually(t, func() bool { return r.Stats().Running == 2 }, "both to run")
	r.Resize(1)
	testkit.Eventually(t, func() bool { return r.Stats().Running == 1 }, "one to give way")
}

// Calls go through runtimes of every kind, in every order.
func TestChainsThroughRuntimes(t *testing.T) {
	kinds := map[string]func() core.Runtime{
		"goroutine": func() core.Runtime { return goroutine.New() },
		"pool":      func() core.Runtime { return pool.New(1) },
		"other":     func() core.Runtime { return pool.New(1) },
	}
	for a, newA := range kinds {
		for b, newB := range kinds {
			for c, newC := range kinds {
				t.Run(a+"_"+b+"_"+c, func(t *testing.T) {
					on := []core.Runtime{newA(), newB(), newC()}
					sys := core.NewSystem(core.Shared(on[0]))
					last := chain(t, sys, 100, on...)
					var all sync.WaitGroup
					for range 4 {
						all.Go(func() {
							n, err := core.As[int](last.Call(testkit.Context(t), 0))
							assert.NoError(t, err)
							assert.Equal(t, 99, n)
						})
					}
					all.Wait()
					require.NoError(t, sys.Shutdown(testkit.Context(t)))
					for _, r := range on {
						require.NoError(t, r.(core.Closer).Close(testkit.Context(t)))
						if r, ok := r.(*pool.Runtime); ok {
							assert.Zero(t, r.Stats().Running)
						}
					}
				})
			}
		}
	}
}

// A handler's goroutines have its context, and are not its turn.
func TestWaitsBesideTurn(t *testing.T) {
	eachSize(t, func(t *testing.T, size int) {
		sys := system(t, pool.New(size))
		leaf := spawn(t, sys, func(_ context.Context, n int) (int, error) { return n, nil })
		refs := make([]core.Ref[int], 10)
		for i := range refs {
			refs[i] = spawn(t, sys, func(ctx context.Context, n int) (int, error) {
				var sum atomic.Int64
				var all sync.WaitGroup
				for range 10 {
					all.Go(func() {
						v, err := core.As[int](leaf.Call(ctx, n))
						assert.NoError(t, err)
						sum.Add(int64(v))
					})
				}
				core.Blocking(ctx, all.Wait)
				return int(sum.Load()), nil
			})
		}
		for range 20 {
			var got []core.Future[any]
			for _, ref := range refs {
				got = append(got, ref.Ask(t.Context(), 1))
			}
			for _, f := range got {
				v, err := f.Get(testkit.Context(t))
				require.NoError(t, err)
				require.Equal(t, 10, v)
			}
		}
	})
}

func TestManySendersAreNotHeldUp(t *testing.T) {
	sys := system(t, pool.New(1, pool.Patience(0)))
	gate := testkit.NewGate(t)
	var handled atomic.Int64
	refs := make([]core.Ref[int], 100)
	for i := range refs {
		refs[i] = spawn(t, sys, func(context.Context, int) (any, error) {
			gate.Pass()
			handled.Add(1)
			return nil, nil
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 10 {
			for _, ref := range refs {
				assert.NoError(t, ref.Tell(context.Background(), 0))
			}
		}
	}()
	testkit.Wait(t, done, "senders")
	gate.Open()
	testkit.Eventually(t, func() bool { return handled.Load() == 1000 }, "all messages")
}
