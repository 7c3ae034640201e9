package locked_test

import (
	"context"
	"fmt"
	"runtime"
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

func init() {
	children["run"] = runMain
	children["turns"] = turnsMain
	children["held"] = heldMain
}

// must is for the children.
func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func onMain(context.Context) (any, error) { return syscall.Gettid() == syscall.Getpid(), nil }

// runMain has actors on the main thread wait for each other and for one that
// is elsewhere.
func runMain() {
	ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
	defer cancel()
	ui := locked.Main()
	sys := core.NewSystem(ui)
	elsewhere := goroutine.New()
	over := make(chan struct{})
	go func() {
		defer close(over)
		call := task(onMain)
		for range 100 {
			worker := must(core.Spawn(sys, doer{}, core.On(elsewhere)))
			ref, below := must(core.Spawn(sys, doer{})), call
			call = func(ctx context.Context) (any, error) {
				if here, _ := onMain(ctx); here != true {
					panic("not on the main thread")
				}
				return worker.Call(ctx, func(ctx context.Context) (any, error) { return ref.Call(ctx, below) })
			}
		}
		fmt.Println("innermost on the main thread:", must(must(core.Spawn(sys, doer{})).Call(ctx, call)))
		check(sys.Shutdown(ctx))
	}()
	check(ui.Run(ctx))
	fmt.Println("run is over:", ctx.Err())
	<-over // Shutdown returns after Run, and with an error if ctx is cancelled first
	check(elsewhere.Close(ctx))
}

func TestMainRun(t *testing.T) {
	out, err := run(t, self(t), "run")
	require.NoError(t, err, out)
	assert.Equal(t, "innermost on the main thread: true\nrun is over: <nil>", out)
}

// turnsMain is an event loop that is not Go's: it calls Turns when, and only
// when, it was asked to.
func turnsMain() {
	ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
	defer cancel()
	events := make(chan struct{}, 100)
	ui := locked.Main()
	sys := core.NewSystem(ui)
	early := must(core.Spawn(sys, doer{})) // before anybody listens
	ui.OnReady(func() { events <- struct{}{} })
	over := make(chan struct{})
	go func() {
		defer close(over)
		late := must(core.Spawn(sys, doer{}))
		fmt.Println(must(early.Call(ctx, func(ctx context.Context) (any, error) { return late.Call(ctx, onMain) })))
		check(sys.Shutdown(ctx))
	}()
	most := 0
	for {
		select {
		case <-events:
			most = max(most, must(ui.Turns(1)))
		case <-over:
			fmt.Println("most turns at once:", most)
			return
		}
	}
}

func TestMainTurns(t *testing.T) {
	out, err := run(t, self(t), "turns")
	require.NoError(t, err, out)
	assert.Equal(t, "true\nmost turns at once: 1", out)
}

func TestMainElsewhere(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the system cannot tell")
	}
	m := locked.Main()
	offMain(func() {
		assert.ErrorIs(t, m.Run(t.Context()), locked.ErrNotMain)
		_, err := m.Turns(1)
		assert.ErrorIs(t, err, locked.ErrNotMain)
	})
}

// offMain calls f on a goroutine that is locked to another thread than the
// main thread.
func offMain(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if syscall.Gettid() == syscall.Getpid() {
			offMain(f)
			return
		}
		f()
	}()
	<-done
}

func TestMainCloseWithoutRunGivesUp(t *testing.T) {
	m := locked.Main()
	w, err := m.Attach(loop(func() core.Status { return core.Ended }))
	require.NoError(t, err)
	w.Wake(nil)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	assert.ErrorIs(t, m.Close(ctx), context.DeadlineExceeded)
	_, err = m.Attach(loop(func() core.Status { return core.Ended }))
	assert.ErrorIs(t, err, core.ErrRuntimeClosed)
}

// heldMain is what package strand warns of.
func heldMain() {
	sys := core.NewSystem(locked.New(locked.Threads(1)))
	a, b := must(core.Spawn(sys, doer{})), must(core.Spawn(sys, doer{}))
	_, _ = a.Call(context.Background(), func(ctx context.Context) (any, error) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		return b.Call(ctx, onMain)
	})
}

func TestAWaitThatHoldsASharedThreadEndsTheProcess(t *testing.T) {
	out, err := run(t, self(t), "held")
	assert.Error(t, err)
	assert.Contains(t, out, "OS thread locking must match")
}
