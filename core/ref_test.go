package core_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A counter is an actor of numbers.
type counter struct{ n int }

func (c *counter) Receive(_ context.Context, n int) (any, error) {
	c.n += n
	return c.n, nil
}

// P65: refs of one actor are equal however one came by them, and those of two are not.
func TestRefIdentity(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		one, two := spawn(t, sys, &counter{}, core.Named("one")), spawn(t, sys, &counter{})
		assert.True(t, one != two && one.Any() != two.Any())
		byName, ok := sys.Find("one")
		require.True(t, ok)
		byURN, ok := sys.Find(one.URN())
		require.True(t, ok)
		same, err := core.Narrow[int](byName)
		require.NoError(t, err)
		assert.True(t, byName == one.Any() && byURN == one.Any() && same == one)
		for ref := range sys.Actors() {
			assert.True(t, ref == one.Any() || ref == two.Any())
		}
		self, err := one.Any().Call(testkit.Context(t), core.Invoke(func(ctx context.Context, _ any) (any, error) {
			return core.Self[int](ctx), nil
		}))
		require.NoError(t, err)
		assert.True(t, self == one)
		stop(t, one)
		assert.True(t, one == same, "a dead ref is equal to itself")
	})
}

// P65: a ref is a map key, and may be used from any goroutine.
func TestRefAsKey(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		names := map[core.Ref[int]]int{}
		var refs []core.Ref[int]
		for i := range 10 {
			ref := spawn(t, sys, &counter{})
			names[ref] = i
			refs = append(refs, ref)
		}
		names[core.Ref[int]{}] = -1
		for i, ref := range refs {
			assert.Equal(t, i, names[ref])
		}
		assert.Equal(t, -1, names[core.Ref[int]{}])
		assert.Len(t, names, 11)
	})
}

// P65: refs of actors of two systems may be compared.
func TestRefsOfTwoSystems(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		here, there := testkit.System(t, rt), testkit.System(t, rt)
		a, b := spawn(t, here, &counter{}, core.Named("same")), spawn(t, there, &counter{}, core.Named("same"))
		assert.True(t, a != b)
		assert.Same(t, here, a.System())
		assert.Same(t, there, b.System())
	})
}

// P50: the zero Ref is that of a dead actor.
func TestZeroRef(t *testing.T) {
	var zero core.Ref[int]
	assert.False(t, zero.Alive())
	assert.ErrorIs(t, zero.Err(), core.ErrDead)
	testkit.Wait(t, zero.Done(), "Done")
	assert.Equal(t, "zero Ref", zero.String())
	assert.Equal(t, "core.Ref(zero Ref)", fmt.Sprintf("%#v", zero))
	assert.Empty(t, zero.Name())
	assert.Equal(t, "urn:uuid:00000000-0000-0000-0000-000000000000", zero.URN())
	assert.Nil(t, zero.Type())
	assert.Nil(t, zero.System())
	assert.Equal(t, core.Ref[any]{}, zero.Any())
	narrow, err := core.Narrow[string](zero.Any())
	assert.NoError(t, err)
	assert.Zero(t, narrow)
	var told error
	stop := zero.OnDone(func(err error) { told = err })
	assert.ErrorIs(t, told, core.ErrDead)
	assert.False(t, stop())
	_, err = core.Call(testkit.Context(t), core.Ref[any]{}, number{})
	assert.ErrorIs(t, err, core.ErrDead)
	_, err = core.Ask(testkit.Context(t), core.Ref[any]{}, number{}).Get(testkit.Context(t))
	assert.ErrorIs(t, err, core.ErrDead)
}

// P66: a ref tells its actor's type, URN, name and end.
// P67: its text is the type and the URN; %#v says that it is a ref.
func TestRefFields(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys, &counter{}, core.Named("clerk"))
		assert.Equal(t, reflect.TypeFor[*counter](), ref.Type())
		assert.Regexp(t, `^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, ref.URN())
		assert.Equal(t, "clerk", ref.Name())
		assert.Same(t, sys, ref.System())
		text := "core_test.counter (" + ref.URN() + ")"
		assert.Equal(t, text, ref.String())
		assert.Equal(t, text, fmt.Sprint(ref))
		assert.Equal(t, "core.Ref("+text+")", fmt.Sprintf("%#v", ref))
		assert.Equal(t, text, ref.Any().String())
		assert.NoError(t, ref.Err())
		stop(t, ref)
		assert.Equal(t, text, ref.String())
		assert.Equal(t, "clerk", ref.Name())
	})
}

// P64: Alive is true from Spawn on, and false once the inbox is closed, which is before OnStop.
func TestAlive(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e, ref, gate := heldEcho(t, sys)
		assert.True(t, ref.Alive())
		request := ref.AskStop()
		assert.True(t, ref.Alive(), "a request to stop kills nobody")
		gate.Open()
		_, err := request.Get(testkit.Context(t))
		require.NoError(t, err)
		assert.False(t, ref.Alive())
		assert.Empty(t, e.got)
	})
}

// An ender ends as the test wants, and notes what it saw at its end.
type ender struct {
	onStop func(ctx context.Context)
}

func (e *ender) OnStop(ctx context.Context) error { e.onStop(ctx); return nil }

func (e *ender) Receive(_ context.Context, err error) (any, error) { return nil, err }

// P66: Done is closed, Err is set and OnDone is called after the end, never before OnStop has returned.
func TestRefDone(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		gate, stopping := testkit.NewGate(t), make(chan struct{})
		ref := spawn(t, sys, &ender{func(ctx context.Context) {
			close(stopping)
			core.Blocking(ctx, gate.Pass)
		}})
		done := ref.Done()
		assert.Equal(t, done, ref.Done())
		var calls atomic.Int32
		called := make(chan error, 1)
		ref.OnDone(func(err error) { calls.Add(1); called <- err })
		takeBack := ref.OnDone(func(error) { t.Error("called, though taken back") })
		assert.True(t, takeBack())
		assert.False(t, takeBack(), "taken back twice")
		ref.AskStop()
		testkit.Wait(t, stopping, "OnStop")
		assert.False(t, ref.Alive())
		select {
		case <-done:
			t.Error("Done is closed while OnStop runs")
		default:
		}
		assert.Zero(t, calls.Load())
		gate.Open()
		testkit.Wait(t, done, "Done")
		assert.NoError(t, testkit.Wait(t, called, "OnDone"))
		assert.NoError(t, ref.Err())
		late := false
		stop := ref.OnDone(func(err error) { late = err == nil })
		assert.True(t, late, "OnDone of an actor that has ended")
		assert.False(t, stop())
		assert.EqualValues(t, 1, calls.Load())
	})
}

// P66: Err and OnDone say why an actor ended that failed.
func TestRefErr(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys, &ender{func(context.Context) { t.Error("OnStop of an actor that failed") }})
		told := make(chan error, 1)
		ref.OnDone(func(err error) { told <- err })
		require.NoError(t, ref.Tell(testkit.Context(t), errBoom))
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Same(t, errBoom, ref.Err())
		assert.Same(t, errBoom, testkit.Wait(t, told, "OnDone"))
	})
}

// P66: Err is nil, and OnDone not called, while the hook of an actor that
// failed runs: its end is not over.
func TestErrComesWithDone(t *testing.T) {
	for hook, failure := range map[string]error{"OnFailure": errTest, "OnStop": core.Fatal(errTest)} {
		t.Run(hook, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				told := make(chan error, 1)
				look := func(ctx context.Context) {
					self := core.Self[any](ctx)
					self.OnDone(func(err error) { told <- err })
					assert.NoError(t, self.Err())
					assert.Empty(t, told)
				}
				ref := (&testkit.Probe{
					Fail: func(ctx context.Context, _ error) { look(ctx) },
					Stop: func(ctx context.Context) error { look(ctx); return nil },
				}).Spawn(t, sys)
				require.NoError(t, ref.Tell(testkit.Context(t), fail(failure)))
				assert.ErrorIs(t, testkit.Wait(t, told, "OnDone"), errTest)
				assert.ErrorIs(t, ref.Err(), errTest)
			})
		})
	}
}

// P66: OnDone that is registered as the actor ends is called exactly once, or was taken back.
func TestOnDoneRace(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for range 200 {
			ref := spawn(t, sys, &counter{})
			ref.AskStop()
			var calls atomic.Int32
			first := make(chan struct{})
			ref.OnDone(func(error) { close(first) })
			takeBack := ref.OnDone(func(error) { calls.Add(1) })
			taken := takeBack()
			testkit.Wait(t, first, "OnDone")
			testkit.Wait(t, ref.Done(), "Done")
			last := make(chan struct{})
			ref.OnDone(func(error) { close(last) })
			testkit.Wait(t, last, "OnDone")
			if taken {
				require.Zero(t, calls.Load())
			} else {
				testkit.Eventually(t, func() bool { return calls.Load() == 1 }, "the call that was not taken back")
			}
		}
	})
}

// P68: a ref does not keep the state of an ended actor, nor its messages, in memory.
func TestRefKeepsNoState(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		var freed atomic.Int32
		ref := spawnWatched(t, sys, &freed)
		for range 40 {
			msg := &[1 << 10]byte{}
			runtime.AddCleanup(msg, func(int) { freed.Add(1) }, 0)
			require.NoError(t, ref.Tell(testkit.Context(t), msg))
		}
		stop(t, ref)
		testkit.Eventually(t, func() bool {
			runtime.GC()
			return freed.Load() == 41
		}, "the state and the messages of an ended actor to be freed")
		assert.False(t, ref.Alive())
	})
}

func spawnWatched(t *testing.T, sys *core.System, freed *atomic.Int32) core.Ref[any] {
	type state struct {
		echo
		_ [1 << 10]byte
	}
	s := &state{}
	runtime.AddCleanup(s, func(int) { freed.Add(1) }, 0)
	return spawn[any](t, sys, s)
}

// P69: what Python has as keyword arguments are methods and options here; one option serves any number of actors.
func TestOptionsAreReusable(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		opts := []core.Option{core.Quick(), core.Bounded(1, core.Refuse), core.Priority(func(a, b int) bool { return a > b })}
		one, two := spawn(t, sys, &counter{}, opts...), spawn(t, sys, &counter{}, opts...)
		gates := [2]*testkit.Gate{}
		for i, ref := range []core.Ref[int]{one, two} {
			gates[i] = holdActor(t, ref.Any())
			require.NoError(t, ref.Tell(testkit.Context(t), i), "the inboxes are not shared")
		}
		gates[0].Open()
		gates[1].Open()
	})
}

// holdActor has the actor wait until the gate is opened.
func holdActor(t *testing.T, ref core.Ref[any]) *testkit.Gate {
	t.Helper()
	gate, in := testkit.NewGate(t), make(chan struct{})
	require.NoError(t, ref.Tell(testkit.Context(t), core.Invoke(func(ctx context.Context, _ any) (any, error) {
		close(in)
		core.Blocking(ctx, gate.Pass)
		return nil, nil
	})))
	testkit.Wait(t, in, "the handler to wait at the gate")
	return gate
}

// P43: the erased view of an actor takes what the actor takes, and refuses the rest with an error that names both types.
func TestErasedRef(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := spawn(t, sys, &counter{})
		any := ref.Any()
		require.NoError(t, any.Tell(ctx, 2))
		got, err := core.As[int](any.Ask(ctx, 3).Get(ctx))
		checkNumber(t, 5, got, err)
		got, err = core.As[int](any.Call(ctx, 4))
		checkNumber(t, 9, got, err)
		got, err = core.As[int](any.Call(context.Background(), 1))
		checkNumber(t, 10, got, err)

		err = any.Tell(ctx, "text")
		require.ErrorIs(t, err, core.ErrUnhandled)
		assert.ErrorContains(t, err, "int")
		assert.ErrorContains(t, err, "string")
		_, err = any.Ask(ctx, nil).Get(ctx)
		require.ErrorIs(t, err, core.ErrUnhandled)
		_, err = any.Call(context.Background(), int64(1))
		require.ErrorIs(t, err, core.ErrUnhandled)
		stop(t, any)
		assert.EqualValues(t, 4, sys.Stats().Accepted, "what is refused is not accepted")
	})
}

// P43: Narrow gives the erased view its type back, and no other.
func TestNarrow(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys, &counter{})
		back, err := core.Narrow[int](ref.Any())
		require.NoError(t, err)
		assert.True(t, ref == back)
		_, err = core.Narrow[string](ref.Any())
		require.ErrorIs(t, err, core.ErrInvalid)
		assert.ErrorContains(t, err, "string")
		for _, erased := range []core.Ref[any]{ref.Any(), spawn(t, sys, &echo{}), {}} {
			same, err := core.Narrow[any](erased)
			require.NoError(t, err)
			assert.True(t, erased == same)
		}
	})
}

// P43: Self[any] is the erased view of the ref of any actor.
func TestSelfErased(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys, core.Func(func(ctx context.Context, n int) (core.Ref[any], error) {
			return core.Self[any](ctx), nil
		}))
		self, err := core.As[core.Ref[any]](ref.Call(testkit.Context(t), 1))
		require.NoError(t, err)
		assert.True(t, ref.Any() == self)
	})
}

// P43: Self has the type of the actor's messages, and panics for another.
func TestSelfOfAnotherType(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := spawn(t, sys, core.Func(func(ctx context.Context, n int) (core.Ref[string], error) {
			return core.Self[string](ctx), nil
		}))
		_, err := ref.Call(testkit.Context(t), 1)
		var p *core.PanicError
		require.ErrorAs(t, err, &p)
		assert.ErrorIs(t, err, core.ErrInvalid)
		assert.Zero(t, core.Self[int](context.Background()))
	})
}
