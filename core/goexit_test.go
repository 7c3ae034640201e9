package core_test

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// failNow ends its goroutine as a failed require does.
func failNow(context.Context) (any, error) {
	new(testing.T).FailNow()
	return nil, nil
}

// onItsOwn runs f on a goroutine that f may end, and reports whether it did.
func onItsOwn(t *testing.T, f func()) (exited bool) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		exited = true
		f()
		exited = false
	}()
	testkit.Wait(t, done, "a goroutine")
	return exited
}

// P35: t.FailNow in a handler ends the actor as a fatal error does, and the
// system; P36: and whoever asked gets an error that says so.
func TestFailNowInAHandler(t *testing.T) {
	for name, handler := range map[string]testkit.Do{
		"handler": failNow,
		"blocking": func(ctx context.Context) (any, error) {
			core.Blocking(ctx, func() { _, _ = failNow(ctx) })
			return nil, nil
		},
		"behind_a_recover": func(ctx context.Context) (any, error) {
			defer func() { _ = recover() }()
			return failNow(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				ctx := testkit.Context(t)
				p := &testkit.Probe{}
				ref := p.Spawn(t, sys)
				held := testkit.Hold(t, ref)
				reply := ref.Ask(ctx, handler)
				leftover := ref.Ask(ctx, "leftover")
				require.NoError(t, ref.Tell(ctx, "leftover"))
				held.Open()
				_, err := reply.Get(ctx)
				assert.ErrorContains(t, err, "Goexit")
				_, err = leftover.Get(ctx)
				assert.ErrorIs(t, err, core.ErrDead)
				assert.ErrorContains(t, ended(t, sys), "Goexit")
				assert.ErrorContains(t, ref.Err(), "Goexit")
				assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
			})
		})
	}
}

// P35: if the handler runs on the caller's goroutine, that ends too; the
// actor, its system and everybody who waits end in order all the same.
func TestFailNowOnTheCaller(t *testing.T) {
	callers := map[string]func(core.Ref[any]){
		"Call": func(ref core.Ref[any]) { _, _ = ref.Call(context.Background(), testkit.Do(failNow)) },
		"Ask": func(ref core.Ref[any]) {
			_, _ = ref.Ask(context.Background(), testkit.Do(failNow)).Get(context.Background())
		},
		"Invoke": func(ref core.Ref[any]) {
			_, _ = ref.Call(context.Background(), testkit.Invoke(func(ctx context.Context, _ any) (any, error) { return failNow(ctx) }))
		},
	}
	for name, call := range callers {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				p := &testkit.Probe{}
				ref := p.Spawn(t, sys)
				_, err := ref.Call(testkit.Context(t), "warm")
				require.NoError(t, err)
				onItsOwn(t, func() { call(ref) })
				assert.ErrorContains(t, ended(t, sys), "Goexit")
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.Equal(t, []string{"start", "handle warm", "stop"}, p.Trace.All())
			})
		})
	}
}

// P35: of actors whose turns are nested on one goroutine all end when it does.
func TestFailNowBeneathOtherActors(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		var probes [4]testkit.Probe
		var refs [4]core.Ref[any]
		for i := range probes {
			refs[i] = probes[i].Spawn(t, sys)
			_, err := refs[i].Call(ctx, "warm")
			require.NoError(t, err)
		}
		step := testkit.Do(failNow)
		for i := len(refs) - 1; i > 0; i-- {
			next, inner := refs[i], step
			step = func(ctx context.Context) (any, error) { return next.Call(ctx, inner) }
		}
		require.NoError(t, refs[0].Tell(ctx, step))
		assert.ErrorContains(t, ended(t, sys), "Goexit")
		for i, ref := range refs {
			testkit.Wait(t, ref.Done(), "the actor's end")
			events := probes[i].Trace.All()
			// A runtime that lends no turns hands the error up, and it fails who passes it on.
			assert.Regexp(t, "^stop$|^fail: ", events[len(events)-1], "hooks of actor %d", i)
		}
		testkit.CheckAccounts(t, sys)
	})
}

// P40: t.FailNow in the OnStop of an actor whose end the caller of Stop runs
// ends the caller, and the actor all the same.
func TestFailNowInOnStopOnTheCaller(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := &testkit.Probe{Stop: func(ctx context.Context) error { _, err := failNow(ctx); return err }}
		ref := p.Spawn(t, sys)
		_, err := ref.Call(testkit.Context(t), "warm")
		require.NoError(t, err)
		onItsOwn(t, func() { _, _ = ref.Stop(context.Background()) })
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Equal(t, []string{"start", "handle warm", "stop"}, p.Trace.All())
		assert.ErrorContains(t, ended(t, sys), "Goexit")
	})
}

// P35: a handler's own goroutine may end as it likes.
func TestGoexitOfAnotherGoroutine(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		_, err := ref.Call(ctx, testkit.Do(func(context.Context) (any, error) {
			done := make(chan struct{})
			go func() { defer close(done); runtime.Goexit() }()
			<-done
			return nil, nil
		}))
		assert.NoError(t, err)
		_, err = ref.Call(ctx, "after")
		assert.NoError(t, err)
	})
}

// P41: code of the user's that is no hook of the actor's, a dead-letter hook,
// a function of OnDone, a log handler, may end its goroutine or panic too:
// the actor's end, and the system's, go on.
func TestFailNowBesideTheActor(t *testing.T) {
	ways := map[string]func(){
		"FailNow": func() { new(testing.T).FailNow() },
		"panic":   func() { panic("beside the actor") },
	}
	for name, way := range ways {
		t.Run("dead_letter_hook_"+name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				calls := 0
				sys := testkit.System(t, rt, core.WithDeadLetters(func(core.DeadLetter) { calls++; way() }))
				ref := (&testkit.Probe{}).Spawn(t, sys)
				held := testkit.Hold(t, ref)
				ref.AskStop()
				for range 3 {
					require.NoError(t, ref.Tell(testkit.Context(t), "leftover"))
				}
				held.Open()
				testkit.Wait(t, ref.Done(), "the actor's end")
				want := 3
				if rt.Name == "locked" && name == "FailNow" {
					want = 1 // to stay on its thread it goes on above the hook's frame, as if inside it
				}
				assert.Equal(t, want, calls)
			})
		})
		t.Run("OnDone_"+name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				ref := (&testkit.Probe{}).Spawn(t, sys)
				second := make(chan struct{})
				ref.OnDone(func(error) { way() })
				ref.OnDone(func(error) { close(second) })
				ref.AskStop()
				testkit.Wait(t, second, "the second function of OnDone")
			})
		})
		if name == "FailNow" {
			continue // a log handler must return; see docs/semantics.md
		}
		t.Run("log_handler_"+name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				records := testkit.NewRecords()
				starter := testkit.Goroutine()
				records.Observe = func(testkit.Record) {
					if testkit.Goroutine() != starter { // Spawn's records are the test's own
						way()
					}
				}
				sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
				for _, msg := range []any{fail(errTest), fail(core.ErrUnhandled), fail(core.ErrStop)} {
					ref := (&testkit.Probe{}).Spawn(t, sys)
					require.NoError(t, ref.Tell(testkit.Context(t), msg))
					ref.AskStop()
					testkit.Wait(t, ref.Done(), "the actor's end")
				}
			})
		})
	}
}

// P41: a log handler that ends the goroutine while an actor ends does no harm
// to the others, nor to what the system knows of them.
func TestGoexitOfALogHandlerAtAnEnd(t *testing.T) {
	for _, at := range []string{"actor unregistered", "actor stopped"} {
		t.Run(at, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				var victim atomic.Pointer[string] // its URN, until it is hit
				records := testkit.NewRecords()
				records.Observe = func(r testkit.Record) {
					if urn := victim.Load(); urn != nil && *urn == r.Attrs["urn"] && r.Message == at && victim.CompareAndSwap(urn, nil) {
						runtime.Goexit()
					}
				}
				sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
				first := (&testkit.Probe{}).Spawn(t, sys)
				gate, stops := testkit.NewGate(t), make(chan struct{})
				second := (&testkit.Probe{Stop: func(ctx context.Context) error { close(stops); gate.PassIn(ctx); return nil }}).Spawn(t, sys)
				third := (&testkit.Probe{}).Spawn(t, sys)
				second.AskStop()
				testkit.Wait(t, stops, "OnStop of the second")
				urn := third.URN()
				victim.Store(&urn)
				third.AskStop()
				testkit.Wait(t, third.Done(), "the end of the third")
				assert.Nil(t, victim.Load(), "the record that ends the goroutine")
				fourth := (&testkit.Probe{}).Spawn(t, sys)
				var found []string
				for other := range sys.Actors() {
					found = append(found, other.URN())
				}
				assert.Equal(t, []string{first.URN(), fourth.URN()}, found)
				gate.Open()
				testkit.Wait(t, second.Done(), "the end of the second")
				assert.Equal(t, 2, sys.Stats().Actors)
			})
		})
	}
}

// P35: nor does one that ends the goroutine that spawns: the actor has never been, or it runs.
func TestGoexitOfALogHandlerAtASpawn(t *testing.T) {
	for at, actors := range map[string]int{"actor registered": 0, "actor starting": 1} {
		t.Run(at, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				records := testkit.NewRecords()
				records.Observe = func(r testkit.Record) {
					if r.Message == at {
						runtime.Goexit()
					}
				}
				sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
				p := &testkit.Probe{}
				exited := onItsOwn(t, func() { p.Spawn(t, sys) })
				assert.True(t, exited, "Spawn goes on")
				assert.Equal(t, actors, sys.Stats().Actors)
				require.NoError(t, sys.Shutdown(testkit.Context(t)))
				assert.Equal(t, actors, strings.Count(strings.Join(p.Trace.All(), " "), "start"))
			})
		})
	}
}
