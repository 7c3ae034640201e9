package core_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// An echo replies with what it is sent, and keeps it. Its handlers are
// ordered by core alone, so the race detector checks that order too.
type echo struct{ got []any }

func (e *echo) Receive(_ context.Context, msg any) (any, error) {
	e.got = append(e.got, msg)
	return msg, nil
}

// heldEcho spawns an echo and holds it at a gate.
func heldEcho(t *testing.T, sys *core.System, opts ...core.Option) (*echo, core.Ref[any], *testkit.Gate) {
	t.Helper()
	e := &echo{}
	ref := spawn(t, sys, e, opts...)
	gate, in := testkit.NewGate(t), make(chan struct{})
	hold := core.Invoke(func(ctx context.Context, _ any) (any, error) {
		close(in)
		core.Blocking(ctx, gate.Pass)
		return nil, nil
	})
	require.NoError(t, ref.Tell(testkit.Context(t), hold))
	testkit.Wait(t, in, "the handler to wait at the gate")
	return e, ref, gate
}

func spawn[M any](t *testing.T, sys *core.System, a core.Actor[M], opts ...core.Option) core.Ref[M] {
	t.Helper()
	ref, err := core.Spawn(sys, a, opts...)
	require.NoError(t, err)
	return ref
}

// stop stops the actor and waits for its very end.
func stop[M any](t *testing.T, ref core.Ref[M]) {
	t.Helper()
	stopped, err := ref.Stop(testkit.Context(t))
	require.NoError(t, err)
	require.True(t, stopped)
	testkit.Wait(t, ref.Done(), "the actor's end")
}

// A number declares its reply, so that the typed verbs take it.
type number struct {
	core.Returns[number]
	n int
}

// A verb sends msg, and gives the reply of those that wait for one. What it
// returns is the outcome as far as the verb lets its caller know.
type verb struct {
	name string
	send func(ctx context.Context, ref core.Ref[any], msg any) (any, error)
}

// sends are the verbs that send a message; all but the first wait for the
// reply.
var sends = []verb{
	{"Tell", func(ctx context.Context, ref core.Ref[any], msg any) (any, error) {
		return nil, ref.Tell(ctx, msg)
	}},
	{"Ask", func(ctx context.Context, ref core.Ref[any], msg any) (any, error) {
		return ref.Ask(ctx, msg).Get(ctx)
	}},
	{"Call", func(ctx context.Context, ref core.Ref[any], msg any) (any, error) {
		return ref.Call(ctx, msg)
	}},
	{"typed_Ask", func(ctx context.Context, ref core.Ref[any], msg any) (any, error) {
		return core.Ask(ctx, ref, number{n: msg.(int)}).Get(ctx)
	}},
	{"typed_Call", func(ctx context.Context, ref core.Ref[any], msg any) (any, error) {
		return core.Call(ctx, ref, number{n: msg.(int)})
	}},
	{"Tell_Invoke", func(ctx context.Context, ref core.Ref[any], msg any) (any, error) {
		return nil, ref.Tell(ctx, invokeReceive(msg))
	}},
	{"Ask_Invoke", func(ctx context.Context, ref core.Ref[any], msg any) (any, error) {
		return ref.Ask(ctx, invokeReceive(msg)).Get(ctx)
	}},
	{"Call_Invoke", func(ctx context.Context, ref core.Ref[any], msg any) (any, error) {
		return ref.Call(ctx, invokeReceive(msg))
	}},
}

// invokeReceive is the function that does what sending msg does.
func invokeReceive(msg any) core.Invoke {
	return func(ctx context.Context, actor any) (any, error) {
		return actor.(core.Actor[any]).Receive(ctx, msg)
	}
}

// eachSend runs test on every runtime for every verb that sends.
func eachSend(t *testing.T, test func(t *testing.T, sys *core.System, v verb)) {
	t.Helper()
	for _, v := range sends {
		t.Run(v.name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) { test(t, sys, v) })
		})
	}
}

// P52: a verb whose context is done on entry sends nothing and returns the context's error with its cause.
func TestVerbsWithADoneContext(t *testing.T) {
	cause := errors.New("cause")
	canceled, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	past, cancelPast := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancelPast()
	eachSend(t, func(t *testing.T, sys *core.System, v verb) {
		e := &echo{}
		ref := spawn(t, sys, e)
		_, err := v.send(canceled, ref, 1)
		assert.ErrorIs(t, err, context.Canceled)
		assert.ErrorIs(t, err, cause)
		_, err = v.send(past, ref, 1)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		stop(t, ref)
		assert.Empty(t, e.got)
		assert.Zero(t, sys.Stats().Accepted)
	})
}

// P22: a stop whose context is done is requested all the same.
func TestStopWithADoneContext(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e, ref, gate := heldEcho(t, sys)
		require.NoError(t, ref.Tell(testkit.Context(t), 1))
		done, cancel := context.WithCancel(context.Background())
		cancel()
		stopped, err := ref.Stop(done)
		assert.False(t, stopped)
		assert.ErrorIs(t, err, context.Canceled)
		gate.Open()
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Equal(t, []any{1}, e.got)
	})
}

// P51: a nil context is refused by every verb, which then sends nothing.
func TestVerbsWithANilContext(t *testing.T) {
	var none context.Context
	eachSend(t, func(t *testing.T, sys *core.System, v verb) {
		e := &echo{}
		ref := spawn(t, sys, e)
		_, err := v.send(none, ref, 1)
		assert.ErrorIs(t, err, core.ErrInvalid)
		_, err = v.send(none, core.Ref[any]{}, 1)
		assert.ErrorIs(t, err, core.ErrInvalid)
		stopped, err := ref.Stop(none)
		assert.False(t, stopped)
		assert.ErrorIs(t, err, core.ErrInvalid)
		assert.True(t, ref.Alive())
		stop(t, ref)
		assert.Empty(t, e.got)
	})
}

// P50: a verb on a dead actor returns ErrDead, and its text names the actor and says not found.
// P54: Ask does so through its future.
// P55: an actor that ended while the message waited is told apart by the text.
func TestVerbsOnADeadActor(t *testing.T) {
	eachSend(t, func(t *testing.T, sys *core.System, v verb) {
		ref := spawn(t, sys, &echo{})
		stop(t, ref)
		for _, dead := range []core.Ref[any]{ref, {}} {
			reply, err := v.send(testkit.Context(t), dead, 1)
			require.ErrorIs(t, err, core.ErrDead)
			assert.Contains(t, err.Error(), dead.String()+" not found")
			assert.Zero(t, reply)
		}
		assert.Zero(t, sys.Stats().Accepted)
	})
}

// P55: what was accepted and never handled fails its asker with ErrDead too, with another text.
func TestAskThatIsLeftOver(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e, ref, gate := heldEcho(t, sys)
		ctx := testkit.Context(t)
		stopped := ref.AskStop()
		left := ref.Ask(ctx, 1)
		gate.Open()
		_, err := left.Get(ctx)
		require.ErrorIs(t, err, core.ErrDead)
		assert.Contains(t, err.Error(), ref.String()+" ended before it handled the message")
		ok, err := stopped.Get(ctx)
		assert.NoError(t, err)
		assert.True(t, ok)
		assert.Empty(t, e.got)
	})
}

// P20: Stop of a dead actor is no error, and false.
// P21: so is AskStop's future.
func TestStopOfADeadActor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys, &echo{})
		stop(t, ref)
		for _, dead := range []core.Ref[any]{ref, {}} {
			stopped, err := dead.Stop(testkit.Context(t))
			assert.NoError(t, err)
			assert.False(t, stopped)
			stopped, err = dead.AskStop().Get(testkit.Context(t))
			assert.NoError(t, err)
			assert.False(t, stopped)
		}
	})
}

// P49: Tell waits for nothing, and what the handler returns is discarded.
// P53: neither does Ask, whose future has the reply later.
func TestTellAndAskDoNotWait(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e, ref, gate := heldEcho(t, sys)
		ctx := testkit.Context(t)
		require.NoError(t, ref.Tell(ctx, 1))
		reply := ref.Ask(ctx, 2)
		select {
		case <-reply.Done():
			t.Error("a reply from a handler that has not run")
		default:
		}
		gate.Open()
		got, err := core.As[int](reply.Get(ctx))
		checkNumber(t, 2, got, err)
		stop(t, ref)
		assert.Equal(t, []any{1, 2}, e.got)
	})
}

// P51: Call waits and returns the handler's reply, or its error as it is.
func TestCall(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := spawn(t, sys, core.Func(func(_ context.Context, n int) (int, error) {
			if n < 0 {
				return n, errBoom
			}
			return 2 * n, nil
		}))
		got, err := core.As[int](ref.Call(ctx, 21))
		checkNumber(t, 42, got, err)
		reply, err := ref.Call(ctx, -1)
		assert.Same(t, errBoom, err)
		assert.Nil(t, reply, "a reply beside an error")
		got, err = core.As[int](ref.Call(context.Background(), 2))
		checkNumber(t, 4, got, err)
		reply, err = ref.Call(context.Background(), -1)
		assert.Same(t, errBoom, err)
		assert.Nil(t, reply, "a reply beside an error")
	})
}

// P52: a Call that gives up at its deadline says so, and its message is handled all the same.
func TestCallGivesUp(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e, ref, gate := heldEcho(t, sys)
		ctx, cancel := context.WithCancel(context.Background())
		failed := make(chan error)
		go func() {
			_, err := ref.Call(ctx, 1)
			failed <- err
		}()
		testkit.Eventually(t, func() bool { return sys.Stats().Waiting == 1 }, "the message to be sent")
		cancel()
		require.ErrorIs(t, testkit.Wait(t, failed, "Call to give up"), context.Canceled)
		gate.Open()
		stop(t, ref)
		assert.Equal(t, []any{1}, e.got)
	})
}

// P56: no reply is the reply nil, and a handler cannot tell how it was sent a message.
func TestNoReply(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys, core.Func(func(context.Context, int) (any, error) { return nil, nil }))
		reply, err := ref.Call(testkit.Context(t), 1)
		assert.NoError(t, err)
		assert.Nil(t, reply)
		reply, err = ref.Ask(testkit.Context(t), 1).Get(testkit.Context(t))
		assert.NoError(t, err)
		assert.Nil(t, reply)
	})
}

// P57: a reply may be a future, which is not waited for, or an error as a value.
func TestReplyOfAnyKind(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		var p core.Promise[int]
		ref := spawn(t, sys, &echo{})
		for _, reply := range []any{p.Future(), errBoom, core.ErrStop, core.ErrDead} {
			got, err := ref.Call(ctx, reply)
			assert.NoError(t, err)
			assert.Equal(t, reply, got)
			got, err = ref.Ask(ctx, reply).Get(ctx)
			assert.NoError(t, err)
			assert.Equal(t, reply, got)
		}
		assert.True(t, ref.Alive())
	})
}

// P58: ErrUnhandled is the asker's error and a warning, and no end of the actor, asked or told.
func TestUnhandled(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		records := testkit.NewRecords()
		sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
		ref := spawn(t, sys, core.Func(func(context.Context, string) (int, error) { return 5, core.ErrUnhandled }))
		ctx := testkit.Context(t)
		require.NoError(t, ref.Tell(ctx, "told"))
		reply, err := ref.Call(ctx, "asked")
		assert.ErrorIs(t, err, core.ErrUnhandled)
		assert.Nil(t, reply)
		assert.True(t, ref.Alive())
		var warned []string
		for _, r := range records.All() {
			if r.Level.String() == "WARN" {
				warned = append(warned, r.Attrs["message"])
				assert.Equal(t, ref.URN(), r.Attrs["urn"])
			}
		}
		assert.Equal(t, []string{"told", "asked"}, warned)
	})
}

// P59: an Invoke is called in the actor's turn with the actor and its context, by every verb, and Receive never sees it.
func TestInvoke(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for _, v := range sends[:3] { // Tell, Ask and Call
			ctx := testkit.Context(t)
			e := &echo{}
			ref := spawn(t, sys, e)
			called := make(chan struct{})
			_, err := v.send(ctx, ref, core.Invoke(func(ctx context.Context, actor any) (any, error) {
				defer close(called)
				assert.Same(t, e, actor)
				assert.True(t, ref == core.Self[any](ctx))
				return nil, nil
			}))
			require.NoError(t, err, v.name)
			testkit.Wait(t, called, "the function")
			stop(t, ref)
			assert.Empty(t, e.got, v.name)
		}
	})
}

// P59: an Invoke reaches an actor of any messages, whose error is treated as Receive's.
func TestInvokeOfATypedActor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := spawn(t, sys, core.Func(func(context.Context, int) (int, error) { return 1, nil })).Any()
		fails := core.Invoke(func(context.Context, any) (any, error) { return 3, errBoom })
		works := core.Invoke(func(context.Context, any) (any, error) { return 3, nil })
		_, err := ref.Call(ctx, fails)
		assert.Same(t, errBoom, err)
		_, err = ref.Ask(ctx, fails).Get(ctx)
		assert.Same(t, errBoom, err)
		got, err := core.As[int](ref.Ask(ctx, works).Get(ctx))
		checkNumber(t, 3, got, err)
		got, err = core.As[int](ref.Call(context.Background(), works))
		checkNumber(t, 3, got, err)
		require.NoError(t, ref.Tell(ctx, fails))
		testkit.Wait(t, ref.Done(), "the end of the actor that failed")
		assert.Same(t, errBoom, ref.Err())
	})
}

// P59: an Invoke that was told and is left over is a dead letter like any
// message; one that was asked for fails for its asker.
func TestInvokeThatIsLeftOver(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		var letters testkit.Letters
		sys := testkit.System(t, rt, letters.Option())
		ctx := testkit.Context(t)
		e, ref, gate := heldEcho(t, sys)
		ref.AskStop()
		require.NoError(t, ref.Tell(ctx, invokeReceive("told")))
		asked := ref.Ask(ctx, invokeReceive("asked"))
		gate.Open()
		_, err := asked.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		testkit.Wait(t, ref.Done(), "the drain")
		assert.Empty(t, e.got)
		assert.EqualValues(t, 2, sys.Stats().DeadLetters)
		require.Len(t, letters.Messages(), 1)
		assert.IsType(t, core.Invoke(nil), letters.Messages()[0])
	})
}
