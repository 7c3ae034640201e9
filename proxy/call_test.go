package proxy_test

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/proxy"
)

// P120, P121: what Call and Ask return is what the function returned, in the
// order in which they were sent.
func TestCallAndAsk(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := spawn(t, sys, &Counter{})
		first, second := proxy.Ask(ctx, p, add(1)), proxy.Ask(ctx, p, add(1))
		n, err := proxy.Call(ctx, p, add(1000))
		assert.NoError(t, err)
		assert.Equal(t, 1002, n)
		n, err = second.Get(ctx)
		assert.NoError(t, err)
		assert.Equal(t, 2, n)
		testkit.Wait(t, first.Done(), "the first reply")
	})
}

func TestCallRunsAsTheActor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		self, err := proxy.Call(testkit.Context(t), p, func(ctx context.Context, _ *Counter) (core.Ref[any], error) {
			return core.Self[any](ctx), nil
		})
		assert.NoError(t, err)
		assert.Equal(t, p.Ref(), self)
	})
}

func TestCallOfAnInterfaceResult(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		r, err := proxy.Call(testkit.Context(t), p, func(context.Context, *Counter) (io.Reader, error) { return nil, nil })
		assert.NoError(t, err)
		assert.Nil(t, r)
	})
}

// P122: the error of a function, or its panic, is the asker's; the actor
// carries on and is not told.
func TestErrorIsTheAskers(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := spawn(t, sys, &Counter{N: 3})
		fail := func(_ context.Context, c *Counter) (int, error) { return c.Odd() }
		n, err := proxy.Call(ctx, p, fail)
		assert.True(t, err == errOdd, "Call = %v, want the method's own error", err)
		assert.Equal(t, 3, n, "the value beside the error")
		n, err = proxy.Ask(ctx, p, fail).Get(ctx)
		assert.True(t, err == errOdd, "Get = %v, want the method's own error", err)
		assert.Equal(t, 3, n, "the value beside the error")

		_, err = proxy.Call(ctx, p, func(_ context.Context, c *Counter) (int, error) { c.Panic(); return 0, nil })
		var panicked *core.PanicError
		assert.ErrorAs(t, err, &panicked)

		failed, err := proxy.Get(ctx, p, func(c *Counter) *error { return &c.failed })
		assert.NoError(t, err)
		assert.NoError(t, failed)
	})
}

// An error that steers its actor reaches the asker, and steers nobody else.
func TestSteeringErrors(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p, asker := spawn(t, sys, &Counter{N: 3}), spawn(t, sys, &Counter{})
		n, err := proxy.Call(ctx, asker, func(ctx context.Context, _ *Counter) (int, error) {
			return proxy.Call(ctx, p, func(_ context.Context, c *Counter) (int, error) { return c.N, core.ErrUnhandled })
		})
		assert.ErrorIs(t, err, core.ErrUnhandled)
		assert.Equal(t, 3, n, "the value beside the error")

		n, err = proxy.Call(ctx, p, func(_ context.Context, c *Counter) (int, error) { return c.Quit() })
		assert.NoError(t, err, "ErrStop is no failure")
		assert.Equal(t, 3, n)
		testkit.Wait(t, p.Ref().Done(), "the actor to stop")
		assert.NoError(t, p.Ref().Err())
		assert.True(t, asker.Ref().Alive())
	})
}

// P123: an error of a function that was told is the actor's failure.
func TestTellFails(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		c := &Counter{}
		p := spawn(t, sys, c)
		require.NoError(t, proxy.Tell(testkit.Context(t), p, func(context.Context, *Counter) error { return errOdd }))
		testkit.Wait(t, p.Ref().Done(), "the actor's failure")
		assert.Equal(t, errOdd, p.Ref().Err())
		assert.Equal(t, errOdd, c.failed)
	})
}

// P123: Tell returns before the function has run.
func TestTellDoesNotWait(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := spawn(t, sys, &Counter{})
		release := busy(t, p)
		assert.NoError(t, proxy.Tell(ctx, p, func(_ context.Context, c *Counter) error { c.N++; return nil }))
		release()
		n, err := proxy.Get(ctx, p, fieldN)
		assert.NoError(t, err)
		assert.Equal(t, 1, n)
	})
}

// P124: Set returns when the field has the value.
func TestSet(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := spawn(t, sys, &Counter{})
		assert.NoError(t, proxy.Set(ctx, p, fieldN, 5))
		n, err := proxy.Get(ctx, p, fieldN)
		assert.NoError(t, err)
		assert.Equal(t, 5, n)
		err = proxy.Set(ctx, p, func(*Counter) *int { return nil }, 5)
		assert.Error(t, err, "a nil pointer")
		assert.True(t, p.Ref().Alive())
	})
}

func TestSetOfACopy(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, Counter{})
		err := proxy.Set(testkit.Context(t), p, func(c Counter) *int { return &c.N }, 5)
		assert.ErrorIs(t, err, core.ErrInvalid)
		assert.ErrorContains(t, err, "has to be a pointer")
	})
}

// P141: a call of one's own proxy runs after the current message and what is
// queued before it; waiting for it is a deadlock, found at once.
func TestSelfProxy(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := spawn(t, sys, &Counter{})
		later, err := proxy.Call(ctx, p, func(ctx context.Context, c *Counter) (core.Future[int], error) {
			self, err := proxy.Of[*Counter](core.Self[any](ctx))
			if err != nil {
				return nil, err
			}
			f := proxy.Ask(ctx, self, add(1))
			_, err = proxy.Call(ctx, self, add(100))
			assert.ErrorIs(t, err, core.ErrDeadlock)
			assert.ErrorIs(t, proxy.Set(ctx, self, fieldN, 7), core.ErrDeadlock)
			_, err = f.Get(ctx)
			assert.ErrorIs(t, err, core.ErrDeadlock)
			assert.Zero(t, c.N)
			return f, nil
		})
		require.NoError(t, err)
		n, err := later.Get(ctx)
		assert.NoError(t, err)
		assert.Equal(t, 1, n, "only what was asked has run")
	})
}

// P139, P140: two actors may hold proxies of each other.
func TestMutualProxies(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		a, b := &friend{}, &friend{}
		pa, pb := spawn(t, sys, a), spawn(t, sys, b)
		other := func(f *friend) *proxy.Proxy[*friend] { return &f.Other }
		require.NoError(t, proxy.Set(ctx, pa, other, pb))
		require.NoError(t, proxy.Set(ctx, pb, other, pa))
		n, err := proxy.Call(ctx, pa, func(ctx context.Context, f *friend) (int, error) {
			return proxy.Call(ctx, f.Other, func(ctx context.Context, f *friend) (int, error) {
				_, err := proxy.Get(ctx, f.Other, other)
				assert.ErrorIs(t, err, core.ErrDeadlock)
				return 1, nil
			})
		})
		assert.NoError(t, err)
		assert.Equal(t, 1, n)
		assert.Equal(t, []string{"Other"}, proxy.Dynamic(pa.Ref()).Attributes())
	})
}

type friend struct{ Other proxy.Proxy[*friend] }

// P148: through the proxy of a dead actor calls and futures fail as dead, and
// so do Tell and Set, at once.
func TestDead(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		for _, p := range []proxy.Proxy[*Counter]{{}, dead(t, sys, &Counter{})} {
			_, err := proxy.Call(ctx, p, add(1))
			assert.ErrorIs(t, err, core.ErrDead)
			_, err = proxy.Ask(ctx, p, add(1)).Get(ctx)
			assert.ErrorIs(t, err, core.ErrDead)
			_, err = proxy.Get(ctx, p, fieldN)
			assert.ErrorIs(t, err, core.ErrDead)
			assert.ErrorIs(t, proxy.Set(ctx, p, fieldN, 1), core.ErrDead)
			assert.ErrorIs(t, proxy.Tell(ctx, p, func(context.Context, *Counter) error { return nil }), core.ErrDead)
		}
	})
}

func TestCallersContext(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		over, cancel := context.WithCancelCause(testkit.Context(t))
		cancel(errOdd)
		_, err := proxy.Call(over, p, add(1))
		assert.ErrorIs(t, err, context.Canceled)
		_, err = proxy.Ask(over, p, add(1)).Get(testkit.Context(t))
		assert.ErrorIs(t, err, context.Canceled)
		n, err := proxy.Get(testkit.Context(t), p, fieldN)
		assert.NoError(t, err)
		assert.Zero(t, n, "nothing was sent")
	})
}

// A caller that leaves at its deadline leaves its function behind, whose
// result is nobody's.
func TestCallerLeaves(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		release := busy(t, p)
		ctx, cancel := context.WithCancel(testkit.Context(t))
		left := make(chan error)
		go func() {
			_, err := proxy.Call(ctx, p, add(1))
			left <- err
		}()
		testkit.Eventually(t, func() bool { return sys.Stats().Waiting == 1 }, "the call to be queued")
		cancel()
		assert.ErrorIs(t, testkit.Wait(t, left, "the caller to leave"), context.Canceled)
		release()
		n, err := proxy.Get(testkit.Context(t), p, fieldN)
		assert.NoError(t, err)
		assert.Equal(t, 1, n)
	})
}

func TestNilFunctions(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := spawn(t, sys, &Counter{})
		_, err := proxy.Call[*Counter, int](ctx, p, nil)
		assert.ErrorIs(t, err, core.ErrInvalid)
		assert.ErrorContains(t, err, "a nil function; give the one to call")
		_, err = proxy.Ask[*Counter, int](ctx, p, nil).Get(ctx)
		assert.ErrorIs(t, err, core.ErrInvalid)
		_, err = proxy.Get[*Counter, int](ctx, p, nil)
		assert.ErrorIs(t, err, core.ErrInvalid)
		assert.ErrorIs(t, proxy.Set[*Counter](ctx, p, nil, 1), core.ErrInvalid)
		assert.ErrorIs(t, proxy.Tell(ctx, p, nil), core.ErrInvalid)
		assert.True(t, p.Ref().Alive())
	})
}

// A proxy called by a panic with an error of another call passes it on whole.
func TestPanicWithAnError(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p, q := spawn(t, sys, &Counter{N: 3}), spawn(t, sys, &Counter{})
		n, err := proxy.Call(ctx, q, func(ctx context.Context, _ *Counter) (int, error) {
			_, err := proxy.Call(ctx, p, func(_ context.Context, c *Counter) (int, error) { return c.N, core.ErrUnhandled })
			panic(err)
		})
		assert.Zero(t, n, "the panicking function returned nothing")
		assert.ErrorIs(t, err, core.ErrUnhandled)
	})
}
