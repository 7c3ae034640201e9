package core_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// P30: a panic comes out of the call as an error, and the actor lives and is lent again.
func TestInlinePanic(t *testing.T) {
	l, sys := newLender(t)
	p := &testkit.Probe{}
	ref := l.spawn(t, sys, p)
	var where int
	_, err := ref.Call(context.Background(), testkit.Do(func(context.Context) (any, error) {
		where = testkit.Goroutine()
		panic("inline")
	}))
	assert.Equal(t, testkit.Goroutine(), where)
	var panicked *core.PanicError
	require.ErrorAs(t, err, &panicked)
	assert.Equal(t, "inline", panicked.Value)
	assert.Contains(t, string(panicked.Stack), "TestInlinePanic")
	checkLentStill(t, ref)
	assert.Equal(t, []string{"start"}, p.Trace.All())
}

// P30: so does an error, as the same value.
func TestInlineError(t *testing.T) {
	l, sys := newLender(t)
	p := &testkit.Probe{}
	ref := l.spawn(t, sys, p)
	_, err := ref.Call(context.Background(), fail(errTest))
	assert.True(t, err == errTest, "the error is %v", err)
	checkLentStill(t, ref)
	assert.Equal(t, []string{"start"}, p.Trace.All())
}

// checkLentStill checks that the actor is alive, and idle at once.
func checkLentStill(t *testing.T, ref core.Ref[any]) {
	t.Helper()
	assert.True(t, ref.Alive())
	at, err := ref.Call(context.Background(), here)
	assert.NoError(t, err)
	assert.Equal(t, testkit.Goroutine(), at)
}

// P35: a handler that ends its goroutine ends the caller's, and the actor as a fatal error does.
func TestInlineGoexit(t *testing.T) {
	l, sys := newLender(t)
	p := &testkit.Probe{}
	ref := l.spawn(t, sys, p)
	var caller, where int
	exited := onItsOwn(t, func() {
		caller = testkit.Goroutine()
		_, _ = ref.Call(context.Background(), testkit.Do(func(context.Context) (any, error) {
			where = testkit.Goroutine()
			runtime.Goexit()
			return nil, nil
		}))
	})
	assert.True(t, exited, "the caller goes on")
	assert.Equal(t, caller, where)
	l.release()
	assert.ErrorContains(t, ended(t, sys), "Goexit")
	testkit.Wait(t, ref.Done(), "the actor's end")
	assert.ErrorContains(t, ref.Err(), "Goexit")
	assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
}

// P16: of a handler that returns ErrStop the reply arrives, and the actor stops, on the caller if nothing is left to do.
func TestInlineErrStop(t *testing.T) {
	l, sys := newLender(t)
	stopped := 0
	p := &testkit.Probe{Stop: func(context.Context) error { stopped = testkit.Goroutine(); return nil }}
	ref := l.spawn(t, sys, p)
	got, err := ref.Call(context.Background(), testkit.Do(func(context.Context) (any, error) { return "reply", core.ErrStop }))
	assert.NoError(t, err)
	assert.Equal(t, "reply", got)
	assert.Equal(t, testkit.Goroutine(), stopped)
	testkit.Wait(t, ref.Done(), "the actor's end")
	assert.NoError(t, ref.Err())
	l.step(t, core.Ended)
}

// P16: what came in before that is handled first, by the runtime.
func TestInlineErrStopWithMoreToDo(t *testing.T) {
	l, sys := newLender(t)
	p := &testkit.Probe{}
	ref := l.spawn(t, sys, p)
	got, err := ref.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
		require.NoError(t, core.Self[any](ctx).Tell(ctx, 1))
		require.NoError(t, core.Self[any](ctx).Tell(ctx, 2))
		return "reply", core.ErrStop
	}))
	assert.NoError(t, err)
	assert.Equal(t, "reply", got)
	assert.Equal(t, []string{"start"}, p.Trace.All())
	l.step(t, core.Ended)
	assert.Equal(t, []string{"start", "handle 1", "handle 2", "stop"}, p.Trace.All())
}

// Stop of an actor that has a turn due runs it, from its start to its end.
func TestInlineStopOfWhatHasNotRun(t *testing.T) {
	l, sys := newLender(t)
	stopped := 0
	p := &testkit.Probe{Stop: func(context.Context) error { stopped = testkit.Goroutine(); return nil }}
	ref := p.Spawn(t, sys)
	require.NoError(t, ref.Tell(context.Background(), 1))
	alive, err := ref.Stop(context.Background())
	assert.NoError(t, err)
	assert.True(t, alive)
	assert.Equal(t, testkit.Goroutine(), stopped)
	assert.Equal(t, []string{"start", "handle 1", "stop"}, p.Trace.All())
	l.step(t, core.Ended)
}

// The end of an idle actor runs on the caller of Stop, unless that has a deadline.
func TestInlineStop(t *testing.T) {
	for _, c := range []struct {
		name   string
		inline bool
		stop   func(*testing.T, core.Ref[any]) (bool, error)
	}{
		{"background", true, func(_ *testing.T, ref core.Ref[any]) (bool, error) { return ref.Stop(context.Background()) }},
		{"deadline", false, func(t *testing.T, ref core.Ref[any]) (bool, error) { return ref.Stop(testkit.Context(t)) }},
		{"AskStop", false, func(t *testing.T, ref core.Ref[any]) (bool, error) {
			return ref.AskStop().Get(testkit.Context(t))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, sys := newLender(t)
			stopped := 0
			p := &testkit.Probe{Stop: func(context.Context) error { stopped = testkit.Goroutine(); return nil }}
			ref := l.spawn(t, sys, p)
			l.release()
			alive, err := c.stop(t, ref)
			assert.NoError(t, err)
			assert.True(t, alive)
			assert.Equal(t, c.inline, stopped == testkit.Goroutine(), "the caller runs OnStop")
		})
	}
}

// P70: an OnStop that runs on the caller of Stop waits on that caller's behalf too: a call back closes a ring.
func TestRingThroughAnInlineStop(t *testing.T) {
	l, sys := newLender(t)
	caller := l.spawn(t, sys, &testkit.Probe{})
	back := make(chan error, 1)
	callee := l.spawn(t, sys, &testkit.Probe{Stop: func(ctx context.Context) error {
		_, err := caller.Call(ctx, "back")
		back <- err
		return nil
	}})
	stopped := make(chan any, 1)
	go func() {
		alive, _ := caller.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) { return callee.Stop(ctx) }))
		stopped <- alive
	}()
	assert.ErrorIs(t, testkit.Wait(t, back, "the call back"), core.ErrDeadlock)
	assert.Equal(t, true, testkit.Wait(t, stopped, "the Stop"))
}
