package proxied

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/proxy"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func spawn[T any](t *testing.T, sys *core.System, v T) proxy.Proxy[T] {
	t.Helper()
	p, err := proxy.Spawn(sys, v)
	require.NoError(t, err)
	return p
}

// P179: a generated method has the signature of the value's and waits.
func TestKinds(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		k := KindsProxy{spawn(t, sys, &Kinds{})}
		k.Nothing()
		k.OnStop()
		assert.Equal(t, 1, k.Bump())
		assert.Equal(t, "xxx", k.One(3))
		one, two, three := k.Several()
		assert.Equal(t, []any{1, "two", []byte("three")}, []any{one, two, three})
		assert.NoError(t, k.Error(false))
		assert.Equal(t, ErrEmpty, k.Error(true))
		quotient, rest, err := k.Divide(7, 2)
		assert.Equal(t, []any{3, 1, nil}, []any{quotient, rest, err})
		assert.Equal(t, "abc", k.Variadic("a", "b", "c"))
		assert.Equal(t, "a", k.Variadic("a"))
		assert.Equal(t, 3*time.Second, k.ContextAndVariadic(ctx, 0, time.Second, 2*time.Second))
		assert.Nil(t, k.Composite(nil, nil, nil, [2]any{}, nil))
		late, err := k.LateContext(1, ctx)
		assert.False(t, late)
		assert.NoError(t, err)
		log, err := proxy.Get(ctx, k.Proxy, func(k *Kinds) *[]string { return &k.Log })
		assert.NoError(t, err)
		assert.Equal(t, []string{"nothing"}, log)
	})
}

// P122: a value beside an error comes through, waited for and asked for.
func TestValueBesideError(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		k := KindsProxy{spawn(t, sys, &Kinds{})}
		n, err := k.ValueAndError(-3)
		assert.Equal(t, []any{-3, ErrEmpty}, []any{n, err})
		quotient, rest, err := k.Divide(7, 0)
		assert.Equal(t, []any{0, 7, ErrEmpty}, []any{quotient, rest, err})
		both, err := k.Ask().Divide(ctx, 7, 0).Get(ctx)
		assert.Equal(t, KindsDivideResults{Rest: 7}, both)
		assert.Equal(t, ErrEmpty, err)
	})
}

// The context of a method is its actor's, whoever calls.
func TestContext(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		k := KindsProxy{spawn(t, sys, &Kinds{})}
		got, err := k.Context(ctx)
		require.NoError(t, err)
		assert.Equal(t, k.Ref(), core.Self[any](got))
		got, err = k.Ask().Context(ctx).Get(ctx)
		require.NoError(t, err)
		assert.Equal(t, k.Ref(), core.Self[any](got))
	})
}

func TestAskAndTell(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		k := KindsProxy{spawn(t, sys, &Kinds{})}
		assert.NoError(t, k.Tell().Nothing(ctx))
		assert.NoError(t, k.Tell().Bump(ctx))
		n, err := k.Ask().Bump(ctx).Get(ctx)
		assert.Equal(t, []any{2, nil}, []any{n, err})
		reply, err := k.Ask().Nothing(ctx).Get(ctx)
		assert.Equal(t, []any{nil, nil}, []any{reply, err})

		assert.NoError(t, k.Tell().ValueAndError(ctx, -1))
		testkit.Wait(t, k.Ref().Done(), "the actor's failure")
		assert.Equal(t, ErrEmpty, k.Ref().Err())
	})
}

// P148: a method with an error among its results returns that the actor is
// dead; one without has no other way than to panic.
func TestDead(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		k := KindsProxy{spawn(t, sys, &Kinds{})}
		_, err := k.Ref().Stop(ctx)
		require.NoError(t, err)
		for _, k := range []KindsProxy{k, {}} {
			assert.ErrorIs(t, k.Error(false), core.ErrDead)
			_, err := k.Ask().Bump(ctx).Get(ctx)
			assert.ErrorIs(t, err, core.ErrDead)
			assert.ErrorIs(t, k.Tell().Bump(ctx), core.ErrDead)
			for _, call := range []func(){k.Nothing, func() { k.Bump() }, func() { k.Several() }} {
				err, _ := recovered(call).(error)
				assert.ErrorIs(t, err, core.ErrDead)
			}
		}
	})
}

func recovered(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// With gives methods without a context one to wait under: that of an actor
// finds the ring that the actor would close.
func TestWith(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx, cancel := context.WithCancel(testkit.Context(t))
		k := KindsProxy{spawn(t, sys, &Kinds{})}
		err, _ := proxy.Call(ctx, k.Proxy, func(ctx context.Context, _ *Kinds) (error, error) {
			return k.With(ctx).Error(false), nil
		})
		assert.ErrorIs(t, err, core.ErrDeadlock)
		cancel()
		assert.ErrorIs(t, k.With(ctx).Error(false), context.Canceled)
		assert.NoError(t, k.Error(false))
		assert.True(t, k.With(ctx) == k.With(ctx) && k.With(ctx).KindsProxy == k)
	})
}

func TestShadows(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		s := ShadowsProxy{spawn(t, sys, &Shadows{})}
		p := make([]byte, 9)
		n, err := s.Sum(p, 1, 2, 3, 4, 5, 6, 7, 8, 9)
		assert.Equal(t, []any{50, nil}, []any{n, err})
		assert.Equal(t, "hello", string(p[:5]))
	})
}

func TestGeneric(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		s := StackProxy[string, int]{spawn(t, sys, &Stack[string, int]{})}
		s.Push("a", "b")
		top, err := s.Pop(ctx)
		assert.Equal(t, []any{"b", nil}, []any{top, err})
		both, err := s.Ask().Split(ctx, 7).Get(ctx)
		assert.Equal(t, StackSplitResults[string, int]{Rest: map[int][]string{7: {"a"}}}, both)
		assert.NoError(t, err)
	})
}

func TestRenamed(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := TakenActor{spawn(t, sys, &Taken{Name: "x"})}
		assert.Equal(t, "Ask of x", p.Ask())
		assert.Equal(t, "Tell of x", p.Tell())
		assert.Equal(t, "With of x", p.Under(ctx).With())
		assert.Equal(t, "Proxy of x", p.Other())
		assert.Equal(t, "String of x", p.String())
		s, err := p.Later().Afterwards(ctx).Get(ctx)
		assert.Equal(t, []any{"Later of x", nil}, []any{s, err})
		assert.NoError(t, p.Send().Ask(ctx))
	})
}

func TestHidden(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		h := hiddenProxy{spawn(t, sys, &hidden{})}
		n, err := h.Next(2)
		assert.Equal(t, []any{number(2), nil}, []any{n, err})
	})
}

// P134, P179: a proxy of an interface is one, and takes the place of what it
// stands for, which may be a fake.
func TestInterface(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		f := &fake{}
		use := func(s Store) {
			assert.NoError(t, s.Save(ctx, "k", "v"))
			v, err := s.Load(ctx, "k")
			assert.Equal(t, []any{"v", nil}, []any{v, err})
			assert.Equal(t, 1, s.Len())
		}
		use(f)
		s := StoreProxy{spawn(t, sys, Store(f))}
		use(s)
		assert.NoError(t, s.Close(), "ErrStop is no failure")
		testkit.Wait(t, s.Ref().Done(), "the store to stop")
	})
}

type fake struct{ v string }

func (f *fake) Load(context.Context, string) (string, error)  { return f.v, nil }
func (f *fake) Save(_ context.Context, _, value string) error { f.v = value; return nil }
func (f *fake) Len() int                                      { return 1 }
func (f *fake) Close() error                                  { return core.ErrStop }
