package core_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

const levelError = slog.LevelError

// panicking is a message that a Probe handles by a panic with v.
func panicking(v any) testkit.Do {
	return func(context.Context) (any, error) { panic(v) }
}

// asking are the ways in which a message that somebody waits for is handled:
// on the actor's runtime, or by the goroutine that waits.
func asking(t *testing.T) map[string]func(core.Ref[any], any) (any, error) {
	ctx := testkit.Context(t)
	return map[string]func(core.Ref[any], any) (any, error){
		"Call":        func(ref core.Ref[any], msg any) (any, error) { return ref.Call(ctx, msg) },
		"Call_inline": func(ref core.Ref[any], msg any) (any, error) { return ref.Call(context.Background(), msg) },
		"Ask":         func(ref core.Ref[any], msg any) (any, error) { return ref.Ask(ctx, msg).Get(ctx) },
		"Ask_claimed": func(ref core.Ref[any], msg any) (any, error) {
			return ref.Ask(ctx, msg).Get(context.Background())
		},
		"Invoke": func(ref core.Ref[any], msg any) (any, error) {
			do := msg.(testkit.Do)
			return ref.Call(ctx, testkit.Invoke(func(ctx context.Context, _ any) (any, error) { return do(ctx) }))
		},
		"Invoke_inline": func(ref core.Ref[any], msg any) (any, error) {
			do := msg.(testkit.Do)
			return ref.Call(context.Background(), testkit.Invoke(func(ctx context.Context, _ any) (any, error) { return do(ctx) }))
		},
	}
}

// eachAsking runs test for every runtime and way to ask, with a warm Probe.
func eachAsking(t *testing.T, test func(t *testing.T, ask func(any) (any, error), ref core.Ref[any], p *testkit.Probe)) {
	t.Helper()
	for name := range asking(t) {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				p := &testkit.Probe{}
				ref := p.Spawn(t, sys)
				_, err := ref.Call(testkit.Context(t), "warm")
				require.NoError(t, err)
				test(t, func(msg any) (any, error) { return asking(t)[name](ref, msg) }, ref, p)
			})
		})
	}
}

// P30: the error of a handler goes to who asked, as the same value; the actor
// carries on, and no hook runs.
func TestAskFails(t *testing.T) {
	eachAsking(t, func(t *testing.T, ask func(any) (any, error), ref core.Ref[any], p *testkit.Probe) {
		reply, err := ask(fail(errTest))
		assert.True(t, err == errTest, "the error is %v", err)
		assert.Nil(t, reply)
		after, err := ref.Call(testkit.Context(t), "after")
		assert.NoError(t, err)
		assert.Equal(t, "after", after)
		assert.Equal(t, []string{"start", "handle warm", "handle after"}, p.Trace.All())
	})
}

// P30: a panic is an error like any other; it keeps the value and the stack.
func TestAskPanics(t *testing.T) {
	eachAsking(t, func(t *testing.T, ask func(any) (any, error), ref core.Ref[any], p *testkit.Probe) {
		for _, v := range []any{"text", 42, errTest, struct{ n int }{1}} {
			_, err := ask(panicking(v))
			var panicked *core.PanicError
			if assert.ErrorAs(t, err, &panicked) {
				assert.Equal(t, v, panicked.Value)
				assert.Contains(t, string(panicked.Stack), "panicking")
				assert.Contains(t, err.Error(), fmt.Sprint(v))
				assert.False(t, strings.Contains(err.Error(), "goroutine "), "the stack is not in the text")
			}
			assert.Equal(t, v == any(errTest), errors.Is(err, errTest))
		}
		_, err := ref.Call(testkit.Context(t), "after")
		assert.NoError(t, err)
		assert.Equal(t, []string{"start", "handle warm", "handle after"}, p.Trace.All())
	})
}

// P30: panic(nil) and a panic inside a deferred call are panics too.
func TestOddPanics(t *testing.T) {
	odd := map[string]testkit.Do{
		"nil":      panicking(nil),
		"deferred": func(context.Context) (any, error) { defer panic("second"); panic("first") },
		"runtime":  func(context.Context) (any, error) { return []int{}[len("x")], nil },
	}
	for name, do := range odd {
		t.Run(name, func(t *testing.T) {
			eachAsking(t, func(t *testing.T, ask func(any) (any, error), ref core.Ref[any], _ *testkit.Probe) {
				_, err := ask(do)
				var panicked *core.PanicError
				assert.ErrorAs(t, err, &panicked)
				_, err = ref.Call(testkit.Context(t), "after")
				assert.NoError(t, err)
			})
		})
	}
}

// tellFails are the ways in which a message that was told fails its actor.
func tellFails() map[string]any {
	return map[string]any{
		"error":  fail(errTest),
		"panic":  panicking(errTest),
		"Invoke": testkit.Invoke(func(context.Context, any) (any, error) { return nil, errTest }),
		"Invoke_panics": testkit.Invoke(func(context.Context, any) (any, error) {
			panic(errTest)
		}),
	}
}

// P31: a message that was told and fails ends its actor: found no more, dead,
// OnFailure with the error, no OnStop, leftovers drained.
// P42: so does a function that was told and fails, as by a proxy.
func TestTellFails(t *testing.T) {
	for name, msg := range tellFails() {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				var letters testkit.Letters
				sys := testkit.System(t, rt, letters.Option())
				ctx := testkit.Context(t)
				var given error
				p := &testkit.Probe{Fail: func(_ context.Context, err error) { given = err }}
				ref := p.Spawn(t, sys, core.Named("ending"))
				held := testkit.Hold(t, ref)
				require.NoError(t, ref.Tell(ctx, msg))
				require.NoError(t, ref.Tell(ctx, "leftover"))
				reply := ref.Ask(ctx, "leftover too")
				held.Open()
				_, err := reply.Get(ctx)
				assert.ErrorIs(t, err, core.ErrDead)
				testkit.Wait(t, ref.Done(), "the actor's end")
				require.Len(t, p.Trace.All(), 2)
				assert.Contains(t, p.Trace.All()[1], "fail: ")
				assert.ErrorIs(t, given, errTest)
				assert.Equal(t, given, ref.Err())
				assert.Equal(t, []any{"leftover"}, letters.Messages())
				checkDead(t, ctx, ref)
				_, err = core.Spawn(sys, &testkit.Probe{}, core.Named("ending"))
				assert.NoError(t, err, "the name is free")
			})
		})
	}
}

// P31: OnFailure and Err have the panic's value and stack.
func TestFailureKeepsThePanic(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		var given error
		p := &testkit.Probe{Fail: func(_ context.Context, err error) { given = err }}
		ref := p.Spawn(t, sys)
		require.NoError(t, ref.Tell(testkit.Context(t), panicking("boom")))
		testkit.Wait(t, ref.Done(), "the actor's end")
		for _, err := range []error{given, ref.Err()} {
			var panicked *core.PanicError
			require.ErrorAs(t, err, &panicked)
			assert.Equal(t, "boom", panicked.Value)
			assert.Contains(t, string(panicked.Stack), "panicking")
		}
	})
}

// P31: the failure of one actor leaves the others and the system as they are.
func TestFailureStaysWithItsActor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		other := (&testkit.Probe{}).Spawn(t, sys)
		for _, msg := range tellFails() {
			ref := (&testkit.Probe{}).Spawn(t, sys)
			require.NoError(t, ref.Tell(ctx, msg))
			testkit.Wait(t, ref.Done(), "the actor's end")
		}
		_, err := other.Call(ctx, "still here")
		assert.NoError(t, err)
		assert.Equal(t, 1, sys.Stats().Actors)
		assert.False(t, settledNow(sysDone{sys}))
	})
}

// sysDone has Done of a system as that of a Future.
type sysDone struct{ *core.System }

func (sysDone) Get(context.Context) (any, error) { return nil, nil }

// P32: in OnFailure the actor is dead, to others and to itself.
func TestDeadInOnFailure(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ran := false
		p := &testkit.Probe{Fail: func(ctx context.Context, _ error) {
			ran = true
			assert.NoError(t, ctx.Err())
			checkDead(t, ctx, core.Self[any](ctx))
		}}
		ref := p.Spawn(t, sys, core.Named("ending"))
		require.NoError(t, ref.Tell(ctx, fail(errTest)))
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.True(t, ran)
	})
}

// P33: an OnFailure that panics gives a second record at ERROR and changes
// nothing else; OnFailure runs once.
func TestOnFailurePanics(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		records := testkit.NewRecords()
		sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
		ctx := testkit.Context(t)
		p := &testkit.Probe{Fail: func(context.Context, error) { panic("worse") }}
		ref := p.Spawn(t, sys)
		held := testkit.Hold(t, ref)
		require.NoError(t, ref.Tell(ctx, fail(errTest)))
		reply, stopped := ref.Ask(ctx, "leftover"), ref.AskStop()
		held.Open()
		_, err := reply.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		checkStop(t, true)(stopped.Get(ctx))
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.ErrorIs(t, ref.Err(), errTest)
		assert.Equal(t, []string{"start", "fail: test error"}, p.Trace.All())
		assert.Len(t, records.Messages(levelError), 2)
	})
}

// P34: an OnStart that fails ends the actor: no message is handled, asks are
// turned away, and neither OnStop nor OnFailure runs.
func TestOnStartFails(t *testing.T) {
	failures := map[string]func() error{
		"error": func() error { return errTest },
		"panic": func() error { panic(errTest) },
	}
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				records := testkit.NewRecords()
				sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
				ctx := testkit.Context(t)
				gate := testkit.NewGate(t)
				p := &testkit.Probe{Start: func(ctx context.Context) error { gate.PassIn(ctx); return failure() }}
				ref := p.Spawn(t, sys, core.Named("ending"))
				require.NoError(t, ref.Tell(ctx, "never handled"))
				reply, stopped := ref.Ask(ctx, "never either"), ref.AskStop()
				gate.Open()
				_, err := reply.Get(ctx)
				assert.ErrorIs(t, err, core.ErrDead)
				checkStop(t, true)(stopped.Get(ctx))
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.ErrorIs(t, ref.Err(), errTest)
				checkDead(t, ctx, ref)
				assert.Equal(t, []string{"start"}, p.Trace.All())
				assert.Len(t, records.Messages(levelError), 1)
			})
		})
	}
}

// P42: an error, a panic or an unknown name in a function on an actor goes to
// who asked, and the actor carries on.
func TestInvokeFails(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		for _, ctx := range []context.Context{ctx, context.Background()} {
			_, err := ref.Call(ctx, testkit.Invoke(func(context.Context, any) (any, error) { return nil, errTest }))
			assert.True(t, err == errTest)
			_, err = ref.Call(ctx, testkit.Invoke(func(_ context.Context, actor any) (any, error) {
				return actor.(fmt.Stringer).String(), nil // a Probe is none
			}))
			var panicked *core.PanicError
			assert.ErrorAs(t, err, &panicked)
			_, err = ref.Call(ctx, "after")
			assert.NoError(t, err)
		}
	})
}

// P42: a message of a type that the actor does not take is refused when it is
// sent, told or asked, and the actor carries on.
func TestWrongMessage(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref, err := core.Spawn(sys, core.Func(func(_ context.Context, n int) (int, error) { return n + 1, nil }))
		require.NoError(t, err)
		assert.ErrorIs(t, ref.Any().Tell(ctx, "text"), core.ErrUnhandled)
		for _, ctx := range []context.Context{ctx, context.Background()} {
			_, err = ref.Any().Call(ctx, "text")
			assert.ErrorIs(t, err, core.ErrUnhandled)
			_, err = ref.Any().Call(ctx, nil)
			assert.ErrorIs(t, err, core.ErrUnhandled)
		}
		got, err := core.As[int](ref.Any().Call(ctx, 1))
		assert.NoError(t, err)
		assert.Equal(t, 2, got)
	})
}

func panicInside() { panic("inside") }

// P30: of a panic in Blocking the stack is the one of the code that panicked, wherever that ran, and nobody else's.
func TestStackOfAPanicInBlocking(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := (&testkit.Probe{}).Spawn(t, sys)
		stackOf := func(handle testkit.Do) string {
			_, err := ref.Call(testkit.Context(t), handle)
			var p *core.PanicError
			require.ErrorAs(t, err, &p)
			return string(p.Stack)
		}
		assert.Contains(t, stackOf(func(ctx context.Context) (any, error) {
			core.Blocking(ctx, panicInside)
			return nil, nil
		}), "panicInside")
		assert.NotContains(t, stackOf(func(ctx context.Context) (any, error) {
			func() {
				defer func() { _ = recover() }()
				core.Blocking(ctx, panicInside)
			}()
			panic("outside")
		}), "panicInside")
	})
}
