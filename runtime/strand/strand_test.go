package strand_test

import (
	"bytes"
	"context"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/strand"
)

// A loop is a core.Loop of a test's own.
type loop func() core.Status

func (l loop) Turn(int) core.Status { return l() }

// calls is a ready function that counts.
type calls int

func (c *calls) call() { *c++ }

// A waker is what an actor gets of a strand.
type waker interface {
	core.Waker
	core.Parker
}

func attach(t *testing.T, s *strand.Strand, l loop) waker {
	t.Helper()
	w, err := s.Attach(l)
	require.NoError(t, err)
	return w.(waker)
}

// end has an actor of each Waker's return Ended, and checks that it leaves
// the strand closed.
func end(t *testing.T, s *strand.Strand, wakers ...waker) {
	t.Helper()
	for _, w := range wakers {
		w.Wake(nil)
	}
	s.Run(1000)
	require.NoError(t, s.Close(testkit.Context(t)))
}

// script is a loop that makes one of its steps a turn, and then ends.
func script(steps ...func() core.Status) loop {
	return func() core.Status {
		if len(steps) == 0 {
			return core.Ended
		}
		step := steps[0]
		steps = steps[1:]
		return step()
	}
}

func TestTurnsAreFirstInFirstOut(t *testing.T) {
	var ran []string
	note := func(name string, left core.Status) func() core.Status {
		return func() core.Status { ran = append(ran, name); return left }
	}
	var ready calls
	s := strand.New(ready.call)
	a := attach(t, s, script(note("a1", core.More), note("a2", core.Idle)))
	b := attach(t, s, script(note("b1", core.More), note("b2", core.Idle)))
	c := attach(t, s, script(note("c1", core.Idle)))
	for _, w := range []waker{a, b, c} {
		w.Wake(nil)
	}
	assert.Equal(t, 5, s.Run(10))
	assert.Equal(t, []string{"a1", "b1", "c1", "a2", "b2"}, ran)
	end(t, s, a, b, c)
}

func TestReadyIsCalledOnceForEachRun(t *testing.T) {
	var ready calls
	s := strand.New(ready.call)
	idle := func() core.Status { return core.Idle }
	a := attach(t, s, script(idle, idle))
	b := attach(t, s, script(idle))
	c := attach(t, s, script(idle))
	a.Wake(nil)
	assert.EqualValues(t, 1, ready, "something has become ready")
	b.Wake(nil)
	c.Wake(nil)
	assert.EqualValues(t, 1, ready, "it has been called and Run has not")
	assert.Equal(t, 1, s.Run(1))
	assert.EqualValues(t, 2, ready, "Run has left something")
	assert.Equal(t, 2, s.Run(10))
	assert.EqualValues(t, 2, ready, "Run has left nothing")
	a.Wake(nil)
	assert.EqualValues(t, 3, ready, "something has become ready again")
	s.Run(10)
	end(t, s, a, b, c)
}

func TestRunOfNothing(t *testing.T) {
	var ready calls
	s := strand.New(ready.call)
	assert.Zero(t, s.Run(10))
	a := attach(t, s, script())
	a.Wake(nil)
	assert.Zero(t, s.Run(0))
	assert.Zero(t, s.Run(-1))
	assert.EqualValues(t, 1, ready)
	s.Run(1)
	require.NoError(t, s.Close(t.Context()))
}

func TestRunInsideATurnOrBesideOneDoesNothing(t *testing.T) {
	var ready calls
	s := strand.New(ready.call)
	inside, beside := -1, -1
	var b waker
	a := attach(t, s, script(func() core.Status {
		b.Wake(nil)
		inside = s.Run(1)
		done := make(chan struct{})
		go func() { beside = s.Run(1); close(done) }()
		<-done
		return core.Idle
	}))
	b = attach(t, s, script())
	a.Wake(nil)
	assert.Equal(t, 2, s.Run(10))
	assert.Zero(t, inside, "a turn beneath another could not go on")
	assert.Zero(t, beside)
	end(t, s, a)
}

// parks is a step that waits on p as the actor of *w.
func parks(w *waker, p *core.Parking, then func()) func() core.Status {
	return func() core.Status { (*w).Park(p); then(); return core.Idle }
}

func TestWaitsEndInAnyOrder(t *testing.T) {
	var ready calls
	s := strand.New(ready.call)
	const n = 5
	var parkings [n]core.Parking
	var wakers [n]waker
	var ran []int
	for i := range n {
		wakers[i] = attach(t, s, script(parks(&wakers[i], &parkings[i], func() { ran = append(ran, i) })))
		wakers[i].Wake(nil)
	}
	assert.Equal(t, n, s.Run(100))
	assert.Empty(t, ran, "all of them wait")
	want := []int{3, 0, 4, 1, 2}
	for _, i := range want[:2] {
		wakers[i].Unpark(&parkings[i])
	}
	assert.EqualValues(t, 2, ready)
	assert.Equal(t, 2, s.Run(100))
	for _, i := range want[2:] {
		wakers[i].Unpark(&parkings[i])
	}
	assert.Equal(t, 3, s.Run(100))
	assert.Equal(t, want, ran)
	end(t, s, wakers[:]...)
}

func TestUnparkMayComeFirstAndTwice(t *testing.T) {
	s := strand.New(func() {})
	var p core.Parking
	var w waker
	ran := false
	w = attach(t, s, script(parks(&w, &p, func() { ran = true }), parks(&w, &p, func() {})))
	w.Unpark(&p)
	w.Unpark(&p)
	w.Wake(nil)
	assert.Equal(t, 1, s.Run(10))
	assert.True(t, ran, "the Unpark was there")
	w.Wake(nil)
	assert.Equal(t, 1, s.Run(10))
	assert.Zero(t, s.Run(10), "two Unparks are no two waits' worth")
	w.Unpark(&p)
	w.Unpark(&p)
	assert.Equal(t, 1, s.Run(10))
	end(t, s, w)
}

func TestATurnThatEndsItsGoroutineLeftMore(t *testing.T) {
	s := strand.New(func() {})
	var p core.Parking
	var w waker
	w = attach(t, s, script(
		func() core.Status { runtime.Goexit(); return core.Ended },
		func() core.Status {
			defer w.Park(&p) // which the exit must not prevent
			runtime.Goexit()
			return core.Ended
		},
	))
	w.Wake(nil)
	assert.Equal(t, 2, s.Run(2), "the caller's goroutine goes on")
	w.Unpark(&p)
	assert.Equal(t, 2, s.Run(10), "the rest of the turn, and the one that ends")
	require.NoError(t, s.Close(t.Context()))
}

func TestAPanicOfALoopReachesRun(t *testing.T) {
	s := strand.New(func() {})
	w := attach(t, s, script(func() core.Status { panic("a bug of core's") }))
	w.Wake(nil)
	assert.PanicsWithValue(t, "a bug of core's", func() { s.Run(1) })
}

func TestABusyActorLetsOthersRun(t *testing.T) {
	sys := newSystem(t, newSingle)
	busy, other := newActor(t, sys), newActor(t, sys)
	const n = 1000
	handled, between := 0, make(chan int, 1)
	require.NoError(t, busy.Tell(testkit.Context(t), func(ctx context.Context) (any, error) {
		for range n {
			assert.NoError(t, busy.Tell(ctx, func(context.Context) (any, error) { handled++; return nil, nil }))
		}
		return nil, other.Tell(ctx, func(context.Context) (any, error) { between <- handled; return nil, nil })
	}))
	assert.Less(t, testkit.Wait(t, between, "the other's turn"), n)
}

// goroutinesIn is how many goroutines are inside a function whose name ends
// like that.
func goroutinesIn(function string) int {
	buf := make([]byte, 1<<20)
	return bytes.Count(buf[:runtime.Stack(buf, true)], []byte(function+"("))
}

func TestCoroutinesAreUsedAgain(t *testing.T) {
	s := strand.New(func() {})
	const n = 200
	var parkings [n]core.Parking
	var wakers [n]waker
	for i := range n {
		again := func() core.Status { return core.Idle }
		wakers[i] = attach(t, s, script(again, parks(&wakers[i], &parkings[i], func() {})))
		wakers[i].Wake(nil)
	}
	s.Run(n)
	assert.Equal(t, 1, goroutinesIn("coroutine).run"), "turns that do not wait need one")
	for _, w := range wakers {
		w.Wake(nil)
	}
	s.Run(n)
	assert.Equal(t, n, goroutinesIn("coroutine).run"))
	for i, w := range slices.Backward(wakers[:]) {
		w.Unpark(&parkings[i])
	}
	s.Run(n)
	testkit.Eventually(t, func() bool { return goroutinesIn("coroutine).run") <= 32 }, "most coroutines to end")
	for _, w := range wakers {
		w.Wake(nil)
	}
	s.Run(n)
	testkit.Eventually(t, func() bool { return goroutinesIn("coroutine).run") == 0 }, "all coroutines to end with the last actor")
	require.NoError(t, s.Close(t.Context()))
}

func TestClose(t *testing.T) {
	t.Run("WithoutActors", func(t *testing.T) {
		s := strand.New(func() {})
		require.NoError(t, s.Close(t.Context()))
		require.NoError(t, s.Close(t.Context()))
		_, err := s.Attach(script())
		assert.ErrorIs(t, err, core.ErrRuntimeClosed)
		assert.Zero(t, s.Run(1))
	})
	t.Run("GivesUpAndGoesOn", func(t *testing.T) {
		s := strand.New(func() {})
		ran := false
		w := attach(t, s, script(func() core.Status { ran = true; return core.More }))
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(assert.AnError)
		assert.ErrorIs(t, s.Close(ctx), assert.AnError)
		select {
		case <-s.Done():
			t.Error("Done is closed and an actor has not ended")
		default:
		}
		w.Wake(nil)
		s.Run(10)
		assert.True(t, ran)
		testkit.Wait(t, s.Done(), "the strand to be done")
		require.NoError(t, s.Close(t.Context()))
	})
	t.Run("InsideTheLastRun", func(t *testing.T) {
		s := strand.New(func() {})
		open := false
		w := attach(t, s, func() core.Status {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			open = s.Close(ctx) != nil
			return core.Ended
		})
		w.Wake(nil)
		s.Run(1)
		assert.True(t, open)
		testkit.Wait(t, s.Done(), "the strand to be done")
	})
}
