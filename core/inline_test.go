package core_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// here is a message whose reply is the goroutine that handles it.
var here = testkit.Do(func(context.Context) (any, error) { return testkit.Goroutine(), nil })

// lends says which runtimes of testkit lend turns.
func lends(rt testkit.Runtime) bool {
	return rt.Name == "goroutine" || strings.HasPrefix(rt.Name, "pool")
}

// lent waits until the actor is idle and the caller runs its turns.
func lent(t *testing.T, ref core.Ref[any], ctx context.Context) {
	t.Helper()
	me := testkit.Goroutine()
	testkit.Eventually(t, func() bool {
		at, err := ref.Call(ctx, here)
		return err == nil && at == me
	}, "a call to run on the caller")
}

// eachLender is testkit.Each, of those that lend turns.
func eachLender(t *testing.T, test func(t *testing.T, rt testkit.Runtime)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		if lends(rt) {
			test(t, rt)
		}
	})
}

// A call of an idle actor runs on the goroutine that calls, whatever is called and through whichever ref.
func TestInlineCall(t *testing.T) {
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		sys := testkit.System(t, rt)
		ctx, me := context.Background(), testkit.Goroutine()
		typed, err := core.Spawn(sys, core.Func(func(context.Context, testkit.Do) (any, error) { return testkit.Goroutine(), nil }))
		require.NoError(t, err)
		function := core.Invoke(func(ctx context.Context, _ any) (any, error) { return here(ctx) })
		untyped := (&testkit.Probe{}).Spawn(t, sys)
		for _, ref := range []core.Ref[any]{typed.Any(), untyped} {
			lent(t, ref, ctx)
			for _, msg := range []any{here, function} {
				at, err := ref.Call(ctx, msg)
				assert.NoError(t, err)
				assert.Equal(t, me, at, "%T to %v", msg, ref)
			}
		}
		at, err := typed.Call(ctx, here)
		assert.NoError(t, err)
		assert.Equal(t, me, at, "through a typed ref")
	})
}

// So do the calls that a handler makes with its context, and those that it makes with one that is nobody's.
func TestInlineCallOfAHandler(t *testing.T) {
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		sys := testkit.System(t, rt)
		caller, callee := (&testkit.Probe{}).Spawn(t, sys), (&testkit.Probe{}).Spawn(t, sys)
		lent(t, caller, context.Background())
		lent(t, callee, context.Background())
		at, err := caller.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
			return callee.Call(ctx, here)
		}))
		assert.NoError(t, err)
		assert.Equal(t, testkit.Goroutine(), at)
	})
}

// A runtime whose Wakers are no Inliners lends nothing.
func TestInlineNotWithoutAnInliner(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		if lends(rt) {
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

// A caller whose context can end does not run a turn, which it could not leave.
func TestInlineNotWithADeadline(t *testing.T) {
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		ref := (&testkit.Probe{}).Spawn(t, testkit.System(t, rt))
		cancelled, cancel := context.WithCancel(context.Background())
		defer cancel()
		for _, ctx := range []context.Context{testkit.Context(t), cancelled} {
			for range 10 {
				lent(t, ref, context.Background())
				at, err := ref.Call(ctx, here)
				require.NoError(t, err)
				assert.NotEqual(t, testkit.Goroutine(), at)
			}
		}
	})
}

// Nor does a handler with such a context that is derived of its own.
func TestInlineNotWithADerivedDeadline(t *testing.T) {
	l, sys := newLender(t)
	caller, callee := l.spawn(t, sys, &testkit.Probe{}), l.spawn(t, sys, &testkit.Probe{})
	l.release()
	at, err := caller.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
		ctx, cancel := context.WithTimeout(ctx, testkit.Patience)
		defer cancel()
		return callee.Call(ctx, here)
	}))
	assert.NoError(t, err)
	assert.NotEqual(t, testkit.Goroutine(), at)
	assert.Equal(t, 1, l.loans)
}

// An actor that is Quick is run by callers with a deadline too.
func TestInlineQuick(t *testing.T) {
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		var stopped int
		p := &testkit.Probe{Stop: func(context.Context) error { stopped = testkit.Goroutine(); return nil }}
		ref := p.Spawn(t, testkit.System(t, rt), core.Quick())
		lent(t, ref, testkit.Context(t))
		_, err := ref.Stop(testkit.Context(t))
		require.NoError(t, err)
		assert.Equal(t, testkit.Goroutine(), stopped)
	})
}

// giveUp calls ref with a deadline that is soon, and waits until the call has returned.
func giveUp(t *testing.T, ref core.Ref[any], msg any) {
	t.Helper()
	result := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		_, err := ref.Call(ctx, msg)
		result <- err
	}()
	assert.ErrorIs(t, testkit.Wait(t, result, "the end of the call"), context.DeadlineExceeded)
}

// A caller leaves at its deadline an actor that is busy, be it Quick, and one that was idle.
func TestInlineKeepsTheDeadline(t *testing.T) {
	for name, opts := range map[string][]core.Option{"plain": nil, "quick": {core.Quick()}} {
		t.Run("busy_"+name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				p := &testkit.Probe{}
				ref := p.Spawn(t, sys, opts...)
				held := testkit.Hold(t, ref)
				giveUp(t, ref, "late")
				held.Open()
				_, err := ref.Call(testkit.Context(t), "last")
				require.NoError(t, err)
				assert.Equal(t, []string{"start", "handle late", "handle last"}, p.Trace.All())
			})
		})
	}
	t.Run("idle", func(t *testing.T) {
		eachLender(t, func(t *testing.T, rt testkit.Runtime) {
			ref := (&testkit.Probe{}).Spawn(t, testkit.System(t, rt))
			lent(t, ref, context.Background())
			gate := testkit.NewGate(t)
			giveUp(t, ref, testkit.Do(func(ctx context.Context) (any, error) {
				gate.PassIn(ctx)
				return nil, nil
			}))
		})
	})
}

// An actor does not run one of another Runtime value, be it of the same type; a goroutine that is no actor's runs both.
func TestInlineNotOfAnotherRuntime(t *testing.T) {
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		other := rt.New()
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
			defer cancel()
			assert.NoError(t, other.(core.Closer).Close(ctx))
		})
		sys := testkit.System(t, rt)
		caller := (&testkit.Probe{}).Spawn(t, sys)
		beside := (&testkit.Probe{}).Spawn(t, sys)
		abroad := (&testkit.Probe{}).Spawn(t, sys, core.On(other))
		for range 10 {
			for _, ref := range []core.Ref[any]{caller, beside, abroad} {
				lent(t, ref, context.Background())
			}
			_, err := caller.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
				at, err := beside.Call(ctx, here)
				assert.NoError(t, err)
				assert.Equal(t, testkit.Goroutine(), at, "an actor of the same Runtime")
				at, err = abroad.Call(ctx, here)
				assert.NoError(t, err)
				assert.NotEqual(t, testkit.Goroutine(), at, "an actor of another Runtime")
				return nil, nil
			}))
			require.NoError(t, err)
		}
	})
}

// A chain of calls longer than a stack should be nests 64 turns in the first on one goroutine, and goes on on others.
func TestInlineDepth(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		sys := testkit.System(t, rt)
		const length = 200
		var refs []core.Ref[any]
		for range length {
			ref := (&testkit.Probe{}).Spawn(t, sys)
			if lends(rt) {
				lent(t, ref, context.Background())
			}
			refs = append(refs, ref)
		}
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
		if lends(rt) {
			assert.Equal(t, 65, most)
			assert.Equal(t, 65, nested[testkit.Goroutine()])
		} else {
			assert.Equal(t, 1, most)
		}
	})
}

// Turns that are claimed nest no deeper.
func TestInlineDepthOfClaims(t *testing.T) {
	l, sys := newLender(t)
	var refs []core.Ref[any]
	for range 66 {
		refs = append(refs, l.spawn(t, sys, &testkit.Probe{}))
	}
	step := here
	for i := len(refs) - 1; i > 0; i-- {
		next, inner := refs[i], step
		step = func(ctx context.Context) (any, error) {
			return next.Ask(ctx, inner).Get(ctx)
		}
	}
	result, caller := make(chan any, 1), 0
	go func() {
		caller = testkit.Goroutine()
		at, _ := refs[0].Ask(context.Background(), step).Get(context.Background())
		result <- at
	}()
	eventuallyWaits(t, refs[len(refs)-2])
	l.release()
	at := testkit.Wait(t, result, "the reply")
	assert.NotEqual(t, caller, at)
	assert.NotZero(t, at)
	assert.Equal(t, 65, l.loans)
}

// P30: a panic comes out of the call as an error, and the actor lives and is lent again.
func TestInlinePanic(t *testing.T) {
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		p := &testkit.Probe{}
		ref := p.Spawn(t, testkit.System(t, rt))
		lent(t, ref, context.Background())
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
	})
}

// P30: so does an error, as the same value.
func TestInlineError(t *testing.T) {
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		p := &testkit.Probe{}
		ref := p.Spawn(t, testkit.System(t, rt))
		lent(t, ref, context.Background())
		_, err := ref.Call(context.Background(), fail(errTest))
		assert.True(t, err == errTest, "the error is %v", err)
		checkLentStill(t, ref)
		assert.Equal(t, []string{"start"}, p.Trace.All())
	})
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
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		sys := testkit.System(t, rt)
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		lent(t, ref, context.Background())
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
		assert.ErrorContains(t, ended(t, sys), "Goexit")
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.ErrorContains(t, ref.Err(), "Goexit")
		assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
	})
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

// The end of an idle actor runs on the caller of Stop, unless that has a deadline or does not wait.
func TestInlineStop(t *testing.T) {
	for _, c := range []struct {
		name   string
		inline bool
		stop   func(*testing.T, core.Ref[any]) (bool, error)
	}{
		{"background", true, func(_ *testing.T, ref core.Ref[any]) (bool, error) { return ref.Stop(context.Background()) }},
		{"deadline", false, func(t *testing.T, ref core.Ref[any]) (bool, error) { return ref.Stop(testkit.Context(t)) }},
		{"AskStop", false, func(t *testing.T, ref core.Ref[any]) (bool, error) {
			return ref.AskStop().Get(context.Background())
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachLender(t, func(t *testing.T, rt testkit.Runtime) {
				stopped := 0
				p := &testkit.Probe{Stop: func(context.Context) error { stopped = testkit.Goroutine(); return nil }}
				ref := p.Spawn(t, testkit.System(t, rt))
				lent(t, ref, context.Background())
				alive, err := c.stop(t, ref)
				assert.NoError(t, err)
				assert.True(t, alive)
				assert.Equal(t, c.inline, stopped == testkit.Goroutine(), "the caller runs OnStop")
			})
		})
	}
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

// A Get with a deadline claims nothing, unless the actor is Quick; nor does any Get before OnStart has run.
func TestInlineClaimRefused(t *testing.T) {
	for _, c := range []struct {
		name            string
		started, claims bool
		opts            []core.Option
	}{
		{name: "deadline", started: true},
		{name: "deadline_quick", started: true, claims: true, opts: []core.Option{core.Quick()}},
		{name: "before_OnStart", opts: []core.Option{core.Quick()}},
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
	eachLender(t, func(t *testing.T, rt testkit.Runtime) {
		p := &testkit.Probe{}
		ref := p.Spawn(t, testkit.System(t, rt))
		lent(t, ref, context.Background())
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
