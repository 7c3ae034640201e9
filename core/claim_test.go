package core_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// Turns that are claimed nest no deeper.
func TestInlineDepthOfClaims(t *testing.T) {
	l, sys := newLender(t)
	var refs []core.Ref[any]
	for range 66 {
		refs = append(refs, l.spawn(t, sys, &testkit.Probe{}))
	}
	// The last Get is told from the others by its context, whose Done it asks for
	// when it sees whether it may run the turn, and again when it sleeps. To look
	// at the actors meanwhile would keep turns from being claimed.
	slept := make(chan struct{}, 100)
	step := here
	for i := len(refs) - 1; i > 0; i-- {
		next, inner := refs[i], step
		step = func(ctx context.Context) (any, error) {
			if i == len(refs)-1 {
				ctx = sleeping{context.WithoutCancel(ctx), slept}
			}
			return next.Ask(ctx, inner).Get(ctx)
		}
	}
	result, caller := make(chan any, 1), 0
	go func() {
		caller = testkit.Goroutine()
		at, _ := refs[0].Ask(context.Background(), step).Get(context.Background())
		result <- at
	}()
	testkit.Eventually(t, func() bool { return len(slept) >= 2 || len(result) > 0 }, "the last Get to sleep")
	l.release()
	at := testkit.Wait(t, result, "the reply")
	assert.NotEqual(t, caller, at)
	assert.NotZero(t, at)
	assert.Equal(t, 65, l.loans)
}

// queue has messages wait for a Turn that the lender does not call: 1 and 2, one that is asked for, and 3.
func queue(t *testing.T, ref core.Ref[any], asked testkit.Do) core.Future[any] {
	t.Helper()
	ctx := context.Background()
	require.NoError(t, ref.Tell(ctx, 1))
	require.NoError(t, ref.Tell(ctx, 2))
	reply := ref.Ask(ctx, asked)
	require.NoError(t, ref.Tell(ctx, 3))
	return reply
}

// A Get claims the turn that would give it its value: what comes before is handled first, in order, and what comes after is left to the runtime.
func TestInlineClaim(t *testing.T) {
	l, sys := newLender(t)
	handlers := map[any]int{}
	p := &testkit.Probe{Handle: func(_ context.Context, msg any) (any, error) {
		handlers[msg] = testkit.Goroutine()
		return nil, nil
	}}
	ref := l.spawn(t, sys, p)
	reply := queue(t, ref, here)
	at, err := reply.Get(context.Background())
	require.NoError(t, err)
	me := testkit.Goroutine()
	assert.Equal(t, me, at)
	assert.Equal(t, map[any]int{1: me, 2: me}, handlers)
	assert.Equal(t, []string{"start", "handle 1", "handle 2"}, p.Trace.All())
	where := l.step(t, core.Idle)
	assert.Equal(t, where, handlers[3])
	assert.Zero(t, l.wakes())
	checkLentStill(t, ref)
}

// So does a Call of an actor that has a turn due.
func TestInlineClaimOfACall(t *testing.T) {
	l, sys := newLender(t)
	p := &testkit.Probe{}
	ref := l.spawn(t, sys, p)
	require.NoError(t, ref.Tell(context.Background(), 1))
	at, err := ref.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
		p.Trace.Add("call")
		return here(ctx)
	}))
	require.NoError(t, err)
	assert.Equal(t, testkit.Goroutine(), at)
	assert.Equal(t, []string{"start", "handle 1", "call"}, p.Trace.All())
	l.step(t, core.Idle)
	checkLentStill(t, ref)
}

// The Turn that answers a Wake while the turn is claimed finds nothing to do, and what comes in afterwards is not lost.
func TestInlineClaimDuringATurn(t *testing.T) {
	l, sys := newLender(t)
	p := &testkit.Probe{}
	ref := l.spawn(t, sys, p)
	reply := queue(t, ref, func(context.Context) (any, error) {
		l.step(t, core.Idle)
		require.NoError(t, ref.Tell(context.Background(), 4))
		assert.Zero(t, l.wakes(), "Wakes while the turn runs")
		return nil, nil
	})
	_, err := reply.Get(context.Background())
	require.NoError(t, err)
	assert.Equal(t, []string{"start", "handle 1", "handle 2"}, p.Trace.All())
	l.step(t, core.Idle)
	assert.Equal(t, []string{"start", "handle 1", "handle 2", "handle 3", "handle 4"}, p.Trace.All())
	assert.Zero(t, l.wakes())
}

// A Get claims the first turn of an actor, too, and starts it.
func TestInlineClaimOfTheStart(t *testing.T) {
	l, sys := newLender(t)
	var started int
	p := &testkit.Probe{Start: func(context.Context) error { started = testkit.Goroutine(); return nil }}
	ref := p.Spawn(t, sys)
	at, err := ref.Call(context.Background(), here)
	require.NoError(t, err)
	assert.Equal(t, testkit.Goroutine(), at)
	assert.Equal(t, testkit.Goroutine(), started)
	l.step(t, core.Idle)
	checkLentStill(t, ref)
}

// It claims one that ends the actor after the message, too, and leaves the end to the runtime if something is left to do before.
func TestInlineClaimAfterARequestToStop(t *testing.T) {
	for _, more := range []bool{false, true} {
		t.Run(fmt.Sprint(more), func(t *testing.T) {
			l, sys := newLender(t)
			var stopped int
			p := &testkit.Probe{Stop: func(context.Context) error { stopped = testkit.Goroutine(); return nil }}
			ref := l.spawn(t, sys, p)
			reply := ref.Ask(context.Background(), here)
			if more {
				require.NoError(t, ref.Tell(context.Background(), "more"))
			}
			end := ref.AskStop()
			at, err := reply.Get(context.Background())
			require.NoError(t, err)
			assert.Equal(t, testkit.Goroutine(), at)
			where := l.step(t, core.Ended)
			if more {
				assert.Equal(t, where, stopped)
				assert.Equal(t, []string{"start", "handle more", "stop"}, p.Trace.All())
			} else {
				assert.Equal(t, testkit.Goroutine(), stopped)
			}
			alive, err := end.Get(context.Background())
			require.NoError(t, err)
			assert.True(t, alive)
		})
	}
}

// Who waits for an actor that is still being made does not run it before it has its place on the runtime.
func TestInlineClaimDuringTheLaunch(t *testing.T) {
	l, sys := newLender(t)
	replies := make(chan any, 1)
	ref, err := core.SpawnNew(sys, func(self core.Ref[any]) (*testkit.Probe, error) {
		reply := self.Ask(context.Background(), "reply")
		go func() {
			got, _ := reply.Get(context.Background())
			replies <- got
		}()
		return &testkit.Probe{}, nil
	})
	require.NoError(t, err)
	l.release()
	assert.Equal(t, "reply", testkit.Wait(t, replies, "the reply"))
	assert.True(t, ref.Alive())
}

// A Get with a deadline claims nothing, unless the actor is Quick.
func TestInlineClaimRefused(t *testing.T) {
	for _, c := range []struct {
		name            string
		started, claims bool
		opts            []core.Option
	}{
		{name: "deadline", started: true},
		{name: "deadline_quick", started: true, claims: true, opts: []core.Option{core.Quick()}},
		{name: "start_deadline"},
		{name: "start_deadline_quick", claims: true, opts: []core.Option{core.Quick()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, sys := newLender(t)
			ref := (&testkit.Probe{}).Spawn(t, sys, c.opts...)
			if c.started {
				l.step(t, core.Idle)
			}
			reply, result, getter := ref.Ask(context.Background(), here), make(chan any, 1), 0
			ctx, waits := testkit.Waiting(testkit.Context(t))
			go func() {
				getter = testkit.Goroutine()
				at, _ := reply.Get(ctx)
				result <- at
			}()
			where := 0
			if !c.claims {
				testkit.Wait(t, waits, "the Get to sleep")
				where = l.step(t, core.Idle)
			}
			at := testkit.Wait(t, result, "the reply")
			assert.Equal(t, c.claims, at == getter, "the getter runs it")
			assert.Equal(t, !c.claims, at == where, "the runtime runs it")
		})
	}
}
