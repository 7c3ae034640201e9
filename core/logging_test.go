package core_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// eachLogged runs test on every runtime with a system that logs to records.
func eachLogged(t *testing.T, test func(t *testing.T, sys *core.System, records *testkit.Records)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		records := testkit.NewRecords()
		test(t, testkit.System(t, rt, core.WithLogger(records.Logger())), records)
	})
}

// P150: a system without a logger logs to slog.Default, where a failing tell
// is seen with nothing configured.
func TestDefaultLogger(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		records := testkit.NewRecords()
		before := slog.Default()
		slog.SetDefault(records.Logger())
		defer slog.SetDefault(before)
		for _, opts := range [][]core.SystemOption{nil, {core.WithLogger(nil)}} {
			sys := core.NewSystem(rt.New(), opts...)
			ref := (&testkit.Probe{}).Spawn(t, sys)
			require.NoError(t, ref.Tell(testkit.Context(t), fail(errTest)))
			testkit.Wait(t, ref.Done(), "the actor's end")
			require.NoError(t, sys.Shutdown(testkit.Context(t)))
		}
		assert.Len(t, records.Messages(slog.LevelError), 2)
	})
}

// P150: the plain default logger of log/slog prints the failure of a tell.
func TestFailureIsVisibleByDefault(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		var out bytes.Buffer
		sys := testkit.System(t, rt, core.WithLogger(slog.New(slog.NewTextHandler(&out, nil))))
		ref := (&testkit.Probe{}).Spawn(t, sys)
		require.NoError(t, ref.Tell(testkit.Context(t), fail(errTest)))
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Contains(t, out.String(), "level=ERROR")
		assert.Contains(t, out.String(), "actor=testkit.Probe")
		assert.Contains(t, out.String(), errTest.Error())
	})
}

// P151: an ordinary life is four records at DEBUG and nothing else, each with
// the actor's type, URN and name.
func TestLifeIsFourRecords(t *testing.T) {
	eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
		ctx := testkit.Context(t)
		ref := (&testkit.Probe{}).Spawn(t, sys, core.Named("ordinary"))
		for _, ctx := range []context.Context{ctx, context.Background()} {
			require.NoError(t, ref.Tell(ctx, "told"))
			_, err := ref.Call(ctx, "called")
			require.NoError(t, err)
		}
		checkStop(t, true)(ref.Stop(ctx))
		testkit.Wait(t, ref.Done(), "the actor's end")
		want := []string{"actor registered", "actor starting", "actor unregistered", "actor stopped"}
		assert.Equal(t, want, records.Messages(slog.LevelDebug))
		require.Len(t, records.All(), 4)
		for _, r := range records.All() {
			assert.Equal(t, map[string]string{"actor": "testkit.Probe", "urn": ref.URN(), "name": "ordinary"}, r.Attrs)
		}
	})
}

// P152: an error that an asker gets is one record at INFO, with the error and
// the stack of a panic, made before the asker has it.
func TestAskedErrorIsInfo(t *testing.T) {
	for name := range asking(t) {
		t.Run(name, func(t *testing.T) {
			eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
				ref := (&testkit.Probe{}).Spawn(t, sys)
				_, err := asking(t)[name](ref, fail(errTest))
				require.ErrorIs(t, err, errTest)
				require.Len(t, records.Messages(slog.LevelInfo), 1, "logged before the asker has it")
				_, err = asking(t)[name](ref, panicking("boom"))
				require.Error(t, err)
				require.Len(t, records.Messages(slog.LevelInfo), 2)
				assert.Empty(t, records.Messages(slog.LevelWarn))
				assert.Empty(t, records.Messages(slog.LevelError))
				var infos []testkit.Record
				for _, r := range records.All() {
					if r.Level == slog.LevelInfo {
						infos = append(infos, r)
					}
				}
				assert.Contains(t, infos[0].Attrs["err"], errTest.Error())
				assert.NotContains(t, infos[0].Attrs, "stack")
				assert.Contains(t, infos[1].Attrs["err"], "boom")
				assert.Contains(t, infos[1].Attrs["stack"], "panicking")
			})
		})
	}
}

// P153: a message that nobody handles is one record at WARN with the message,
// told or asked; the asker gets ErrUnhandled, and the actor lives on.
func TestUnhandledIsWarn(t *testing.T) {
	eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
		ctx := testkit.Context(t)
		p := &testkit.Probe{Handle: func(_ context.Context, msg any) (any, error) {
			if msg == "known" {
				return msg, nil
			}
			return nil, core.ErrUnhandled
		}}
		ref := p.Spawn(t, sys)
		require.NoError(t, ref.Tell(ctx, "strange"))
		_, err := ref.Call(ctx, "stranger")
		assert.ErrorIs(t, err, core.ErrUnhandled)
		_, err = ref.Call(context.Background(), "strangest")
		assert.ErrorIs(t, err, core.ErrUnhandled)
		_, err = ref.Call(ctx, "known")
		assert.NoError(t, err)
		var messages []string
		for _, r := range records.All() {
			if r.Level == slog.LevelWarn {
				messages = append(messages, r.Attrs["message"])
				assert.Equal(t, ref.URN(), r.Attrs["urn"])
			}
		}
		assert.Equal(t, []string{"strange", "stranger", "strangest"}, messages)
		assert.Empty(t, records.Messages(slog.LevelError))
	})
}

// P154: an error that no asker gets is one record at ERROR: a failing tell,
// OnStart, OnStop or OnFailure; with the stack if it was a panic.
// P156: of an actor that fails that comes first, then unregistered, and never
// stopped.
func TestFailureIsError(t *testing.T) {
	tell := func(msg any) func(*testing.T, core.Ref[any]) {
		return func(t *testing.T, ref core.Ref[any]) { require.NoError(t, ref.Tell(testkit.Context(t), msg)) }
	}
	stop := func(_ *testing.T, ref core.Ref[any]) { ref.AskStop() }
	nothing := func(*testing.T, core.Ref[any]) {}
	failed := func(context.Context) error { return errTest }
	panicked := func(context.Context) error { panic(errTest) }
	failing := []string{"ERROR", "actor unregistered"}
	stopping := []string{"actor unregistered", "actor stopped", "ERROR"}
	cases := map[string]struct {
		probe *testkit.Probe
		end   func(*testing.T, core.Ref[any])
		want  []string
		stack bool
	}{
		"tell":           {&testkit.Probe{}, tell(fail(errTest)), failing, false},
		"tell_panics":    {&testkit.Probe{}, tell(panicking(errTest)), failing, true},
		"OnStart":        {&testkit.Probe{Start: failed}, nothing, failing, false},
		"OnStart_panics": {&testkit.Probe{Start: panicked}, nothing, failing, true},
		"OnStop":         {&testkit.Probe{Stop: failed}, stop, stopping, false},
		"OnStop_panics":  {&testkit.Probe{Stop: panicked}, stop, stopping, true},
		"OnFailure_panics": {
			&testkit.Probe{Fail: func(context.Context, error) { panic("worse") }},
			tell(fail(errTest)), append(failing, "ERROR"), false,
		},
		"fatal":       {&testkit.Probe{}, tell(fail(core.Fatal(errTest))), []string{"ERROR", "actor unregistered", "actor stopped"}, false},
		"fatal_start": {&testkit.Probe{Start: func(context.Context) error { return core.Fatal(errTest) }}, nothing, failing, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
				probe := testkit.Probe{Start: c.probe.Start, Stop: c.probe.Stop, Fail: c.probe.Fail}
				ref := probe.Spawn(t, sys)
				c.end(t, ref)
				testkit.Wait(t, ref.Done(), "the actor's end")
				var got []string
				for _, r := range records.All() {
					switch {
					case r.Message == "actor registered" || r.Message == "actor starting":
					case r.Level == slog.LevelError:
						got = append(got, "ERROR")
						assert.NotEmpty(t, r.Attrs["err"])
						assert.Equal(t, ref.URN(), r.Attrs["urn"])
						if c.stack {
							assert.NotEmpty(t, r.Attrs["stack"])
						}
					default:
						got = append(got, r.Message)
					}
				}
				assert.Equal(t, c.want, got)
			})
		})
	}
}

// P155: what ends a whole system is a record at ERROR with the cause, told or
// asked; P157: nothing is logged above ERROR.
func TestFatalIsError(t *testing.T) {
	for name := range asking(t) {
		t.Run(name, func(t *testing.T) {
			eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
				ref := (&testkit.Probe{}).Spawn(t, sys)
				_, err := asking(t)[name](ref, fail(core.Fatal(errTest)))
				require.ErrorIs(t, err, errTest)
				require.ErrorIs(t, ended(t, sys), errTest)
				errs := 0
				for _, r := range records.All() {
					assert.LessOrEqual(t, r.Level, slog.LevelError)
					if r.Level == slog.LevelError {
						errs++
						assert.Contains(t, r.Attrs["err"], errTest.Error())
					}
				}
				assert.Equal(t, 1, errs)
				assert.Empty(t, records.Messages(slog.LevelInfo), "one error, one record")
			})
		})
	}
}

// P158: what is sent to a dead actor, a stop of one, and leftovers are not
// logged; leftovers are counted and go to the hook.
func TestDeadActorsAreSilent(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		records := testkit.NewRecords()
		var letters testkit.Letters
		sys := testkit.System(t, rt, core.WithLogger(records.Logger()), letters.Option())
		ctx := testkit.Context(t)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		held := testkit.Hold(t, ref)
		ref.AskStop()
		require.NoError(t, ref.Tell(ctx, "leftover"))
		reply := ref.Ask(ctx, "leftover too")
		held.Open()
		testkit.Wait(t, ref.Done(), "the actor's end")
		_, err := reply.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		assert.ErrorIs(t, ref.Tell(ctx, "late"), core.ErrDead)
		_, err = ref.Call(ctx, "late")
		assert.ErrorIs(t, err, core.ErrDead)
		checkStop(t, false)(ref.Stop(ctx))
		assert.Len(t, records.All(), 4, "the records of an ordinary life")
		assert.Equal(t, []any{"leftover"}, letters.Messages())
		assert.EqualValues(t, 2, sys.Stats().DeadLetters)
	})
}

// A log handler that panics does no harm to the actor.
func TestLogHandlerPanics(t *testing.T) {
	eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
		records.Observe = func(testkit.Record) { panic("no space left") }
		ctx := testkit.Context(t)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		_, err := ref.Call(ctx, fail(errTest))
		assert.True(t, err == errTest)
		require.NoError(t, ref.Tell(ctx, fail(errTest)))
		testkit.Wait(t, ref.Done(), "the actor's end")
	})
}

// A log handler may send to actors, to the one it logs about too.
func TestLogHandlerSends(t *testing.T) {
	eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
		ctx := testkit.Context(t)
		sink := &testkit.Probe{}
		to := sink.Spawn(t, sys)
		var self core.Ref[any]
		records.Observe = func(r testkit.Record) {
			_ = to.Tell(ctx, r.Message)
			_ = self.Tell(ctx, r.Message)
		}
		p := &testkit.Probe{Handle: func(_ context.Context, msg any) (any, error) {
			if msg == "go" {
				return nil, core.ErrUnhandled
			}
			return nil, nil
		}}
		ref, err := core.SpawnNew(sys, func(me core.Ref[any]) (*testkit.Probe, error) { self = me; return p, nil })
		require.NoError(t, err)
		_, err = ref.Call(ctx, "go")
		require.ErrorIs(t, err, core.ErrUnhandled)
		checkStop(t, true)(ref.Stop(ctx))
		assert.Contains(t, p.Trace.All(), "handle message not handled")
		_, err = to.Call(ctx, "last")
		assert.NoError(t, err)
		assert.Contains(t, sink.Trace.All(), "handle actor stopped")
	})
}

// Logger is the actor's own, with its identity in every record.
func TestLogger(t *testing.T) {
	eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
		ref := (&testkit.Probe{}).Spawn(t, sys, core.Named("talker"))
		_, err := ref.Call(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
			core.Logger(ctx).Warn("mine", "k", "v")
			core.Logger(core.Detach(ctx)).Debug("nobody's")
			return nil, nil
		}))
		require.NoError(t, err)
		for _, r := range records.All() {
			if r.Level == slog.LevelWarn {
				assert.Equal(t, testkit.Record{
					Level: slog.LevelWarn, Message: "mine",
					Attrs: map[string]string{"actor": "testkit.Probe", "urn": ref.URN(), "name": "talker", "k": "v"},
				}, r)
				return
			}
		}
		t.Error("no record at WARN")
	})
}
