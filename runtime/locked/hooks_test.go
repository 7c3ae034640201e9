package locked_test

import (
	"context"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/locked"
)

// hooks note the threads on which OnThread's functions run.
type hooks struct {
	mu             sync.Mutex
	began, stopped []int
}

func (h *hooks) start() (func(), error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.began = append(h.began, syscall.Gettid())
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.stopped = append(h.stopped, syscall.Gettid())
	}, nil
}

func TestOnThread(t *testing.T) {
	for name, opts := range map[string][]locked.Option{"Own": nil, "Two": {locked.Threads(2)}} {
		t.Run(name, func(t *testing.T) {
			h := new(hooks)
			sys := systemOn(t, locked.New(append(opts, locked.OnThread(h.start))...))
			var tids []int
			for range 2 {
				tids = append(tids, threadOf(t, spawn(t, sys)))
			}
			assert.Equal(t, tids, h.began)
			assert.Empty(t, h.stopped)
			require.NoError(t, sys.Shutdown(testkit.Context(t)))
			assert.ElementsMatch(t, tids, h.stopped)
		})
	}
}

func TestOnThreadRefuses(t *testing.T) {
	starts := map[string]func() (func(), error){
		"Error":  func() (func(), error) { return func() { panic("not to be called") }, assert.AnError },
		"Panic":  func() (func(), error) { panic("no such device") },
		"Goexit": func() (func(), error) { runtime.Goexit(); return nil, nil },
	}
	texts := map[string]string{"Error": assert.AnError.Error(), "Panic": "no such device", "Goexit": "Goexit"}
	for name, start := range starts {
		for _, n := range []int{0, 1} {
			t.Run(name, func(t *testing.T) {
				ok := false
				opts := []locked.Option{locked.Max(1), locked.OnThread(func() (func(), error) {
					if ok {
						return nil, nil
					}
					return start()
				})}
				if n > 0 {
					opts = append(opts, locked.Threads(n))
				}
				sys := systemOn(t, locked.New(opts...))
				for range 3 {
					_, err := core.Spawn(sys, doer{})
					assert.ErrorContains(t, err, texts[name])
				}
				ok = true
				threadOf(t, spawn(t, sys))
			})
		}
	}
}

// A thread whose start takes its time keeps nobody waiting but the actor that
// it is for.
func TestOnThreadThatTakesItsTime(t *testing.T) {
	gate, entered := testkit.NewGate(t), make(chan struct{})
	slow := false
	sys := systemOn(t, locked.New(locked.Threads(2), locked.OnThread(func() (func(), error) {
		if slow {
			close(entered)
			gate.Pass()
		}
		return nil, nil
	})))
	first := spawn(t, sys)
	tid := threadOf(t, first)
	slow = true
	spawned := make(chan error, 1)
	go func() { _, err := core.Spawn(sys, doer{}); spawned <- err }()
	testkit.Wait(t, entered, "the start of the second thread")

	third := spawn(t, sys)
	assert.Equal(t, tid, threadOf(t, third))
	_, err := third.Stop(testkit.Context(t))
	require.NoError(t, err)
	assert.Equal(t, tid, threadOf(t, first), "after an actor on its thread has ended")
	select {
	case err := <-spawned:
		t.Errorf("Spawn = %v before the thread has started", err)
	default:
	}
	gate.Open()
	require.NoError(t, testkit.Wait(t, spawned, "the slow spawn"))
}

// A Close that comes while a thread starts gives up in time, refuses the
// actor that the thread is for, and then waits for the thread.
func TestCloseWhileAThreadStarts(t *testing.T) {
	gate, entered, stopped := testkit.NewGate(t), make(chan struct{}), false
	rt := locked.New(locked.Threads(1), locked.OnThread(func() (func(), error) {
		close(entered)
		gate.Pass()
		return func() { stopped = true }, nil
	}))
	attached := make(chan error, 1)
	go func() { _, err := rt.Attach(loop(func() core.Status { return core.Ended })); attached <- err }()
	testkit.Wait(t, entered, "the start of the thread")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(assert.AnError)
	require.ErrorIs(t, rt.Close(ctx), assert.AnError)
	gate.Open()
	require.ErrorIs(t, testkit.Wait(t, attached, "Attach"), core.ErrRuntimeClosed)
	require.NoError(t, rt.Close(testkit.Context(t)))
	assert.True(t, stopped)
}
