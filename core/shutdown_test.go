package core_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/locked"
)

// A shutdown stops the newest first, each fully before the next, and what was
// sent before is handled.
func TestShutdownOrder(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		var order testkit.Trace
		var refs []core.Ref[any]
		for i := range 5 {
			p := &testkit.Probe{
				Handle: func(context.Context, any) (any, error) { order.Add("handle %d", i); return nil, nil },
				Stop: func(context.Context) error {
					order.Add("stop %d", i)
					if i < 4 {
						select {
						case <-refs[i+1].Done():
						default:
							t.Errorf("actor %d stops before %d has ended", i, i+1)
						}
					}
					return nil
				},
			}
			refs = append(refs, p.Spawn(t, sys))
		}
		require.NoError(t, refs[1].Tell(ctx, "last"))
		require.NoError(t, sys.Shutdown(ctx))
		stops := slices.DeleteFunc(order.All(), func(event string) bool { return event == "handle 1" })
		assert.Equal(t, []string{"stop 4", "stop 3", "stop 2", "stop 1", "stop 0"}, stops)
		assert.Len(t, order.All(), 6, "with the message")
		assert.Zero(t, sys.Stats().Actors)
	})
}

// While a system shuts down, an actor that is still to stop can be called,
// from an OnStop too, so that dependants outlive nothing that they need.
func TestCallDuringShutdown(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		store := &testkit.Probe{}
		ref := store.Spawn(t, sys)
		for i := range 3 {
			(&testkit.Probe{Stop: func(ctx context.Context) error {
				_, err := ref.Call(ctx, i)
				assert.NoError(t, err)
				_, err = core.Spawn(core.SystemOf(ctx), &testkit.Probe{})
				assert.ErrorIs(t, err, core.ErrShutdown)
				return nil
			}}).Spawn(t, sys)
		}
		require.NoError(t, sys.Shutdown(ctx))
		assert.Equal(t, []string{"start", "handle 2", "handle 1", "handle 0", "stop"}, store.Trace.All())
	})
}

// A second Shutdown is harmless, before and after the first has ended, and
// from many goroutines.
func TestSecondShutdown(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		probes := make([]testkit.Probe, 10)
		for i := range probes {
			probes[i].Spawn(t, sys)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { assert.NoError(t, sys.Shutdown(ctx)) })
		}
		all.Wait()
		assert.NoError(t, sys.Shutdown(ctx))
		assert.NoError(t, sys.Run(ctx, time.Hour))
		testkit.Wait(t, sys.Done(), "Done")
		for i := range probes {
			assert.Equal(t, []string{"start", "stop"}, probes[i].Trace.All())
		}
	})
}

// An actor may shut its system down: the others are stopped and waited for,
// and the actor itself stops when its handler has returned.
func TestShutdownFromInside(t *testing.T) {
	ways := map[string]func(testing.TB, core.Ref[any], testkit.Do){
		"told": func(t testing.TB, ref core.Ref[any], do testkit.Do) {
			assert.NoError(t, ref.Tell(testkit.Context(t), do))
		},
		"called": func(t testing.TB, ref core.Ref[any], do testkit.Do) {
			_, err := ref.Call(testkit.Context(t), do)
			assert.NoError(t, err)
		},
		"called_inline": func(t testing.TB, ref core.Ref[any], do testkit.Do) {
			_, err := ref.Call(testkit.Context(t), "warm")
			assert.NoError(t, err)
			_, err = ref.Call(context.Background(), do)
			assert.NoError(t, err)
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				var p, other testkit.Probe
				older := other.Spawn(t, sys)
				ref := p.Spawn(t, sys)
				newer := (&testkit.Probe{}).Spawn(t, sys)
				way(t, ref, func(ctx context.Context) (any, error) {
					assert.NoError(t, sys.Shutdown(ctx))
					assert.False(t, older.Alive())
					assert.False(t, newer.Alive())
					assert.True(t, core.Self[any](ctx).Alive())
					assert.NoError(t, sys.Shutdown(ctx), "again")
					return nil, nil
				})
				testkit.Wait(t, ref.Done(), "the end of the actor that shut down")
				assert.NoError(t, ref.Err())
				assert.NoError(t, sys.Shutdown(testkit.Context(t)))
				events := p.Trace.All()
				assert.Equal(t, "stop", events[len(events)-1])
			})
		})
	}
}

// Whose context it shuts down with does not matter, nor whether its turn is
// beneath that of an actor it was called by.
func TestShutdownFromInsideWithAContextOfNobody(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		shut := script(func(context.Context) (any, error) { return nil, sys.Shutdown(ctx) })
		other, inner, outer := &testkit.Probe{}, spawn(t, sys, &player{}), spawn(t, sys, &player{})
		idle := other.Spawn(t, sys)
		_, err := outer.Call(ctx, func(ctx context.Context) (any, error) {
			_, err := inner.Call(context.WithoutCancel(ctx), shut)
			assert.False(t, idle.Alive())
			return nil, err
		})
		assert.NoError(t, err)
		testkit.Wait(t, outer.Done(), "the end of the actor that waited for the one that shut down")
		testkit.Wait(t, inner.Done(), "the end of the actor that shut down")
	})
}

// Nor whether anything but the stack says who is beneath.
func TestShutdownFromInsideACallOfNobody(t *testing.T) {
	l, sys := newLender(t)
	outer, err := shutdownInACallOfNobody(t, l, sys, testkit.Context(t))
	assert.NoError(t, err)
	testkit.Wait(t, outer.Done(), "the end of the actor beneath")
}

// If neither a context nor the stack says who waits, its actor is waited for
// as any other is.
func TestShutdownWaitsForWhoCallsAsNobody(t *testing.T) {
	l, sys := newLender(t)
	l.refuses = true
	within, end := context.WithCancelCause(testkit.Context(t))
	go func() {
		<-sys.Done()
		end(errTest)
	}()
	outer, err := shutdownInACallOfNobody(t, l, sys, within)
	assert.ErrorIs(t, err, errTest)
	assert.ErrorContains(t, err, outer.String())
	testkit.Wait(t, outer.Done(), "the end of the actor that called")
}

// shutdownInACallOfNobody has an actor call another, which shuts the system
// down, with a context that is nobody's. It returns the first and what
// Shutdown did.
func shutdownInACallOfNobody(t *testing.T, l *lender, sys *core.System, within context.Context) (core.Ref[any], error) {
	t.Helper()
	inner, outer := l.spawn(t, sys, &testkit.Probe{}), l.spawn(t, sys, &testkit.Probe{})
	l.release()
	_, err := outer.Call(context.Background(), testkit.Do(func(context.Context) (any, error) {
		return inner.Call(context.Background(), testkit.Do(func(context.Context) (any, error) { return nil, sys.Shutdown(within) }))
	}))
	return outer, err
}

// So it may in OnStart, in OnStop and in OnFailure.
func TestShutdownFromAHook(t *testing.T) {
	shut := func(t *testing.T, ctx context.Context) {
		assert.NoError(t, core.SystemOf(ctx).Shutdown(ctx))
	}
	hooks := map[string]func(*testing.T) (*testkit.Probe, error){
		"OnStart": func(t *testing.T) (*testkit.Probe, error) {
			return &testkit.Probe{Start: func(ctx context.Context) error { shut(t, ctx); return nil }}, nil
		},
		"OnStop": func(t *testing.T) (*testkit.Probe, error) {
			return &testkit.Probe{Stop: func(ctx context.Context) error { shut(t, ctx); return nil }}, core.ErrStop
		},
		"OnFailure": func(t *testing.T) (*testkit.Probe, error) {
			return &testkit.Probe{Fail: func(ctx context.Context, _ error) { shut(t, ctx) }}, errTest
		},
	}
	for name, hook := range hooks {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				(&testkit.Probe{}).Spawn(t, sys)
				(&testkit.Probe{}).Spawn(t, sys)
				p, err := hook(t)
				ref := p.Spawn(t, sys)
				_ = ref.Tell(testkit.Context(t), fail(err))
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.NoError(t, sys.Shutdown(testkit.Context(t)))
				assert.Zero(t, sys.Stats().Actors)
			})
		})
	}
}

// Actors that shut the system down at the same moment do not wait for each
// other.
func TestShutdownFromManyActors(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		gate := testkit.NewGate(t)
		var refs []core.Ref[any]
		for range 5 {
			ref := (&testkit.Probe{}).Spawn(t, sys)
			refs = append(refs, ref)
			require.NoError(t, ref.Tell(ctx, testkit.Do(func(ctx context.Context) (any, error) {
				gate.PassIn(ctx)
				return nil, sys.Shutdown(ctx)
			})))
		}
		gate.Open()
		for _, ref := range refs {
			testkit.Wait(t, ref.Done(), "the actor's end")
			assert.NoError(t, ref.Err())
		}
		assert.NoError(t, sys.Shutdown(ctx))
	})
}

// An actor may shut down another system; its own is left alone.
func TestShutdownOfAnotherSystem(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		mine, other := testkit.System(t, rt), testkit.System(t, rt)
		ctx := testkit.Context(t)
		gone := (&testkit.Probe{}).Spawn(t, other)
		ref := (&testkit.Probe{}).Spawn(t, mine)
		_, err := ref.Call(ctx, testkit.Do(func(ctx context.Context) (any, error) { return nil, other.Shutdown(ctx) }))
		assert.NoError(t, err)
		testkit.Wait(t, gone.Done(), "the other's actor")
		_, err = ref.Call(ctx, "after")
		assert.NoError(t, err)
	})
}

// At its deadline a shutdown asks all that are left to stop, ends their
// contexts with the cause, and says who still runs; the system goes on
// stopping them, and a later Shutdown waits for that.
func TestShutdownDeadline(t *testing.T) {
	cause := errors.New("out of patience")
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		obedient, deaf, idle := &testkit.Probe{}, &testkit.Probe{}, &testkit.Probe{}
		obeying := obedient.Spawn(t, sys)
		idling := idle.Spawn(t, sys)
		stuck := deaf.Spawn(t, sys, core.Named("deaf"))
		entered := make(chan struct{})
		require.NoError(t, obeying.Tell(ctx, testkit.Do(func(ctx context.Context) (any, error) {
			close(entered)
			core.Blocking(ctx, func() { <-ctx.Done() })
			assert.ErrorIs(t, context.Cause(ctx), cause)
			return nil, ctx.Err()
		})))
		testkit.Wait(t, entered, "the handler")
		held := testkit.Hold(t, stuck)
		within, end := context.WithCancelCause(ctx)
		result := make(chan error, 1)
		go func() { result <- sys.Shutdown(within) }()
		testkit.Wait(t, sys.Done(), "the shutdown")
		assert.True(t, idling.Alive(), "the newest first, and that is stuck")
		end(cause)
		err := testkit.Wait(t, result, "Shutdown")
		assert.ErrorIs(t, err, cause)
		assert.ErrorContains(t, err, stuck.String())
		testkit.Wait(t, obeying.Done(), "who obeys its context")
		testkit.Wait(t, idling.Done(), "who had nothing to do")
		assert.NoError(t, obeying.Err(), "to return the end of one's context is no failure")
		assert.Equal(t, []string{"start", "stop"}, obedient.Trace.All())
		held.Open()
		assert.NoError(t, sys.Shutdown(ctx))
		assert.Equal(t, []string{"start", "stop"}, deaf.Trace.All())
	})
}

// A Shutdown with a context that is done shuts down all the same.
func TestShutdownWithAContextThatIsDone(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		done, cancel := context.WithCancel(context.Background())
		cancel()
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		held := testkit.Hold(t, ref)
		assert.ErrorIs(t, sys.Shutdown(done), context.Canceled)
		held.Open()
		assert.NoError(t, sys.Shutdown(testkit.Context(t)))
		assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
	})
}

// An actor spawned while the system shuts down is stopped with it, or refused.
func TestSpawnRacesWithShutdown(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		for range testkit.Fewer(20) {
			sys := testkit.System(t, rt)
			ctx := testkit.Context(t)
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() { spawnUntilShutdown(t, sys) })
			}
			require.NoError(t, sys.Shutdown(ctx))
			all.Wait()
			assert.Zero(t, sys.Stats().Actors)
		}
	})
}

// spawnUntilShutdown spawns actors until it is refused, and stops all but the
// last, which the shutdown has to stop. So there are never many, however late
// that comes: where each has a thread they are limited.
func spawnUntilShutdown(t *testing.T, sys *core.System) {
	var last core.Ref[any]
	for {
		ref, err := core.Spawn(sys, &testkit.Probe{})
		if err != nil {
			assert.ErrorIs(t, err, core.ErrShutdown)
			testkit.Wait(t, last.Done(), "an actor of a system that ended")
			return
		}
		last.AskStop()
		testkit.Wait(t, last.Done(), "the end of the one before")
		last = ref
	}
}

// An actor that spawns thousands of others in OnStart, and tells each of them
// something, ends with all of them.
func TestSpawnManyInOnStart(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		many := 0
		p := &testkit.Probe{Start: func(ctx context.Context) error {
			for many < testkit.Fewer(10_000) {
				ref, err := core.Spawn(sys, &testkit.Probe{})
				if limit := new(*locked.LimitError); errors.As(err, limit) {
					return nil // a thread for each is refused, which is as it should be
				}
				if err == nil {
					err = ref.Tell(ctx, "hello")
				}
				if err != nil {
					return err
				}
				many++
			}
			return nil
		}}
		_, err := p.Spawn(t, sys).Call(ctx, "after")
		require.NoError(t, err)
		assert.Equal(t, many+1, sys.Stats().Actors)
		require.NoError(t, sys.Shutdown(ctx))
		st := sys.Stats()
		assert.EqualValues(t, many+1, st.Spawned)
		assert.EqualValues(t, many+1, st.Handled)
	})
}

// Run waits for its context, or for the system to end by itself, and gives
// the actors the grace that it is told.
func TestRun(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		_, err := ref.Call(testkit.Context(t), "warm")
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(context.Background())
		result := make(chan error, 1)
		go func() { result <- sys.Run(ctx, testkit.Patience) }()
		cancel()
		assert.NoError(t, testkit.Wait(t, result, "Run"))
		assert.Equal(t, []string{"start", "handle warm", "stop"}, p.Trace.All())
	})
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := (&testkit.Probe{}).Spawn(t, sys, core.Named("slow"))
		held := testkit.Hold(t, ref)
		done, cancel := context.WithCancel(context.Background())
		cancel()
		err := sys.Run(done, time.Millisecond)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, ref.String())
		held.Open()
	})
}

// A Shared runtime outlives its systems, and what is left to whoever made it.
func TestSharedRuntime(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		ctx := testkit.Context(t)
		made := rt.New()
		for range 2 {
			sys := core.NewSystem(core.Shared(made))
			_, err := (&testkit.Probe{}).Spawn(t, sys).Call(ctx, "here")
			require.NoError(t, err)
			require.NoError(t, sys.Shutdown(ctx))
		}
		if c, ok := made.(core.Closer); ok {
			require.NoError(t, c.Close(ctx))
			sys := core.NewSystem(core.Shared(made))
			_, err := core.Spawn(sys, &testkit.Probe{})
			assert.ErrorIs(t, err, core.ErrRuntimeClosed)
			require.NoError(t, sys.Shutdown(ctx))
		}
	})
}
