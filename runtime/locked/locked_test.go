package locked_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/locked"
)

// variants are the ways to place actors on threads.
var variants = []testkit.Runtime{
	{Name: "Own", New: func() core.Runtime { return locked.New() }},
	{Name: "One", New: func() core.Runtime { return locked.New(locked.Threads(1)) }},
	{Name: "Two", New: func() core.Runtime { return locked.New(locked.Threads(2)) }},
}

func each(t *testing.T, test func(t *testing.T, sys *core.System)) {
	t.Helper()
	for _, rt := range variants {
		t.Run(rt.Name, func(t *testing.T) { test(t, testkit.System(t, rt)) })
	}
}

func systemOn(t *testing.T, rt core.Runtime) *core.System {
	t.Helper()
	return testkit.System(t, testkit.Runtime{Name: "locked", New: func() core.Runtime { return rt }})
}

// A task is what a doer does.
type task = func(ctx context.Context) (any, error)

// A doer notes the thread of all its turns.
type doer struct {
	threads *[]int
}

func (d doer) note() {
	if d.threads != nil {
		*d.threads = append(*d.threads, syscall.Gettid())
	}
}

func (d doer) Receive(ctx context.Context, f task) (any, error) { d.note(); return f(ctx) }
func (d doer) OnStart(context.Context) error                    { d.note(); return nil }
func (d doer) OnStop(context.Context) error                     { d.note(); return nil }

func spawn(t *testing.T, sys *core.System, opts ...core.Option) core.Ref[task] {
	t.Helper()
	ref, err := core.Spawn(sys, doer{}, opts...)
	require.NoError(t, err)
	return ref
}

func thread(context.Context) (any, error) { return syscall.Gettid(), nil }

func threadOf(t *testing.T, ref core.Ref[task]) int {
	t.Helper()
	tid, err := core.As[int](ref.Call(testkit.Context(t), thread))
	require.NoError(t, err)
	return tid
}

func TestEveryTurnIsOnTheSameThread(t *testing.T) {
	each(t, func(t *testing.T, sys *core.System) {
		const n = 20
		var threads [n][]int
		var refs [n]core.Ref[task]
		for i := range n {
			ref, err := core.Spawn(sys, doer{&threads[i]})
			require.NoError(t, err)
			refs[i] = ref
		}
		// Calls from many goroutines, of which those that find the actor idle
		// would run its turn, and waits, in all of the actors.
		ctx := testkit.Context(t)
		var p core.Promise[int]
		var waits []core.Future[any]
		for range 20 {
			for _, ref := range refs {
				threadOf(t, ref)
				next := refs[(len(waits)+1)%n]
				waits = append(waits, ref.Ask(ctx, func(ctx context.Context) (any, error) {
					_, err := p.Future().Get(ctx)
					return syscall.Gettid(), errors.Join(err, next.Tell(ctx, thread))
				}))
				if len(waits) == n {
					require.NoError(t, p.Resolve(1))
				}
			}
		}
		for _, f := range waits {
			_, err := f.Get(ctx)
			require.NoError(t, err)
		}
		for i, ref := range refs {
			stopped, err := ref.Stop(ctx)
			require.NoError(t, err)
			require.True(t, stopped)
			for _, tid := range threads[i] {
				assert.Equal(t, threads[i][0], tid)
			}
			assert.NotEqual(t, syscall.Gettid(), threads[i][0])
			assert.Greater(t, len(threads[i]), 40)
		}
	})
}

func TestThreadsAreApart(t *testing.T) {
	count := func(t *testing.T, sys *core.System) int {
		seen := map[int]bool{}
		for range 8 {
			seen[threadOf(t, spawn(t, sys))] = true
		}
		assert.NotContains(t, seen, syscall.Getpid(), "the main thread would not end")
		return len(seen)
	}
	for i, want := range []int{8, 1, 2} {
		t.Run(variants[i].Name, func(t *testing.T) {
			assert.Equal(t, want, count(t, testkit.System(t, variants[i])))
		})
	}
}

func TestActorsArePlacedWhereThereAreFewest(t *testing.T) {
	sys := testkit.System(t, variants[2])
	pair := func() (left, right core.Ref[task]) { return spawn(t, sys), spawn(t, sys) }
	stop := func(ref core.Ref[task]) {
		_, err := ref.Stop(testkit.Context(t))
		require.NoError(t, err)
	}
	a1, b1 := pair()
	_, b2 := pair()
	right := threadOf(t, b1)
	require.NotEqual(t, right, threadOf(t, a1))
	stop(b1)
	stop(b2)
	// Whether their places are free when a stop is answered is not told.
	testkit.Eventually(t, func() bool {
		c, d := pair()
		if threadOf(t, c) == right && threadOf(t, d) == right {
			return true
		}
		stop(c)
		stop(d)
		return false
	}, "two actors in the places that are free")
}

func TestAnActorWithMoreToDoKeepsItsPlace(t *testing.T) {
	sys := testkit.System(t, variants[2])
	ref, gate := spawn(t, sys), testkit.NewGate(t)
	require.NoError(t, ref.Tell(testkit.Context(t), func(ctx context.Context) (any, error) {
		gate.PassIn(ctx)
		return nil, nil
	}))
	for range 1000 { // more than a turn handles
		require.NoError(t, ref.Tell(testkit.Context(t), thread))
	}
	gate.Open()
	assert.NotEqual(t, threadOf(t, ref), threadOf(t, spawn(t, sys)), "of two actors on two threads")
}

func TestOthersNeverRunOnTheThread(t *testing.T) {
	each(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys)
		tid := threadOf(t, ref)
		const n = 100
		seen := make(chan int, n)
		gate := testkit.NewGate(t)
		f := ref.Ask(testkit.Context(t), func(ctx context.Context) (any, error) {
			for range n {
				go func() { seen <- syscall.Gettid(); gate.Pass() }()
			}
			core.Blocking(ctx, func() {
				for range n {
					assert.NotEqual(t, tid, <-seen)
				}
			})
			return nil, nil
		})
		_, err := f.Get(testkit.Context(t))
		require.NoError(t, err)
	})
}

func TestNobodyRunsInline(t *testing.T) {
	each(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys)
		outside := spawn(t, systemOn(t, goroutine.New()))
		tid := threadOf(t, ref)
		ctx := testkit.Context(t)

		got, err := core.As[int](ref.Call(ctx, func(ctx context.Context) (any, error) {
			return outside.Call(ctx, thread)
		}))
		require.NoError(t, err)
		assert.NotEqual(t, tid, got, "an idle actor called from a locked one")

		got, err = core.As[int](outside.Call(ctx, func(ctx context.Context) (any, error) {
			return ref.Call(ctx, thread)
		}))
		require.NoError(t, err)
		assert.Equal(t, tid, got, "a locked actor called while it is idle")
	})
}

func TestPinned(t *testing.T) {
	runtimes := []core.Runtime{locked.New(locked.Threads(1)), locked.New(), locked.Main()}
	for _, rt := range runtimes {
		var idle loop = func() core.Status { return core.Ended }
		w, err := rt.Attach(idle)
		require.NoError(t, err)
		assert.True(t, w.(core.Pinner).Pinned())
		_, inline := w.(core.Inliner)
		assert.False(t, inline)
		if _, ok := rt.(*locked.MainRuntime); ok {
			continue // nobody runs it
		}
		w.Wake(nil)
		require.NoError(t, rt.(core.Closer).Close(testkit.Context(t)))
	}
}

type loop func() core.Status

func (l loop) Turn(int) core.Status { return l() }

// osThreads are those of this process.
func osThreads(t *testing.T) int {
	t.Helper()
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Skip("no /proc")
	}
	return len(tasks)
}

// alive reports whether a thread of this process is there.
func alive(tid int) bool {
	_, err := os.Stat("/proc/self/task/" + strconv.Itoa(tid))
	return err == nil
}

func TestThreadsEndWithTheirActors(t *testing.T) {
	osThreads(t)
	sys := testkit.System(t, variants[0])
	a, b := spawn(t, sys), spawn(t, sys)
	first, second := threadOf(t, a), threadOf(t, b)
	require.True(t, alive(first))
	_, err := a.Stop(testkit.Context(t))
	require.NoError(t, err)
	testkit.Eventually(t, func() bool { return !alive(first) }, "the thread of the stopped actor to end")
	assert.True(t, alive(second))
}

func TestThreadsEndWithTheRuntime(t *testing.T) {
	each(t, func(t *testing.T, sys *core.System) {
		osThreads(t)
		var tids []int
		for range 50 {
			tids = append(tids, threadOf(t, spawn(t, sys)))
		}
		require.NoError(t, sys.Shutdown(testkit.Context(t)))
		for _, tid := range tids {
			testkit.Eventually(t, func() bool { return !alive(tid) }, "the threads to end")
		}
	})
}

// One thread that each system left behind, be it an actor's or not, would be
// more than those that Go keeps of what it started meanwhile for its own: one
// for each processor that had something to do, and a few.
func TestThreadCountReturnsToTheStart(t *testing.T) {
	const actors = 5
	kept := runtime.GOMAXPROCS(0) + 10
	systems := 2 * kept
	for _, rt := range variants {
		t.Run(rt.Name, func(t *testing.T) {
			start := osThreads(t)
			for range systems {
				sys := core.NewSystem(rt.New())
				for range actors {
					threadOf(t, spawn(t, sys))
				}
				require.NoError(t, sys.Shutdown(testkit.Context(t)))
			}
			testkit.Eventually(t, func() bool { return osThreads(t) <= start+kept }, "the threads to end")
		})
	}
}

// A turn that ends its goroutine leaves the thread for the rest of its actor's
// turns, and for the others on it.
func TestGoexitKeepsTheThread(t *testing.T) {
	each(t, func(t *testing.T, sys *core.System) {
		var threads []int
		ref, err := core.Spawn(sys, doer{&threads})
		require.NoError(t, err)
		neighbours := []core.Ref[task]{spawn(t, sys), spawn(t, sys)}
		before := []int{threadOf(t, neighbours[0]), threadOf(t, neighbours[1])}
		_, err = ref.Call(testkit.Context(t), func(context.Context) (any, error) { runtime.Goexit(); return nil, nil })
		require.Error(t, err)
		testkit.Wait(t, ref.Done(), "the actor to end")
		require.Len(t, threads, 3, "OnStart, Receive and OnStop")
		assert.Equal(t, threads[0], threads[1])
		assert.Equal(t, threads[0], threads[2])
		for i, n := range neighbours {
			if tid, err := core.As[int](n.Call(testkit.Context(t), thread)); err == nil {
				assert.Equal(t, before[i], tid) // unless the fatal error was quicker
			}
		}
	})
}

func TestAHandlerMayHoldItsOwnThread(t *testing.T) {
	sys := testkit.System(t, variants[0])
	ref := spawn(t, sys)
	other := spawn(t, sys)
	_, err := ref.Call(testkit.Context(t), func(ctx context.Context) (any, error) {
		runtime.LockOSThread()
		return other.Call(ctx, func(context.Context) (any, error) {
			runtime.LockOSThread()
			return nil, nil
		})
	})
	require.NoError(t, err)
	threadOf(t, ref)
	threadOf(t, other)
}

func TestAChainOfAThousandCalls(t *testing.T) {
	sys := testkit.System(t, variants[1])
	const n = 1000
	call := task(thread)
	for range n {
		ref, below := spawn(t, sys), call
		call = func(ctx context.Context) (any, error) { return ref.Call(ctx, below) }
	}
	tid, err := core.As[int](spawn(t, sys).Call(testkit.Context(t), call))
	require.NoError(t, err)
	assert.Equal(t, threadOf(t, spawn(t, sys)), tid)
}

func TestActorsThatWaitForOneFuture(t *testing.T) {
	each(t, func(t *testing.T, sys *core.System) {
		const n = 300
		var p core.Promise[int]
		ctx := testkit.Context(t)
		waits := make([]core.Future[any], n)
		for i := range waits {
			waits[i] = spawn(t, sys).Ask(ctx, func(ctx context.Context) (any, error) { return p.Future().Get(ctx) })
		}
		_, err := spawn(t, sys).Call(ctx, func(context.Context) (any, error) { return nil, p.Resolve(7) })
		require.NoError(t, err)
		for _, f := range waits {
			got, err := f.Get(ctx)
			require.NoError(t, err)
			assert.Equal(t, 7, got)
		}
	})
}

// stage passes numbers on.
type stage struct {
	next core.Ref[int]
	sum  *int
	done chan int
}

func (s stage) Receive(ctx context.Context, n int) (any, error) {
	switch {
	case s.done == nil:
		return nil, s.next.Tell(ctx, n)
	case n < 0:
		s.done <- *s.sum
	default:
		*s.sum += n
	}
	return nil, nil
}

func TestAPipelineOfSmallInboxes(t *testing.T) {
	each(t, func(t *testing.T, sys *core.System) {
		const stages, n = 10, 500
		done := make(chan int, 1)
		next, err := core.Spawn(sys, stage{sum: new(int), done: done}, core.Bounded(1, core.Wait))
		require.NoError(t, err)
		for range stages {
			next, err = core.Spawn(sys, stage{next: next}, core.Bounded(1, core.Wait))
			require.NoError(t, err)
		}
		for i := range n {
			require.NoError(t, next.Tell(testkit.Context(t), i))
		}
		require.NoError(t, next.Tell(testkit.Context(t), -1))
		assert.Equal(t, n*(n-1)/2, testkit.Wait(t, done, "the end of the pipeline"))
	})
}

func TestAttachAfterClose(t *testing.T) {
	for _, v := range variants {
		t.Run(v.Name, func(t *testing.T) {
			rt := v.New()
			c := rt.(core.Closer)
			require.NoError(t, c.Close(t.Context()))
			require.NoError(t, c.Close(t.Context()))
			_, err := rt.Attach(loop(func() core.Status { return core.Ended }))
			assert.ErrorIs(t, err, core.ErrRuntimeClosed)
		})
	}
}

func TestCloseThatGivesUp(t *testing.T) {
	for _, v := range variants {
		t.Run(v.Name, func(t *testing.T) {
			rt := v.New()
			turns := make(chan struct{}, 10)
			var ended atomic.Bool
			w, err := rt.Attach(loop(func() core.Status {
				over := ended.Load() // as the Wake found it
				turns <- struct{}{}
				if over {
					return core.Ended
				}
				return core.Idle
			}))
			require.NoError(t, err)
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(assert.AnError)
			assert.ErrorIs(t, rt.(core.Closer).Close(ctx), assert.AnError)
			w.Wake(nil)
			testkit.Wait(t, turns, "a turn after a Close that gave up")
			ended.Store(true)
			w.Wake(nil)
			require.NoError(t, rt.(core.Closer).Close(testkit.Context(t)))
		})
	}
}

// A Close that gives up at the first thread closes the second, too: it takes
// no more actors, and ends with those that it has.
func TestCloseThatGivesUpClosesEveryThread(t *testing.T) {
	rt := locked.New(locked.Threads(2))
	ends := loop(func() core.Status { return core.Ended })
	var wakers []core.Waker
	for range 3 { // two on the first thread
		w, err := rt.Attach(ends)
		require.NoError(t, err)
		wakers = append(wakers, w)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(assert.AnError)
	require.ErrorIs(t, rt.Close(ctx), assert.AnError)
	_, err := rt.Attach(ends)
	assert.ErrorIs(t, err, core.ErrRuntimeClosed)
	for _, w := range wakers {
		w.Wake(nil)
	}
	testkit.Eventually(t, func() bool { return running("(*sharedThread).run") == 0 }, "the threads to end")
	require.NoError(t, rt.Close(testkit.Context(t)))
}

// running counts the goroutines that have a call of the function on the stack.
func running(function string) int {
	stacks := make([]byte, 1<<20)
	return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), function+"(")
}

func init() { children["panic"] = panicMain }

// panicMain has a Turn that panics, which core's never does.
func panicMain() {
	turns := 0
	rt := locked.New()
	must(rt.Attach(loop(func() core.Status {
		if turns++; turns == 1 {
			panic("a bug of core's")
		}
		return core.Ended
	}))).Wake(nil)
	check(rt.Close(context.Background()))
	time.Sleep(testkit.Patience) // Close may return while the panic is on its way
}

func TestAPanicOfALoopEndsTheProcess(t *testing.T) {
	out, err := run(t, self(t), "panic")
	assert.Error(t, err)
	assert.Contains(t, out, "a bug of core's")
}
