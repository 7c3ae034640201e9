package strand_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/strand"
)

// newSingle makes a runtime of actors that run one at a time.
func newSingle() core.Runtime {
	var s *strand.Strand
	s = strand.New(func() { go s.Run(10) })
	return s
}

// newPinned makes one whose goroutine has a thread of its own. Go ends the
// process when a coroutine there is left from anywhere else.
func newPinned() core.Runtime {
	ready := make(chan struct{}, 1)
	s := strand.New(func() { ready <- struct{}{} })
	go func() {
		runtime.LockOSThread()
		for {
			select {
			case <-ready:
				s.Run(10)
			case <-s.Done():
				return
			}
		}
	}()
	return s
}

type task = func(ctx context.Context) (any, error)

// newActor spawns an actor that does what it is told to.
func newActor(t *testing.T, sys *core.System, opts ...core.Option) core.Ref[task] {
	t.Helper()
	ref, err := core.Spawn(sys, core.Func(func(ctx context.Context, f task) (any, error) { return f(ctx) }), opts...)
	require.NoError(t, err)
	return ref
}

func newSystem(t *testing.T, newRuntime func() core.Runtime) *core.System {
	t.Helper()
	return testkit.System(t, testkit.Runtime{Name: "strand", New: newRuntime})
}

// held is a promise, and a task that waits for it with the context given to
// it.
func held(p *core.Promise[int]) task {
	return func(ctx context.Context) (any, error) { return p.Future().Get(ctx) }
}

// waitForPark waits until a goroutine waits in Park.
func waitForPark(t *testing.T) {
	t.Helper()
	testkit.Eventually(t, func() bool { return goroutinesIn("place).Park") == 1 }, "a goroutine in Park")
}

func TestAGoroutineBesideTheTurnJustWaits(t *testing.T) {
	sys := newSystem(t, newPinned)
	a, b := newActor(t, sys), newActor(t, sys)
	var p core.Promise[int]
	got := make(chan any, 1)
	running := testkit.NewGate(t)
	f := a.Ask(t.Context(), func(ctx context.Context) (any, error) {
		go func() {
			v, _ := held(&p)(ctx)
			got <- v
		}()
		running.Pass() // the turn is on its coroutine all the while
		return nil, nil
	})
	waitForPark(t)
	running.Open()
	_, err := f.Get(testkit.Context(t))
	require.NoError(t, err)
	_, err = b.Call(testkit.Context(t), func(context.Context) (any, error) { return nil, p.Resolve(7) })
	require.NoError(t, err)
	assert.Equal(t, 7, testkit.Wait(t, got, "the goroutine beside the turn"))
}

func TestAGoroutineBesideTheTurnIsUnparkedTwice(t *testing.T) {
	s := strand.New(func() {})
	w := attach(t, s, script())
	for range 20 { // it may be in Park and not yet wait
		var p core.Parking
		back := make(chan struct{})
		go func() { w.Park(&p); close(back) }()
		waitForPark(t)
		w.Unpark(&p)
		w.Unpark(&p)
		testkit.Wait(t, back, "Park to return")
	}
	end(t, s, w)
}

// A function that captures the context of one actor may be run by another, on
// another goroutine, and in a turn at that.
func TestATurnWithAnotherActorsContextJustWaits(t *testing.T) {
	for _, other := range []testkit.Runtime{
		{Name: "Goroutine", New: func() core.Runtime { return goroutine.New() }},
		{Name: "Strand", New: newPinned},
	} {
		t.Run(other.Name, func(t *testing.T) {
			sys, sys2 := newSystem(t, newPinned), testkit.System(t, other)
			a, b, c := newActor(t, sys), newActor(t, sys2), newActor(t, sys)
			var p core.Promise[int]
			running := testkit.NewGate(t)
			waits := make(chan core.Future[any], 1)
			f := a.Ask(t.Context(), func(ctx context.Context) (any, error) {
				waits <- b.Ask(ctx, func(context.Context) (any, error) { return held(&p)(ctx) })
				running.Pass()
				return nil, nil
			})
			g := testkit.Wait(t, waits, "the ask")
			waitForPark(t)
			running.Open()
			_, err := f.Get(testkit.Context(t))
			require.NoError(t, err)
			_, err = c.Call(testkit.Context(t), func(context.Context) (any, error) { return nil, p.Resolve(7) })
			require.NoError(t, err)
			v, err := g.Get(testkit.Context(t))
			require.NoError(t, err)
			assert.Equal(t, 7, v)
		})
	}
}

// On the same strand the turn can be set aside, whosever context it uses.
func TestATurnWithItsNeighboursContextIsSetAside(t *testing.T) {
	sys := newSystem(t, newPinned)
	a, b, c := newActor(t, sys), newActor(t, sys), newActor(t, sys)
	var p core.Promise[int]
	v, err := a.Call(testkit.Context(t), func(ctx context.Context) (any, error) {
		f := b.Ask(ctx, func(context.Context) (any, error) { return held(&p)(ctx) })
		if err := c.Tell(ctx, func(context.Context) (any, error) { return nil, p.Resolve(7) }); err != nil {
			return nil, err
		}
		return f.Get(ctx)
	})
	require.NoError(t, err)
	assert.Equal(t, 7, v)
}

func TestAHandlerMustNotWaitWithItsThreadHeld(t *testing.T) {
	sys := newSystem(t, newSingle)
	a := newActor(t, sys)
	var p core.Promise[int]
	_, err := a.Call(testkit.Context(t), func(ctx context.Context) (any, error) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		return held(&p)(ctx)
	})
	assert.ErrorContains(t, err, "holds its thread")
	v, err := a.Call(testkit.Context(t), func(context.Context) (any, error) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		return "fine", nil
	})
	require.NoError(t, err)
	assert.Equal(t, "fine", v)
}

func TestAThousandCallsDeep(t *testing.T) {
	sys := newSystem(t, newSingle)
	var deeper func(n int) task
	deeper = func(n int) task {
		return func(ctx context.Context) (any, error) {
			if n == 0 {
				return "bottom", nil
			}
			next, err := core.Spawn(core.SystemOf(ctx), core.Func(func(ctx context.Context, f task) (any, error) { return f(ctx) }))
			if err != nil {
				return nil, err
			}
			return next.Call(ctx, deeper(n-1))
		}
	}
	v, err := newActor(t, sys).Call(testkit.Context(t), deeper(1000))
	require.NoError(t, err)
	assert.Equal(t, "bottom", v)
}
