package core_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

var errTest = errors.New("test error")

// checkSame compares refs or contexts by ==. assert.Equal would read what they
// point at, which is core's.
func checkSame[T comparable](t *testing.T, want, got T) {
	t.Helper()
	if want != got {
		t.Errorf("got %v, want %v", got, want)
	}
}

// checkGone checks that sys has no actor, and no name of one.
func checkGone(t *testing.T, sys *core.System, ref core.Ref[any], name string) {
	t.Helper()
	assert.False(t, ref.Alive())
	assert.Zero(t, sys.Stats().Actors)
	for other := range sys.Actors() {
		t.Errorf("Actors has %v", other)
	}
	_, found := sys.Find(name)
	assert.False(t, found, "Find by name")
	_, found = sys.Find(ref.URN())
	assert.False(t, found, "Find by URN")
}

// P1: a constructor runs on the goroutine that spawns, and knows its ref.
func TestConstructorRunsOnTheSpawner(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		where := 0
		var self core.Ref[any]
		ref, err := core.SpawnNew(sys, func(me core.Ref[any]) (*testkit.Probe, error) {
			where, self = testkit.Goroutine(), me
			return &testkit.Probe{}, nil
		})
		require.NoError(t, err)
		assert.Equal(t, testkit.Goroutine(), where)
		checkSame(t, ref, self)
	})
}

// P1: the error or the panic of a constructor is SpawnNew's error; nothing
// runs, nothing is found, and what was sent to the actor has its outcome.
func TestConstructorFails(t *testing.T) {
	constructors := map[string]func() (*testkit.Probe, error){
		"error":        func() (*testkit.Probe, error) { return &testkit.Probe{}, errTest },
		"panic":        func() (*testkit.Probe, error) { panic(errTest) },
		"nil":          func() (*testkit.Probe, error) { return nil, nil },
		"fatal_error":  func() (*testkit.Probe, error) { return nil, core.Fatal(errTest) },
		"stop_request": func() (*testkit.Probe, error) { return nil, core.ErrStop },
	}
	want := map[string]error{"nil": core.ErrInvalid, "stop_request": core.ErrStop}
	for name, constructor := range constructors {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				var letters testkit.Letters
				sys := testkit.System(t, rt, letters.Option())
				ctx := testkit.Context(t)
				var self core.Ref[any]
				var reply core.Future[any]
				var stopped core.Future[bool]
				ref, err := core.SpawnNew(sys, func(me core.Ref[any]) (*testkit.Probe, error) {
					self = me
					assert.NoError(t, me.Tell(ctx, "told"))
					reply, stopped = me.Ask(ctx, "asked"), me.AskStop()
					return constructor()
				}, core.Named("unborn"))
				expected := errTest
				if want[name] != nil {
					expected = want[name]
				}
				assert.ErrorIs(t, err, expected)
				checkSame(t, core.Ref[any]{}, ref)
				checkGone(t, sys, self, "unborn")
				_, err = reply.Get(ctx)
				assert.ErrorIs(t, err, core.ErrDead)
				ok, err := stopped.Get(ctx)
				assert.NoError(t, err)
				assert.True(t, ok)
				testkit.Wait(t, self.Done(), "the end of an actor that never began")
				assert.ErrorIs(t, self.Err(), expected)
				assert.Equal(t, []any{"told"}, letters.Messages())
				_, err = core.Spawn(sys, &testkit.Probe{}, core.Named("unborn"))
				assert.NoError(t, err, "the name is free, and the system not shut down")
			})
		})
	}
}

// P1: a constructor that ends its goroutine, as t.FailNow does, leaves
// nothing either, and nobody waiting.
func TestConstructorCallsGoexit(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		var self core.Ref[any]
		var reply core.Future[any]
		var ended sync.WaitGroup
		ended.Go(func() {
			_, _ = core.SpawnNew(sys, func(me core.Ref[any]) (*testkit.Probe, error) {
				self, reply = me, me.Ask(ctx, "asked")
				runtime.Goexit()
				return nil, nil
			}, core.Named("unborn"))
			t.Error("SpawnNew returned")
		})
		ended.Wait()
		checkGone(t, sys, self, "unborn")
		testkit.Wait(t, reply.Done(), "the reply")
		_, err := reply.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		testkit.Wait(t, self.Done(), "the end of an actor that never began")
	})
}

// P2: in its constructor an actor is alive, has its identity and takes
// messages, but cannot be found yet.
func TestRefInConstructor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := &testkit.Probe{}
		var reply core.Future[any]
		ref, err := core.SpawnNew(sys, func(self core.Ref[any]) (*testkit.Probe, error) {
			assert.True(t, self.Alive())
			assert.NoError(t, self.Err())
			assert.Same(t, sys, self.System())
			assert.Equal(t, "early", self.Name())
			assert.Equal(t, fmt.Sprintf("testkit.Probe (%s)", self.URN()), self.String())
			assert.NoError(t, self.Tell(ctx, "first"))
			reply = self.Ask(ctx, "second")
			for _, address := range []string{"early", self.URN()} {
				_, found := sys.Find(address)
				assert.False(t, found, "Find(%q) in the constructor", address)
			}
			for other := range sys.Actors() {
				t.Errorf("Actors has %v in the constructor", other)
			}
			return p, nil
		}, core.Named("early"))
		require.NoError(t, err)
		got, err := reply.Get(ctx)
		assert.NoError(t, err)
		assert.Equal(t, "second", got)
		assert.Equal(t, []string{"start", "handle first", "handle second"}, p.Trace.All())
		for _, address := range []string{"early", ref.URN()} {
			found, ok := sys.Find(address)
			assert.True(t, ok, "Find(%q)", address)
			checkSame(t, ref, found)
		}
	})
}

// P6: an actor can be found before its first turn, so OnStart finds it.
func TestFoundInOnStart(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := &testkit.Probe{Start: func(ctx context.Context) error {
			self := core.Self[any](ctx)
			found, ok := sys.Find("me")
			assert.True(t, ok)
			checkSame(t, self, found)
			found, ok = sys.Find(self.URN())
			assert.True(t, ok)
			checkSame(t, self, found)
			listed := false
			for ref := range sys.Actors() {
				listed = listed || ref == self
			}
			assert.True(t, listed)
			return nil
		}}
		_, err := p.Spawn(t, sys, core.Named("me")).Call(ctx, "started")
		require.NoError(t, err)
	})
}

// P6: a stop that comes before the first turn finds an actor that is known,
// and leaves one that is not.
func TestStopAtOnce(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for range 100 {
			p := &testkit.Probe{}
			ref := p.Spawn(t, sys, core.Named("brief"))
			ok, err := ref.Stop(testkit.Context(t))
			require.NoError(t, err)
			assert.True(t, ok)
			assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
			_, found := sys.Find("brief")
			assert.False(t, found)
		}
	})
}

// P7: Spawn waits neither for OnStart nor for its error.
func TestSpawnDoesNotWaitForOnStart(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		gate, entered := testkit.NewGate(t), make(chan struct{})
		p := &testkit.Probe{Start: func(ctx context.Context) error {
			close(entered)
			gate.PassIn(ctx)
			return errTest
		}}
		ref := p.Spawn(t, sys)
		testkit.Wait(t, entered, "OnStart")
		assert.True(t, ref.Alive())
		assert.NoError(t, ref.Err())
		gate.Open()
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.ErrorIs(t, ref.Err(), errTest)
	})
}

// P8: OnStart, Receive and the hooks of an end run where the actor's turns
// do, all with the actor's one context.
func TestHooksRunInTheActor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		var seen []context.Context
		note := func(ctx context.Context) {
			seen = append(seen, ctx)
		}
		spawner, starter := testkit.Goroutine(), 0
		hooks := func() *testkit.Probe {
			return &testkit.Probe{
				Start: func(ctx context.Context) error { starter = testkit.Goroutine(); note(ctx); return nil },
				Stop:  func(ctx context.Context) error { note(ctx); return nil },
				Fail:  func(ctx context.Context, _ error) { note(ctx) },
			}
		}
		handle := testkit.Do(func(ctx context.Context) (any, error) { note(ctx); return nil, nil })
		for _, end := range []func(core.Ref[any]) error{
			func(ref core.Ref[any]) error { _, err := ref.Stop(ctx); return err },
			func(ref core.Ref[any]) error {
				return ref.Tell(ctx, testkit.Do(func(context.Context) (any, error) { return nil, errTest }))
			},
		} {
			seen = nil
			ref := hooks().Spawn(t, sys)
			for range 2 {
				_, err := ref.Call(ctx, handle)
				require.NoError(t, err)
			}
			require.NoError(t, end(ref))
			testkit.Wait(t, ref.Done(), "the actor's end")
			require.Len(t, seen, 4)
			for _, got := range seen {
				checkSame(t, seen[0], got)
				checkSame(t, ref, core.Self[any](got))
				assert.Same(t, sys, core.SystemOf(got))
			}
			assert.NotEqual(t, spawner, starter, "the goroutine of OnStart")
		}
	})
}

// P9: OnStart has returned before any message is handled, whoever sent it,
// and however early and by whichever verb.
func TestOnStartComesFirst(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		gate := testkit.NewGate(t)
		p := &testkit.Probe{}
		p.Start = func(ctx context.Context) error {
			gate.PassIn(ctx)
			p.Trace.Add("started")
			return nil
		}
		ref, err := core.SpawnNew(sys, func(self core.Ref[any]) (*testkit.Probe, error) {
			return p, self.Tell(ctx, "from the constructor")
		})
		require.NoError(t, err)
		var senders sync.WaitGroup
		for range 4 {
			senders.Go(func() { assert.NoError(t, ref.Tell(ctx, "told")) })
			senders.Go(func() {
				_, err := ref.Call(context.Background(), "called")
				assert.NoError(t, err)
			})
		}
		for ref.Any().System().Stats().Waiting < 5 {
			runtime.Gosched()
		}
		gate.Open()
		senders.Wait()
		_, err = ref.Call(ctx, "last")
		require.NoError(t, err)
		events := p.Trace.All()
		assert.Equal(t, []string{"start", "started", "handle from the constructor"}, events[:3])
		assert.Len(t, events, 12)
	})
}

// P10: an actor's URN is a random UUID, is unique, and stays the same.
func TestURN(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		form := regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
		seen := map[string]bool{}
		for range testkit.Fewer(200) {
			ref := (&testkit.Probe{}).Spawn(t, sys)
			urn := ref.URN()
			assert.Regexp(t, form, urn)
			assert.False(t, seen[urn], "a URN given out twice")
			seen[urn] = true
			_, err := ref.Stop(testkit.Context(t))
			require.NoError(t, err)
			assert.Equal(t, urn, ref.URN())
		}
	})
}

// P10: however many ask for the URN first, they all get the same one, and each
// finds the actor by it at once.
func TestURNAtOnce(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for range testkit.Fewer(200) {
			ref := (&testkit.Probe{}).Spawn(t, sys)
			urns := make([]string, 8)
			var all sync.WaitGroup
			for i := range urns {
				all.Go(func() {
					urns[i] = ref.URN()
					found, ok := sys.Find(urns[i])
					assert.True(t, ok)
					checkSame(t, ref, found)
				})
			}
			all.Wait()
			for _, urn := range urns {
				assert.Equal(t, urns[0], urn)
			}
			checkStop(t, true)(ref.Stop(testkit.Context(t)))
		}
	})
}

// P11: a ref, and the context of the actor, read as its type and URN, before
// it starts and after it has ended.
func TestString(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		var early string
		ref, err := core.SpawnNew(sys, func(self core.Ref[any]) (*testkit.Probe, error) {
			early = fmt.Sprint(self)
			return &testkit.Probe{}, nil
		})
		require.NoError(t, err)
		want := fmt.Sprintf("testkit.Probe (%s)", ref.URN())
		inside, err := ref.Call(ctx, testkit.Do(func(ctx context.Context) (any, error) { return fmt.Sprint(ctx), nil }))
		require.NoError(t, err)
		assert.Equal(t, want, early)
		assert.Equal(t, want, inside)
		assert.Equal(t, want, ref.String())
		assert.Equal(t, want, ref.Any().String())
		_, err = ref.Stop(ctx)
		require.NoError(t, err)
		assert.Equal(t, want, ref.String())
	})
}

// P12: an ended actor stays ended; the same value spawned again is a new
// actor with a URN of its own.
func TestNoRestart(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := &testkit.Probe{}
		first := p.Spawn(t, sys)
		_, err := first.Stop(ctx)
		require.NoError(t, err)
		second := p.Spawn(t, sys)
		_, err = second.Call(ctx, "again")
		require.NoError(t, err)
		assert.ErrorIs(t, first.Tell(ctx, "lost"), core.ErrDead)
		assert.False(t, first.Alive())
		assert.False(t, first == second)
		assert.NotEqual(t, first.URN(), second.URN())
		assert.Equal(t, []string{"start", "stop", "start", "handle again"}, p.Trace.All())
	})
}

// refusing is a runtime that does with each actor what refuse does.
type refusing struct{ refuse func() (core.Waker, error) }

func (r refusing) Attach(core.Loop) (core.Waker, error) { return r.refuse() }

// P13: a runtime that cannot take an actor makes Spawn fail: the actor is
// dead and cannot be found, and what was sent to it has its outcome.
func TestRuntimeRefuses(t *testing.T) {
	refusals := map[string]func() (core.Waker, error){
		"error":    func() (core.Waker, error) { return nil, errTest },
		"panic":    func() (core.Waker, error) { panic(errTest) },
		"no_waker": func() (core.Waker, error) { return nil, nil },
	}
	for name, refuse := range refusals {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				var letters testkit.Letters
				sys := testkit.System(t, rt, letters.Option())
				ctx := testkit.Context(t)
				var self core.Ref[any]
				var replies []core.Future[any]
				// What Attach can find it can send to.
				broken := refusing{func() (core.Waker, error) {
					found, ok := sys.Find("refused")
					assert.True(t, ok)
					assert.NoError(t, found.Tell(ctx, "told by the runtime"))
					replies = append(replies, found.Ask(ctx, "asked by the runtime"))
					return refuse()
				}}
				p := &testkit.Probe{}
				_, err := core.SpawnNew(sys, func(me core.Ref[any]) (*testkit.Probe, error) {
					self = me
					replies = append(replies, me.Ask(ctx, "asked"))
					return p, me.Tell(ctx, "told")
				}, core.Named("refused"), core.On(broken))
				if name == "no_waker" {
					assert.ErrorIs(t, err, core.ErrInvalid)
				} else {
					assert.ErrorIs(t, err, errTest)
				}
				checkGone(t, sys, self, "refused")
				testkit.Wait(t, self.Done(), "the end of an actor that never began")
				for _, reply := range replies {
					_, err := reply.Get(ctx)
					assert.ErrorIs(t, err, core.ErrDead)
				}
				assert.Equal(t, []any{"told", "told by the runtime"}, letters.Messages())
				assert.Empty(t, p.Trace.All(), "hooks of an actor that never began")
				_, err = core.Spawn(sys, p, core.Named("refused"))
				assert.NoError(t, err)
			})
		})
	}
}

// P14: an actor that asks to be stopped before or in OnStart starts, handles
// what came before the request, stops, and waits for nothing more.
func TestStopWhileStarting(t *testing.T) {
	requests := map[string]struct {
		construct func(core.Ref[any])
		start     func(context.Context) error
	}{
		"in_the_constructor": {construct: func(self core.Ref[any]) { self.AskStop() }},
		"in_OnStart": {start: func(ctx context.Context) error {
			core.Self[any](ctx).AskStop()
			return nil
		}},
		"ErrStop_of_OnStart": {start: func(context.Context) error { return core.ErrStop }},
		"wrapped_ErrStop":    {start: func(context.Context) error { return fmt.Errorf("enough: %w", core.ErrStop) }},
		"twice": {
			construct: func(self core.Ref[any]) { self.AskStop() },
			start:     func(context.Context) error { return core.ErrStop },
		},
	}
	for name, request := range requests {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				ctx := testkit.Context(t)
				p := &testkit.Probe{}
				p.Start = func(ctx context.Context) error {
					defer p.Trace.Add("started")
					if request.start == nil {
						return nil
					}
					return request.start(ctx)
				}
				ref, err := core.SpawnNew(sys, func(self core.Ref[any]) (*testkit.Probe, error) {
					assert.NoError(t, self.Tell(ctx, 1))
					assert.NoError(t, self.Tell(ctx, 2))
					if request.construct != nil {
						request.construct(self)
					}
					return p, nil
				})
				require.NoError(t, err)
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.NoError(t, ref.Err())
				assert.Equal(t, []string{"start", "started", "handle 1", "handle 2", "stop"}, p.Trace.All())
			})
		})
	}
}
