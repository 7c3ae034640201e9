package registry_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"
	"testing"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/registry"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A Cat and a Dog are actors of different types; both are Animals.
type (
	Cat struct{ heard []string }
	Dog struct{ heard []string }
)

type Animal interface{ Legs() int }

func (*Cat) Legs() int { return 4 }
func (*Dog) Legs() int { return 4 }

type heard struct{}

func (c *Cat) Receive(ctx context.Context, msg any) (any, error) {
	switch msg := msg.(type) {
	case string:
		c.heard = append(c.heard, msg)
	case heard:
		return c.heard, nil
	case func(context.Context):
		msg(ctx)
	case error:
		return nil, msg
	}
	return nil, nil
}

// A Dog takes strings and nothing else.
func (d *Dog) Receive(_ context.Context, msg string) (any, error) {
	d.heard = append(d.heard, msg)
	return d.heard, nil
}

func spawn[M any](t testing.TB, sys *core.System, a core.Actor[M], opts ...core.Option) core.Ref[M] {
	t.Helper()
	ref, err := core.Spawn(sys, a, opts...)
	require.NoError(t, err)
	return ref
}

// cats spawns n cats named cat-0 and so on.
func cats(t testing.TB, sys *core.System, n int) (all []core.Ref[any]) {
	t.Helper()
	for i := range n {
		all = append(all, spawn(t, sys, &Cat{}, core.Named(fmt.Sprint("cat-", i))))
	}
	return all
}

func refs(actors iter.Seq[core.Ref[any]]) []core.Ref[any] { return slices.Collect(actors) }

// assertRefs compares with ==, as refs are to be compared: what assert.Equal
// does reads the running actors behind them.
func assertRefs(t *testing.T, want, got []core.Ref[any], msg ...any) {
	t.Helper()
	assert.True(t, slices.Equal(want, got), "got %v, want %v %v", got, want, msg)
}

// P102: each system has a registry of its own, always the same one.
func TestRegistryIsPerSystem(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		one, two := testkit.System(t, rt), testkit.System(t, rt)
		cat := spawn(t, one, &Cat{}, core.Named("tom"))
		assert.Same(t, registry.Of(one), registry.Of(one))
		assert.NotSame(t, registry.Of(one), registry.Of(two))
		assertRefs(t, []core.Ref[any]{cat}, refs(registry.Of(one).All()))
		assert.Empty(t, refs(registry.Of(two).All()))
		_, ok := registry.Of(two).ByURN(cat.URN())
		assert.False(t, ok)
	})
}

// P102: the registry keeps no system alive, and the process no registry.
func TestRegistryDiesWithItsSystem(t *testing.T) {
	for _, rt := range testkit.Runtimes() {
		sys := core.NewSystem(rt.New())
		spawn(t, sys, &Cat{})
		reg := weak.Make(registry.Of(sys))
		require.NoError(t, sys.Shutdown(testkit.Context(t)))
		runtime.KeepAlive(sys)
		sys = nil
		testkit.Eventually(t, func() bool { runtime.GC(); return reg.Value() == nil }, rt.Name+": the registry to be collected")
	}
}

// A Finder looks itself up wherever it is.
type Finder struct {
	find func(where string, ctx context.Context)
}

func (f *Finder) OnStart(ctx context.Context) error      { f.find("OnStart", ctx); return nil }
func (f *Finder) OnStop(ctx context.Context) error       { f.find("OnStop", ctx); return nil }
func (f *Finder) OnFailure(ctx context.Context, _ error) { f.find("OnFailure", ctx) }
func (f *Finder) Receive(ctx context.Context, err error) (any, error) {
	f.find("Receive", ctx)
	return nil, err
}

// found says how an actor finds itself.
type found struct{ name, urn, typ, typeName, all bool }

func lookForMyself(ctx context.Context) found {
	r, self := registry.From(ctx), core.Self[any](ctx)
	byName, name := r.ByName("finder")
	byURN, urn := r.ByURN(self.URN())
	return found{
		name && byName == self, urn && byURN == self,
		slices.Contains(refs(registry.OfType[*Finder](r)), self),
		slices.Contains(refs(r.OfTypeName("Finder")), self),
		slices.Contains(refs(r.All()), self),
	}
}

// P103: an actor is found from before OnStart until it ends.
// P104: it is found no more, and dead, when OnStop or OnFailure runs.
func TestActorIsFoundWhileItLives(t *testing.T) {
	for _, how := range []string{"OnStop", "OnFailure"} {
		t.Run(how, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				registry.Of(sys)
				var mu sync.Mutex
				seen := map[string]found{}
				alive := map[string]bool{}
				f := &Finder{find: func(where string, ctx context.Context) {
					mu.Lock()
					defer mu.Unlock()
					seen[where], alive[where] = lookForMyself(ctx), core.Self[any](ctx).Alive()
				}}
				ref := spawn(t, sys, f, core.Named("finder"))
				_, err := ref.Call(testkit.Context(t), nil)
				require.NoError(t, err)
				if how == "OnStop" {
					ref.AskStop()
				} else {
					require.NoError(t, ref.Tell(t.Context(), errors.New("no luck")))
				}
				testkit.Wait(t, ref.Done(), "the end")
				everywhere := found{true, true, true, true, true}
				assert.Equal(t, map[string]found{"OnStart": everywhere, "Receive": everywhere, how: {}}, seen)
				assert.Equal(t, map[string]bool{"OnStart": true, "Receive": true, how: false}, alive)
			})
		})
	}
}

// P103: an actor that was spawned before anybody asked for the registry is
// found like one that was spawned after.
func TestRegistryKnowsActorsOfBeforeIt(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		before := cats(t, sys, 3)
		_, err := before[1].Stop(testkit.Context(t))
		require.NoError(t, err)
		r := registry.Of(sys)
		after := spawn(t, sys, &Cat{})
		want := []core.Ref[any]{before[0], before[2], after}
		assertRefs(t, want, refs(registry.OfType[*Cat](r)))
		assertRefs(t, want, refs(r.All()))
	})
}

// P104: after a Stop that waited, and in a ref that was listed before it, the
// actor is gone.
func TestStoppedActorIsGone(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		cat := cats(t, sys, 1)[0]
		listed, ok := r.ByName("cat-0")
		require.True(t, ok)
		require.True(t, cat == listed)
		_, err := cat.Stop(testkit.Context(t))
		require.NoError(t, err)
		_, byName := r.ByName("cat-0")
		_, byURN := r.ByURN(cat.URN())
		assert.False(t, byName || byURN)
		assert.Empty(t, refs(registry.OfType[*Cat](r)))
		assert.ErrorIs(t, listed.Tell(t.Context(), "hello"), core.ErrDead)
	})
}

// P105: All is in the order of spawning, and each loop over it is over the
// actors that there were when it began.
func TestAllIsInSpawnOrder(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		all := cats(t, sys, 5)
		got := r.All()
		assertRefs(t, all, refs(got))
		n := 0
		for ref := range got {
			spawn(t, sys, &Cat{})
			_, err := ref.Stop(testkit.Context(t))
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, 5, n)
		again := refs(got)
		assert.Len(t, again, 5, "the five that were spawned in the loop")
		assert.False(t, slices.Contains(again, all[0]))
		for range got {
			break
		}
	})
}

// P106: by type finds the concrete type, or what implements an interface, in
// the order of spawning across types.
func TestOfType(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		tom := spawn(t, sys, &Cat{})
		rex := spawn(t, sys, &Dog{}).Any()
		felix := spawn(t, sys, &Cat{})
		other := spawn(t, sys, core.Func(func(context.Context, int) (int, error) { return 0, nil })).Any()

		assertRefs(t, []core.Ref[any]{tom, felix}, refs(registry.OfType[*Cat](r)))
		assertRefs(t, []core.Ref[any]{rex}, refs(registry.OfType[*Dog](r)))
		assertRefs(t, []core.Ref[any]{tom, rex, felix}, refs(registry.OfType[Animal](r)))
		assertRefs(t, []core.Ref[any]{tom, rex, felix, other}, refs(registry.OfType[any](r)))
		assert.Empty(t, refs(registry.OfType[Cat](r)), "the actors are pointers")
		assert.Empty(t, refs(registry.OfType[fmt.Stringer](r)))
	})
}

// P107: by type name finds the exact name; an unknown one finds nothing.
func TestOfTypeName(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		tom := spawn(t, sys, &Cat{})
		spawn(t, sys, &Dog{})
		for _, name := range []string{"Cat", "registry_test.Cat"} {
			assertRefs(t, []core.Ref[any]{tom}, refs(r.OfTypeName(name)), name)
		}
		for _, name := range []string{"", "cat", "Animal", "*Cat", "other.Cat"} {
			assert.Empty(t, refs(r.OfTypeName(name)), name)
		}
	})
}

// P108: by URN, or by name, finds the actor or says that there is none; one
// is not taken for the other.
func TestByURNAndByName(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		cat := cats(t, sys, 2)[1]
		got, ok := r.ByURN(cat.URN())
		assert.True(t, ok)
		assert.True(t, cat == got)
		got, ok = r.ByName("cat-1")
		assert.True(t, ok)
		assert.True(t, cat == got)
		for _, address := range []string{"", "cat-9", "urn:uuid:", core.Ref[any]{}.URN(), cat.URN() + "0"} {
			_, byURN := r.ByURN(address)
			_, byName := r.ByName(address)
			assert.False(t, byURN || byName, address)
		}
		_, ok = r.ByName(cat.URN())
		assert.False(t, ok)
		_, ok = r.ByURN("cat-1")
		assert.False(t, ok)
	})
}

// P108: Find says whether it was the name or the type of message.
func TestFind(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		rex := spawn(t, sys, &Dog{}, core.Named("rex"))
		got, err := registry.Find[string](r, "rex")
		require.NoError(t, err)
		assert.True(t, rex == got)
		erased, err := registry.Find[any](r, "rex")
		require.NoError(t, err)
		assert.True(t, rex.Any() == erased)
		_, err = registry.Find[int](r, "rex")
		assert.ErrorIs(t, err, core.ErrInvalid)
		assert.EqualError(t, err, `registry: actor "rex": core: invalid argument: registry_test.Dog takes messages of type string, not int`)
		_, err = registry.Find[string](r, "max")
		assert.ErrorIs(t, err, core.ErrDead)
		assert.EqualError(t, err, `registry: no actor is named "max"`)
	})
}

// P109: Unregister hides an actor from every look-up and does nothing else;
// Register shows it in its old place, and twice is as once.
func TestHideAndShow(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		all := cats(t, sys, 3)
		shown := []core.Ref[any]{all[0], all[2]}

		r.Unregister(all[1])
		r.Unregister(all[1])
		assertRefs(t, shown, refs(r.All()))
		assertRefs(t, shown, refs(registry.OfType[*Cat](r)))
		assertRefs(t, shown, refs(r.OfTypeName("Cat")))
		_, byName := r.ByName("cat-1")
		_, byURN := r.ByURN(all[1].URN())
		assert.False(t, byName || byURN)
		assert.True(t, all[1].Alive())
		assert.NoError(t, all[1].Tell(t.Context(), "psst"))
		_, err := core.Spawn(sys, &Cat{}, core.Named("cat-1"))
		assert.ErrorIs(t, err, core.ErrNameTaken)

		r.Register(all[1])
		r.Register(all[1])
		assertRefs(t, all, refs(r.All()))
		assertRefs(t, all, refs(registry.OfType[*Cat](r)))
		got, byName := r.ByName("cat-1")
		assert.True(t, byName)
		assert.True(t, all[1] == got)
	})
}

// P109: no call of Register leaves an actor behind that has ended.
func TestRegisterOfTheDeadShowsNothing(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		cat := cats(t, sys, 1)[0]
		r.Unregister(cat)
		r.Register(cat)
		r.Register(cat)
		_, err := cat.Stop(testkit.Context(t))
		require.NoError(t, err)
		for range 2 {
			r.Register(cat)
			r.Register(core.Ref[any]{})
			assert.Empty(t, refs(r.All()))
			assert.Empty(t, refs(registry.OfType[any](r)))
		}
	})
}

// P109: an actor is shut down with its system, hidden or not.
func TestHiddenActorIsShutDown(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		cat := cats(t, sys, 1)[0]
		registry.Of(sys).Unregister(cat)
		require.NoError(t, sys.Shutdown(testkit.Context(t)))
		assert.False(t, cat.Alive())
	})
}

// P110: Unregister of an actor that is not there does nothing.
func TestUnregisterOfTheAbsentDoesNothing(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		sys, other := testkit.System(t, rt), testkit.System(t, rt)
		r := registry.Of(sys)
		cat, stranger := cats(t, sys, 1)[0], cats(t, other, 1)[0]
		gone := spawn(t, sys, &Cat{})
		_, err := gone.Stop(testkit.Context(t))
		require.NoError(t, err)
		for _, ref := range []core.Ref[any]{gone, stranger, {}} {
			r.Unregister(ref)
		}
		assertRefs(t, []core.Ref[any]{cat}, refs(r.All()))
		assertRefs(t, []core.Ref[any]{stranger}, refs(registry.Of(other).All()))
	})
}

// P117: the registry may be used from hooks, also from the dead-letter hook,
// and while it is looked through.
func TestRegistryIsSafeFromHooks(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		var sys *core.System
		sys = testkit.System(t, rt, core.WithDeadLetters(func(d core.DeadLetter) {
			registry.Of(sys).Unregister(d.To)
			_, _ = registry.Broadcast(context.Background(), registry.Of(sys).All(), "a letter died")
		}))
		gate := testkit.NewGate(t)
		f := &Finder{find: func(where string, ctx context.Context) {
			if where == "Receive" {
				core.Blocking(ctx, gate.Pass)
			}
			r := registry.From(ctx)
			r.Unregister(core.Self[any](ctx))
			r.Register(core.Self[any](ctx))
			_, _ = registry.Broadcast(ctx, r.All(), "hello")
			spawn(t, core.SystemOf(ctx), &Cat{})
		}}
		ref := spawn(t, sys, f)
		require.NoError(t, ref.Tell(t.Context(), errors.New("fail")))
		require.NoError(t, ref.Tell(t.Context(), errors.New("a dead letter")))
		gate.Open()
		testkit.Wait(t, ref.Done(), "the end")
		assert.NotEmpty(t, refs(registry.OfType[*Cat](registry.Of(sys))))
	})
}

// P117: any number of goroutines may use the registry while actors come and
// go.
func TestRegistryIsSafeFromAnyGoroutine(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		ctx := testkit.Context(t)
		var users, spawners sync.WaitGroup
		stop := make(chan struct{})
		for range 4 {
			spawners.Go(func() {
				for i := range 50 {
					cat := spawn(t, sys, &Cat{})
					if i%2 == 0 {
						_, err := cat.Stop(ctx)
						assert.NoError(t, err)
					}
				}
			})
			users.Go(func() {
				for {
					for ref := range registry.OfType[Animal](r) {
						r.Unregister(ref)
						r.ByURN(ref.URN())
						r.Register(ref)
					}
					_, err := registry.Broadcast(ctx, r.OfTypeName("Cat"), "hello")
					assert.NoError(t, err)
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		spawners.Wait()
		close(stop)
		users.Wait()
		assert.Len(t, refs(r.All()), 100)
		n, err := registry.Stop(ctx, r.All())
		assert.NoError(t, err)
		assert.Equal(t, 100, n)
		assert.Empty(t, refs(registry.OfType[any](r)))
	})
}

func TestEmptyRegistryFindsNothing(t *testing.T) {
	for name, r := range map[string]*registry.Registry{
		"nil_system": registry.Of(nil), "no_actor": registry.From(t.Context()), "zero": {},
	} {
		_, byName := r.ByName("x")
		_, byURN := r.ByURN(core.Ref[any]{}.URN())
		assert.False(t, byName || byURN, name)
		assert.Empty(t, refs(r.All()), name)
		assert.Empty(t, refs(registry.OfType[any](r)), name)
		r.Unregister(core.Ref[any]{})
		r.Register(core.Ref[any]{})
	}
}

type otherIndex struct{}

func (otherIndex) Register(core.Ref[any])   {}
func (otherIndex) Unregister(core.Ref[any]) {}

func TestOfASystemWithAnotherIndexPanics(t *testing.T) {
	sys := core.NewSystem(nil)
	sys.Index(func() core.Index { return otherIndex{} })
	assert.PanicsWithValue(t, "registry: the system's index is a registry_test.otherIndex; a system with an index of its own has no registry", func() { registry.Of(sys) })
}

// A look-up by type takes time in proportion to what it finds, which shows in
// what it allocates, and beside a walk over all actors, which is as slow as the
// machine.
func TestLookUpStaysQuickAmongMany(t *testing.T) {
	if testing.Short() {
		t.Skip("spawns many actors")
	}
	sys := testkit.System(t, testkit.Runtimes()[0])
	for range 20_000 {
		spawn(t, sys, &Cat{})
	}
	rex := spawn(t, sys, &Dog{}, core.Named("rex")).Any()
	r := registry.Of(sys)
	lookUp := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for range registry.OfType[Dog](r) {
			}
			for range registry.OfType[*Dog](r) {
			}
			r.ByName("rex")
			r.ByURN(rex.URN())
		}
	})
	walk := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			for range r.All() {
			}
		}
	})
	t.Log(lookUp, walk)
	assert.Less(t, lookUp.AllocedBytesPerOp(), int64(1000), "a copy of all refs has 160,000 bytes")
	assert.Less(t, lookUp.NsPerOp(), walk.NsPerOp()/20, "of four look-ups, against a twentieth of a walk over all actors")
}
