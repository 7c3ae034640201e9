package core_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// ended waits until the system has ended of itself, and returns what Run does.
func ended(t *testing.T, sys *core.System) error {
	t.Helper()
	testkit.Wait(t, sys.Done(), "the shutdown")
	return sys.Run(testkit.Context(t), testkit.Patience)
}

// P35: a fatal error ends its actor first, completely and in the orderly way,
// and then the system's other actors, the newest first. Run returns it.
func TestFatal(t *testing.T) {
	ways := map[string]func(context.Context, core.Ref[any], error){
		"Tell": func(ctx context.Context, ref core.Ref[any], err error) { _ = ref.Tell(ctx, fail(err)) },
		"Call": func(ctx context.Context, ref core.Ref[any], err error) { _, _ = ref.Call(ctx, fail(err)) },
		"Call_inline": func(_ context.Context, ref core.Ref[any], err error) {
			_, _ = ref.Call(context.Background(), fail(err))
		},
		"panic": func(ctx context.Context, ref core.Ref[any], err error) { _ = ref.Tell(ctx, panicking(err)) },
		"wrapped": func(ctx context.Context, ref core.Ref[any], err error) {
			_ = ref.Tell(ctx, fail(fmt.Errorf("wrapped: %w", err)))
		},
		"joined": func(ctx context.Context, ref core.Ref[any], err error) {
			_ = ref.Tell(ctx, fail(errors.Join(errors.New("also"), err)))
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				sys := testkit.System(t, rt)
				ctx := testkit.Context(t)
				var order testkit.Trace
				noting := func(name string) *testkit.Probe {
					return &testkit.Probe{Stop: func(context.Context) error { order.Add("%s", name); return nil }}
				}
				others := []core.Ref[any]{noting("oldest").Spawn(t, sys), noting("old").Spawn(t, sys)}
				p := noting("failing")
				ref := p.Spawn(t, sys)
				ref.OnDone(func(error) { order.Add("failing done") })
				others = append(others, noting("new").Spawn(t, sys), noting("newest").Spawn(t, sys))
				_, err := ref.Call(ctx, "warm")
				require.NoError(t, err)
				way(ctx, ref, core.Fatal(errTest))
				err = ended(t, sys)
				assert.ErrorIs(t, err, errTest)
				assert.ErrorIs(t, ref.Err(), errTest)
				assert.Equal(t, []string{"failing", "failing done", "newest", "new", "old", "oldest"}, order.All())
				assert.Equal(t, []string{"start", "handle warm", "stop"}, p.Trace.All())
				for _, other := range others {
					assert.NoError(t, other.Err())
					assert.False(t, other.Alive())
				}
				_, err = core.Spawn(sys, &testkit.Probe{})
				assert.ErrorIs(t, err, core.ErrShutdown)
			})
		})
	}
}

// P35: the end of a context and an ordinary panic are never fatal, and nor is
// a nil error made fatal.
func TestNotFatal(t *testing.T) {
	assert.NoError(t, core.Fatal(nil))
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		for _, msg := range []any{
			fail(context.Canceled), fail(context.DeadlineExceeded), panicking("boom"), panicking(context.Canceled),
			fail(core.Fatal(nil)), fail(core.ErrDead), fail(core.ErrDeadlock), fail(core.ErrShutdown),
		} {
			ref := (&testkit.Probe{}).Spawn(t, sys)
			require.NoError(t, ref.Tell(ctx, msg))
			ref.AskStop()
			testkit.Wait(t, ref.Done(), "the actor's end")
		}
		_, err := core.Spawn(sys, &testkit.Probe{})
		assert.NoError(t, err)
	})
}

// P35: the fatal error of another actor, passed on, does not take the actor
// that asked down with it, however it is passed on.
func TestFatalDoesNotSteerTheAsker(t *testing.T) {
	pass := map[string]func(error) error{
		"as_it_is": func(err error) error { return err },
		"wrapped":  func(err error) error { return fmt.Errorf("asking: %w", err) },
		"joined":   func(err error) error { return errors.Join(err, err) },
	}
	for name, pass := range pass {
		for _, inline := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s_inline_%v", name, inline), func(t *testing.T) {
				testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
					callee := testkit.System(t, rt)
					caller := testkit.System(t, rt)
					ctx := testkit.Context(t)
					failing := (&testkit.Probe{}).Spawn(t, callee)
					p := &testkit.Probe{}
					asker := p.Spawn(t, caller)
					_, err := failing.Call(ctx, "warm")
					require.NoError(t, err)
					_, err = asker.Call(ctx, testkit.Do(func(ctx context.Context) (any, error) {
						if !inline {
							var cancel context.CancelFunc
							ctx, cancel = context.WithTimeout(ctx, testkit.Patience)
							defer cancel()
						}
						_, err := failing.Call(ctx, fail(core.Fatal(errTest)))
						return nil, pass(err)
					}))
					assert.ErrorIs(t, err, errTest)
					assert.ErrorIs(t, ended(t, callee), errTest)
					_, err = asker.Call(ctx, "after")
					assert.NoError(t, err)
					assert.False(t, settledNow(sysDone{caller}))
				})
			})
		}
	}
}

// P35: nor does it take an actor of another system down that learns of it by Err, by OnDone, or by what Shutdown and Run return.
func TestFatalOfAnotherSystem(t *testing.T) {
	ways := map[string]func(context.Context, *core.System, core.Ref[any]) error{
		"Err": func(_ context.Context, _ *core.System, failed core.Ref[any]) error { return failed.Err() },
		"OnDone": func(_ context.Context, _ *core.System, failed core.Ref[any]) (why error) {
			failed.OnDone(func(err error) { why = err })
			return why
		},
		"Shutdown": func(ctx context.Context, sys *core.System, _ core.Ref[any]) error { return sys.Shutdown(ctx) },
		"Run": func(ctx context.Context, sys *core.System, _ core.Ref[any]) error {
			return sys.Run(ctx, testkit.Patience)
		},
	}
	for name, fatal := range fatalWays() {
		for way, learn := range ways {
			t.Run(name+"_"+way, func(t *testing.T) {
				testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
					mine, other := testkit.System(t, rt), testkit.System(t, rt)
					ctx := testkit.Context(t)
					(&testkit.Probe{Stop: func(context.Context) error { return fatal() }}).Spawn(t, other)
					failed := (&testkit.Probe{}).Spawn(t, other)
					require.NoError(t, failed.Tell(ctx, testkit.Do(func(context.Context) (any, error) { return nil, fatal() })))
					require.Error(t, ended(t, other))
					ref := (&testkit.Probe{}).Spawn(t, mine)
					_, err := ref.Call(ctx, testkit.Do(func(ctx context.Context) (any, error) { return nil, learn(ctx, other, failed) }))
					assert.Error(t, err)
					_, err = ref.Call(ctx, "after")
					assert.NoError(t, err)
					assert.False(t, settledNow(sysDone{mine}))
				})
			})
		}
	}
}

// P36: who asked gets the fatal error, before the others are stopped.
func TestFatalReachesTheAsker(t *testing.T) {
	for name := range asking(t) {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				gate := testkit.NewGate(t)
				(&testkit.Probe{Stop: func(ctx context.Context) error { gate.PassIn(ctx); return nil }}).Spawn(t, sys)
				ref := (&testkit.Probe{}).Spawn(t, sys)
				_, err := asking(t)[name](ref, fail(core.Fatal(errTest)))
				assert.ErrorIs(t, err, errTest)
				gate.Open()
				assert.ErrorIs(t, ended(t, sys), errTest)
			})
		})
	}
}

// P37: an actor that asks one which fails fatally gets the error, and the
// shutdown that follows can stop it.
func TestFatalWhileAnActorAsks(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		failing := (&testkit.Probe{}).Spawn(t, sys)
		held := testkit.Hold(t, failing)
		var got error
		asker := (&testkit.Probe{}).Spawn(t, sys)
		asked := make(chan struct{})
		require.NoError(t, asker.Tell(ctx, testkit.Do(func(ctx context.Context) (any, error) {
			reply := failing.Ask(ctx, fail(core.Fatal(errTest)))
			close(asked)
			_, got = reply.Get(ctx)
			return nil, nil
		})))
		testkit.Wait(t, asked, "the ask")
		held.Open()
		assert.ErrorIs(t, ended(t, sys), errTest)
		assert.ErrorIs(t, got, errTest)
		assert.NoError(t, asker.Err())
	})
}

// P38: actors that fail fatally at the same moment all end, and the cause of
// each is in what Run returns.
func TestFatalAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		for range testkit.Fewer(50) {
			sys := core.NewSystem(rt.New(), core.WithLogger(testkit.NewRecords().Logger()))
			ctx := testkit.Context(t)
			gate := testkit.NewGate(t)
			var entered sync.WaitGroup
			var causes []error
			var refs []core.Ref[any]
			for i := range 3 {
				cause := fmt.Errorf("cause %d", i)
				causes = append(causes, cause)
				ref := (&testkit.Probe{}).Spawn(t, sys)
				refs = append(refs, ref)
				entered.Add(1)
				require.NoError(t, ref.Tell(ctx, testkit.Do(func(ctx context.Context) (any, error) {
					entered.Done()
					gate.PassIn(ctx)
					return nil, core.Fatal(cause)
				})))
			}
			entered.Wait()
			gate.Open()
			err := ended(t, sys)
			for i, cause := range causes {
				testkit.Wait(t, refs[i].Done(), "the actor's end")
				assert.ErrorIs(t, err, cause)
				assert.ErrorIs(t, refs[i].Err(), cause)
			}
			testkit.CheckAccounts(t, sys)
		}
	})
}

// fatalWays are the two ways to be fatal in a hook.
func fatalWays() map[string]func() error {
	return map[string]func() error{
		"Fatal":  func() error { return core.Fatal(errTest) },
		"Goexit": func() error { runtime.Goexit(); return nil },
		"panic":  func() error { panic(core.Fatal(errTest)) },
	}
}

// eachFatalWay runs test for every way to be fatal and every runtime.
func eachFatalWay(t *testing.T, test func(t *testing.T, sys *core.System, fatal func() error)) {
	for name, fatal := range fatalWays() {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				test(t, sys, fatal)
				err := ended(t, sys)
				if name == "Goexit" {
					assert.ErrorContains(t, err, "Goexit")
				} else {
					assert.ErrorIs(t, err, errTest)
				}
			})
		})
	}
}

// P39: a fatal error of OnStart is a failure of OnStart, and the system's end.
func TestFatalOnStart(t *testing.T) {
	eachFatalWay(t, func(t *testing.T, sys *core.System, fatal func() error) {
		ctx := testkit.Context(t)
		other := (&testkit.Probe{}).Spawn(t, sys)
		gate := testkit.NewGate(t)
		p := &testkit.Probe{Start: func(ctx context.Context) error { gate.PassIn(ctx); return fatal() }}
		ref := p.Spawn(t, sys, core.Named("ending"))
		require.NoError(t, ref.Tell(ctx, "never handled"))
		reply, stopped := ref.Ask(ctx, "never either"), ref.AskStop()
		gate.Open()
		_, err := reply.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		checkStop(t, true)(stopped.Get(ctx))
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Error(t, ref.Err())
		checkDead(t, ctx, ref)
		assert.Equal(t, []string{"start"}, p.Trace.All())
		testkit.Wait(t, other.Done(), "the end of the other")
	})
}

// P40: OnStop runs once if it is fatal, the stop is answered, the drain runs,
// and then the system ends.
func TestFatalOnStop(t *testing.T) {
	eachFatalWay(t, func(t *testing.T, sys *core.System, fatal func() error) {
		ctx := testkit.Context(t)
		other := (&testkit.Probe{}).Spawn(t, sys)
		p := &testkit.Probe{Stop: func(context.Context) error { return fatal() }}
		ref := p.Spawn(t, sys)
		held := testkit.Hold(t, ref)
		stopped := ref.AskStop()
		leftover := ref.Ask(ctx, "leftover")
		held.Open()
		checkStop(t, true)(stopped.Get(ctx))
		_, err := leftover.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Error(t, ref.Err())
		assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
		testkit.Wait(t, other.Done(), "the end of the other")
	})
}

// P41: a fatal OnFailure does not keep the drain from running either.
func TestFatalOnFailure(t *testing.T) {
	eachFatalWay(t, func(t *testing.T, sys *core.System, fatal func() error) {
		ctx := testkit.Context(t)
		other := (&testkit.Probe{}).Spawn(t, sys)
		p := &testkit.Probe{Fail: func(context.Context, error) {
			if err := fatal(); err != nil {
				panic(err) // OnFailure has no error to return
			}
		}}
		ref := p.Spawn(t, sys)
		held := testkit.Hold(t, ref)
		require.NoError(t, ref.Tell(ctx, fail(errors.New("first"))))
		reply, stopped := ref.Ask(ctx, "leftover"), ref.AskStop()
		held.Open()
		_, err := reply.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		checkStop(t, true)(stopped.Get(ctx))
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Equal(t, []string{"start", "fail: first"}, p.Trace.All())
		testkit.Wait(t, other.Done(), "the end of the other")
	})
}

// P38: a fatal error during the shutdown that another began, from a handler
// or from OnStop, is in what Shutdown returns, and hangs nobody.
func TestFatalDuringFatal(t *testing.T) {
	second := errors.New("second cause")
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		third := errors.New("third cause")
		(&testkit.Probe{Stop: func(context.Context) error { return core.Fatal(second) }}).Spawn(t, sys)
		busy := (&testkit.Probe{}).Spawn(t, sys)
		failing := (&testkit.Probe{}).Spawn(t, sys)
		held := testkit.Hold(t, busy)
		require.NoError(t, busy.Tell(ctx, fail(core.Fatal(third))))
		require.NoError(t, failing.Tell(ctx, fail(core.Fatal(errTest))))
		testkit.Wait(t, sys.Done(), "the shutdown")
		held.Open()
		err := ended(t, sys)
		for _, cause := range []error{errTest, second, third} {
			assert.ErrorIs(t, err, cause)
		}
		assert.NoError(t, ctx.Err())
	})
}

// P35: an actor that does not stop after a fatal error has the system's grace
// and no longer; then its context ends, with a cause.
func TestGraceAfterFatal(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		entered := make(chan struct{})
		slow := (&testkit.Probe{}).Spawn(t, sys)
		require.NoError(t, slow.Tell(ctx, testkit.Do(func(ctx context.Context) (any, error) {
			close(entered)
			core.Blocking(ctx, func() { <-ctx.Done() })
			return nil, context.Cause(ctx)
		})))
		testkit.Wait(t, entered, "the slow handler")
		failing := (&testkit.Probe{}).Spawn(t, sys)
		require.NoError(t, failing.Tell(ctx, fail(core.Fatal(errTest))))
		assert.ErrorIs(t, ended(t, sys), errTest)
		testkit.Wait(t, slow.Done(), "the slow actor's end")
		assert.NoError(t, slow.Err(), "to obey the end of a context is no failure")
	}, core.WithGrace(time.Millisecond))
}

// P38: a cause counts from before Done is closed. A shutdown that ends then
// returns it, though what OnDone left still runs, on a runtime that is not
// closed and so not waited for.
func TestFatalBeforeOnDoneHasReturned(t *testing.T) {
	l, sys := newLender(t)
	l.release()
	gate, entered := testkit.NewGate(t), make(chan struct{})
	ref := (&testkit.Probe{}).Spawn(t, sys)
	ref.OnDone(func(error) { close(entered); gate.Pass() })
	require.NoError(t, ref.Tell(testkit.Context(t), fail(core.Fatal(errTest))))
	testkit.Wait(t, entered, "the function of OnDone")
	assert.ErrorIs(t, ref.Err(), errTest)
	assert.ErrorIs(t, sys.Shutdown(testkit.Context(t)), errTest)
}
