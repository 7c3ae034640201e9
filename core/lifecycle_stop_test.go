package core_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// fail is a message that a Probe fails with err.
func fail(err error) testkit.Do {
	return func(context.Context) (any, error) { return nil, err }
}

// checkStop checks what Stop, or the future of AskStop, returned.
func checkStop(t *testing.T, want bool) func(bool, error) {
	t.Helper()
	return func(got bool, err error) {
		t.Helper()
		assert.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

// settledNow reports whether f has an outcome at this moment.
func settledNow[T any](f core.Future[T]) bool {
	select {
	case <-f.Done():
		return true
	default:
		return false
	}
}

// P15: a stop comes after everything that was accepted before it, and before
// what comes later; it interrupts nothing.
func TestStopComesInOrder(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		var letters testkit.Letters
		sys := testkit.System(t, rt, letters.Option())
		ctx := testkit.Context(t)
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		gate := testkit.Hold(t, ref)
		for i := range 300 {
			require.NoError(t, ref.Tell(ctx, i))
		}
		stopped := ref.AskStop()
		require.NoError(t, ref.Tell(ctx, "late"))
		late := ref.Ask(ctx, "late too")
		assert.True(t, ref.Alive())
		assert.False(t, settledNow(stopped), "a running handler is not interrupted")
		gate.Open()
		checkStop(t, true)(stopped.Get(ctx))
		want := []string{"start"}
		for i := range 300 {
			want = append(want, fmt.Sprintf("handle %d", i))
		}
		assert.Equal(t, append(want, "stop"), p.Trace.All())
		_, err := late.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		testkit.Wait(t, ref.Done(), "the drain")
		assert.Equal(t, []any{"late"}, letters.Messages())
	})
}

// P15: where messages have no positions in the inbox, nothing gets in from
// the request on, and what is in is handled first.
func TestStopOfAnInboxInAnOrderOfItsOwn(t *testing.T) {
	inboxes := map[string]core.Option{
		"bounded":  core.Bounded(3, core.Wait),
		"priority": core.Priority(func(a, b any) bool { return fmt.Sprint(a) < fmt.Sprint(b) }),
	}
	for name, inbox := range inboxes {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				ctx := testkit.Context(t)
				p := &testkit.Probe{}
				ref := p.Spawn(t, sys, inbox)
				gate := testkit.Hold(t, ref)
				for i := range 3 {
					require.NoError(t, ref.Tell(ctx, i))
				}
				stopped := ref.AskStop()
				assert.ErrorIs(t, ref.Tell(ctx, "late"), core.ErrDead)
				_, err := ref.Ask(ctx, "late").Get(ctx)
				assert.ErrorIs(t, err, core.ErrDead)
				gate.Open()
				checkStop(t, true)(stopped.Get(ctx))
				assert.Equal(t, []string{"start", "handle 0", "handle 1", "handle 2", "stop"}, p.Trace.All())
			})
		})
	}
}

// P16: ErrStop returned by a handler stops the actor after what it has
// accepted; an asker gets the reply and no error.
func TestErrStop(t *testing.T) {
	forms := map[string]error{
		"plain":   core.ErrStop,
		"wrapped": fmt.Errorf("enough: %w", core.ErrStop),
		"joined":  errors.Join(errTest, core.ErrStop),
	}
	for name, form := range forms {
		for _, ctx := range []context.Context{context.Background(), nil} {
			for _, told := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s_inline_%v_told_%v", name, ctx != nil, told), func(t *testing.T) {
					testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
						ctx := ctx
						if ctx == nil {
							ctx = testkit.Context(t)
						}
						p := &testkit.Probe{Handle: func(ctx context.Context, msg any) (any, error) {
							if msg != "stop" {
								return nil, nil
							}
							assert.NoError(t, core.Self[any](ctx).Tell(ctx, "accepted"))
							return "reply", form
						}}
						ref := p.Spawn(t, sys)
						if told {
							require.NoError(t, ref.Tell(ctx, "stop"))
						} else {
							reply, err := ref.Call(ctx, "stop")
							assert.NoError(t, err)
							assert.Equal(t, "reply", reply)
						}
						testkit.Wait(t, ref.Done(), "the actor's end")
						assert.NoError(t, ref.Err())
						assert.Equal(t, []string{"start", "handle stop", "handle accepted", "stop"}, p.Trace.All())
					})
				})
			}
		}
	}
}

// P16: an actor may ask for its own stop any number of times in one handler,
// and goes on meanwhile.
func TestAskStopOfOneself(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		var requests []core.Future[bool]
		reply, err := ref.Call(ctx, testkit.Do(func(ctx context.Context) (any, error) {
			self := core.Self[any](ctx)
			for range 3 {
				requests = append(requests, self.AskStop())
			}
			assert.True(t, self.Alive())
			return "done", core.ErrStop
		}))
		assert.NoError(t, err)
		assert.Equal(t, "done", reply)
		for _, request := range requests {
			checkStop(t, true)(request.Get(ctx))
		}
		checkStop(t, false)(ref.AskStop().Get(ctx))
		assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
	})
}

// doneFuture has Done of a ref as that of a Future.
type doneFuture struct{ core.Ref[any] }

func (doneFuture) Get(context.Context) (any, error) { return nil, nil }

// P17: the stop is answered before the first leftover has its outcome.
func TestStopIsAnsweredBeforeTheDrain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		ctx := testkit.Context(t)
		gate, draining := testkit.NewGate(t), make(chan struct{})
		sys := testkit.System(t, rt, core.WithDeadLetters(func(core.DeadLetter) { close(draining); gate.Pass() }))
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		held := testkit.Hold(t, ref)
		stopped := ref.AskStop()
		require.NoError(t, ref.Tell(ctx, "leftover"))
		reply := ref.Ask(ctx, "leftover too")
		held.Open()
		testkit.Wait(t, draining, "the drain")
		assert.True(t, settledNow(stopped))
		assert.False(t, settledNow(reply))
		assert.False(t, settledNow(doneFuture{ref}))
		gate.Open()
		_, err := reply.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		testkit.Wait(t, ref.Done(), "the end of the drain")
	})
}

// P18: Stop returns when OnStop has, and does not wait for the drain; Done is
// what waits for that.
func TestStopWaitsForOnStopOnly(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		ctx := testkit.Context(t)
		inOnStop, letOnStop, letDrain := make(chan struct{}), testkit.NewGate(t), testkit.NewGate(t)
		sys := testkit.System(t, rt, core.WithDeadLetters(func(core.DeadLetter) { letDrain.Pass() }))
		p := &testkit.Probe{Stop: func(ctx context.Context) error {
			close(inOnStop)
			letOnStop.PassIn(ctx)
			return nil
		}}
		ref := p.Spawn(t, sys)
		held := testkit.Hold(t, ref)
		stopped := ref.AskStop()
		require.NoError(t, ref.Tell(ctx, "leftover"))
		held.Open()
		testkit.Wait(t, inOnStop, "OnStop")
		short, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
		defer cancel()
		_, err := ref.AskStop().Get(short)
		assert.NoError(t, err, "the actor is dead already, and a new request says so")
		assert.False(t, settledNow(stopped))
		letOnStop.Open()
		checkStop(t, true)(stopped.Get(ctx))
		assert.False(t, settledNow(doneFuture{ref}))
		letDrain.Open()
		testkit.Wait(t, ref.Done(), "the end of the drain")
	})
}

// P17: when Stop has returned, the name of the actor is free.
func TestNameIsFreeAfterStop(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for i := range 200 {
			ctx := context.Background()
			if i%2 == 0 {
				ctx = testkit.Context(t)
			}
			ref := (&testkit.Probe{}).Spawn(t, sys, core.Named("again"))
			checkStop(t, true)(ref.Stop(ctx))
		}
	})
}

// P19: in OnStop the actor is dead, to others and to itself.
func TestDeadInOnStop(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		records := testkit.NewRecords()
		sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
		ctx := testkit.Context(t)
		p := &testkit.Probe{}
		p.Stop = func(ctx context.Context) error {
			self := core.Self[any](ctx)
			assert.NoError(t, ctx.Err(), "the context lasts until OnStop has returned")
			checkDead(t, ctx, self)
			return self.Tell(ctx, "to myself")
		}
		ref := p.Spawn(t, sys, core.Named("ending"))
		checkStop(t, true)(ref.Stop(ctx))
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.NoError(t, ref.Err())
		assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
		assert.Len(t, records.Messages(levelError), 1, "the error of OnStop")
	})
}

// checkDead checks every way to notice that the actor named ending is dead.
func checkDead(t *testing.T, ctx context.Context, ref core.Ref[any]) {
	t.Helper()
	assert.False(t, ref.Alive())
	assert.ErrorIs(t, ref.Tell(ctx, "lost"), core.ErrDead)
	_, err := ref.Call(ctx, "lost")
	assert.ErrorIs(t, err, core.ErrDead)
	_, err = ref.Ask(ctx, "lost").Get(ctx)
	assert.ErrorIs(t, err, core.ErrDead)
	checkStop(t, false)(ref.Stop(ctx))
	checkStop(t, false)(ref.AskStop().Get(ctx))
	for _, address := range []string{"ending", ref.URN()} {
		_, found := ref.System().Find(address)
		assert.False(t, found, "Find(%q)", address)
	}
	for other := range ref.System().Actors() {
		assert.False(t, other == ref, "Actors has the dead actor")
	}
}

// P20: Stop says true to whoever asked while the actor was alive, however it
// ended then, and false to whoever found it dead; a dead actor is no error.
func TestResultOfStop(t *testing.T) {
	endings := map[string]func(*testing.T, core.Ref[any]){
		"stopped": func(_ *testing.T, ref core.Ref[any]) { ref.AskStop() },
		"failed":  func(t *testing.T, ref core.Ref[any]) { require.NoError(t, ref.Tell(testkit.Context(t), fail(errTest))) },
		"panicked": func(t *testing.T, ref core.Ref[any]) {
			require.NoError(t, ref.Tell(testkit.Context(t), panicking(errTest)))
		},
		"fatal": func(t *testing.T, ref core.Ref[any]) {
			require.NoError(t, ref.Tell(testkit.Context(t), fail(core.Fatal(errTest))))
		},
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				ctx := testkit.Context(t)
				ref := (&testkit.Probe{}).Spawn(t, sys)
				gate := testkit.Hold(t, ref)
				end(t, ref)
				request := ref.AskStop()
				gate.Open()
				checkStop(t, true)(request.Get(ctx))
				testkit.Wait(t, ref.Done(), "the actor's end")
				checkStop(t, false)(ref.Stop(ctx))
			})
		})
	}
	checkStop(t, false)(core.Ref[any]{}.Stop(context.Background()))
	checkStop(t, false)(core.Ref[any]{}.AskStop().Get(context.Background()))
}

// P20: Stop makes its request even with a context that is done.
func TestStopWithAContextThatIsDone(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		done, cancel := context.WithCancel(context.Background())
		cancel()
		ref := (&testkit.Probe{}).Spawn(t, sys)
		gate := testkit.Hold(t, ref)
		_, err := ref.Stop(done)
		assert.ErrorIs(t, err, context.Canceled)
		gate.Open()
		testkit.Wait(t, ref.Done(), "the actor's end")
	})
}

// P21: AskStop does not wait, and gives a future of what Stop returns.
func TestAskStop(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		gate := testkit.Hold(t, ref)
		request := ref.AskStop()
		assert.False(t, settledNow(request))
		gate.Open()
		for range 2 {
			checkStop(t, true)(request.Get(ctx))
		}
		dead := ref.AskStop()
		assert.True(t, settledNow(dead))
		checkStop(t, false)(dead.Get(ctx))
	})
}

// P22: a Stop that ran out of time stays requested; its future can be read
// again later.
func TestStopRunsOutOfTime(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		gate := testkit.Hold(t, ref)
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		ok, err := ref.Stop(short)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.False(t, ok)
		request := ref.AskStop()
		_, err = request.Get(short)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.True(t, ref.Alive())
		gate.Open()
		checkStop(t, true)(request.Get(ctx))
		assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
	})
}

// P23: of any number of requests each is answered, those in time with true,
// and OnStop runs once.
func TestManyStops(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		gate := testkit.Hold(t, ref)
		var asking, waiting sync.WaitGroup
		for range 8 {
			asking.Go(func() {
				for range 10 {
					request := ref.AskStop()
					waiting.Go(func() { checkStop(t, true)(request.Get(ctx)) })
				}
			})
		}
		asking.Wait()
		gate.Open()
		waiting.Wait()
		assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
	})
}

// P23: the first request is the mark: what comes between it and another one
// comes too late, and OnStop runs after what came before the first.
func TestTheFirstStopIsTheMark(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		var letters testkit.Letters
		sys := testkit.System(t, rt, letters.Option())
		ctx := testkit.Context(t)
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		gate := testkit.Hold(t, ref)
		require.NoError(t, ref.Tell(ctx, "in time"))
		first := ref.AskStop()
		require.NoError(t, ref.Tell(ctx, "late"))
		late := ref.Ask(ctx, "late too")
		second := ref.AskStop()
		gate.Open()
		checkStop(t, true)(first.Get(ctx))
		checkStop(t, true)(second.Get(ctx))
		_, err := late.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		testkit.Wait(t, ref.Done(), "the drain")
		assert.Equal(t, []string{"start", "handle in time", "stop"}, p.Trace.All())
		assert.Equal(t, []any{"late"}, letters.Messages())
	})
}

// P23: eight goroutines that stop one idle actor at once run its OnStop once,
// and at least one of them is told that it did.
func TestStopsAtOnce(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		for round := range 100 {
			p := &testkit.Probe{}
			ref := p.Spawn(t, sys)
			if round%2 == 0 {
				_, err := ref.Call(ctx, testkit.Do(func(context.Context) (any, error) { return nil, nil }))
				require.NoError(t, err)
			}
			results := make([]bool, 8)
			var all sync.WaitGroup
			for i := range results {
				all.Go(func() {
					var err error
					if results[i], err = ref.Stop(context.Background()); err != nil {
						t.Errorf("Stop = %v", err)
					}
				})
			}
			all.Wait()
			assert.Contains(t, results, true)
			assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
		}
	})
}

// P24: an actor that ends leaves those that it spawned.
func TestNoChildren(t *testing.T) {
	endings := map[string]func(context.Context, core.Ref[any]) error{
		"stop":    func(_ context.Context, ref core.Ref[any]) error { ref.AskStop(); return nil },
		"failure": func(ctx context.Context, ref core.Ref[any]) error { return ref.Tell(ctx, fail(errTest)) },
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				ctx := testkit.Context(t)
				var child core.Ref[any]
				p := &testkit.Probe{Start: func(ctx context.Context) error {
					child = (&testkit.Probe{}).Spawn(t, core.SystemOf(ctx))
					return nil
				}}
				ref := p.Spawn(t, sys)
				require.NoError(t, end(ctx, ref))
				testkit.Wait(t, ref.Done(), "the parent's end")
				got, err := child.Call(ctx, "still here")
				assert.NoError(t, err)
				assert.Equal(t, "still here", got)
			})
		})
	}
}

// P25: however an actor ends, each leftover has an outcome, in order: an ask
// is told that the actor is dead, a stop succeeds, a tell is a dead letter.
func TestLeftovers(t *testing.T) {
	endings := map[string]error{
		"stop":    core.ErrStop,
		"failure": errTest,
		"fatal":   core.Fatal(errTest),
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				testLeftovers(t, rt, &testkit.Probe{}, end, true)
			})
		})
		t.Run(name+"_in_OnStart", func(t *testing.T) {
			if end == core.ErrStop {
				return // messages are handled then; see P14
			}
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				p := &testkit.Probe{Start: func(context.Context) error { return end }}
				testLeftovers(t, rt, p, nil, false)
			})
		})
	}
}

func testLeftovers(t *testing.T, rt testkit.Runtime, p *testkit.Probe, end error, alive bool) {
	var trace testkit.Trace
	sys := testkit.System(t, rt, core.WithDeadLetters(func(d core.DeadLetter) {
		trace.Add("%v", d.Msg)
		assert.ErrorIs(t, d.Reason, core.ErrDead)
		assert.ErrorContains(t, d.Reason, "ended before it handled the message")
	}))
	ctx := testkit.Context(t)
	gate, entered := testkit.NewGate(t), make(chan struct{})
	hold := func(ctx context.Context) { close(entered); gate.PassIn(ctx) }
	if inner := p.Start; inner != nil {
		p.Start = func(ctx context.Context) error { hold(ctx); return inner(ctx) }
	}
	ref := p.Spawn(t, sys)
	if alive {
		require.NoError(t, ref.Tell(ctx, testkit.Do(func(ctx context.Context) (any, error) {
			hold(ctx)
			return nil, end
		})))
	}
	testkit.Wait(t, entered, "the actor's last work")
	if end == core.ErrStop {
		ref.AskStop() // else the mark comes after what is to be left over
	}
	var replies []core.Future[any]
	var want []string
	for i := range 40 {
		require.NoError(t, ref.Tell(ctx, i))
		want = append(want, fmt.Sprint(i))
		reply := ref.Ask(ctx, i)
		replies = append(replies, reply)
	}
	stopped := ref.AskStop()
	gate.Open()
	checkStop(t, true)(stopped.Get(ctx))
	testkit.Wait(t, ref.Done(), "the drain")
	for _, reply := range replies {
		assert.True(t, settledNow(reply), "an ask without an outcome after Done")
		_, err := reply.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		assert.ErrorContains(t, err, "ended before it handled the message")
	}
	assert.Equal(t, want, trace.All())
	assert.EqualValues(t, 80, sys.Stats().DeadLetters)
	assert.NotContains(t, p.Trace.All(), "handle 0")
}

// P26: a send that races with the end of the actor is refused or has an
// outcome; every ask is answered; what was accepted is what was handled and
// what was a dead letter.
func TestSendersRaceWithTheEnd(t *testing.T) {
	inboxes := map[string][]core.Option{
		"unbounded": nil,
		"waiting":   {core.Bounded(2, core.Wait)},
		"refusing":  {core.Bounded(2, core.Refuse)},
		"newest":    {core.Bounded(2, core.DropNewest)},
		"oldest":    {core.Bounded(2, core.DropOldest)},
		"priority":  {core.Priority(func(a, b any) bool { return false })},
	}
	endings := map[string]func(context.Context, core.Ref[any]){
		"stop":    func(_ context.Context, ref core.Ref[any]) { ref.AskStop() },
		"Stop":    func(_ context.Context, ref core.Ref[any]) { _, _ = ref.Stop(context.Background()) },
		"failure": func(ctx context.Context, ref core.Ref[any]) { _ = ref.Tell(ctx, fail(errTest)) },
	}
	for inbox, opts := range inboxes {
		for ending, end := range endings {
			t.Run(inbox+"_"+ending, func(t *testing.T) {
				testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
					for range testkit.Fewer(8) {
						raceWithTheEnd(t, rt, opts, end)
					}
				})
			})
		}
	}
}

func raceWithTheEnd(t *testing.T, rt testkit.Runtime, opts []core.Option, end func(context.Context, core.Ref[any])) {
	ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
	defer cancel()
	var letters testkit.Letters
	sys := core.NewSystem(rt.New(), letters.Option(), core.WithLogger(testkit.NewRecords().Logger()))
	handled := 0 // by the actor
	ref, err := core.Spawn(sys, &testkit.Probe{Handle: func(_ context.Context, msg any) (any, error) {
		handled++
		return msg, nil
	}}, opts...)
	require.NoError(t, err)
	tallies := make([]tally, 8)
	var senders sync.WaitGroup
	for i := range tallies {
		senders.Go(func() { tallies[i].send(ctx, t, ref, i) })
	}
	for range 3 {
		runtime.Gosched()
	}
	end(ctx, ref)
	senders.Wait()
	if ref.Alive() { // the message that should have failed it was refused
		ref.AskStop()
	}
	testkit.Wait(t, ref.Done(), "the actor's end")
	var sum tally
	for _, one := range tallies {
		sum.told += one.told
		sum.answered += one.answered
	}
	lost := 0
	for _, d := range letters.All() {
		if d.Msg == "told" { // and not what was to fail the actor
			lost++
		}
	}
	assert.Equal(t, sum.told+sum.answered, handled+lost, "what was accepted was handled or is a dead letter")
	require.NoError(t, sys.Shutdown(ctx))
	st := sys.Stats()
	assert.Equal(t, st.Accepted, st.Handled+st.DeadLetters)
	assert.Zero(t, st.Waiting)
}

// A tally is what one sender has seen.
type tally struct{ told, answered int }

// send sends with every verb in turn. Each send is refused or has an outcome.
func (c *tally) send(ctx context.Context, t *testing.T, ref core.Ref[any], offset int) {
	for i := range 40 {
		var err error
		count := &c.answered
		switch (offset + i) % 3 {
		case 0:
			count = &c.told
			err = ref.Tell(ctx, "told")
		case 1:
			_, err = ref.Call(context.Background(), "called")
		default:
			_, err = ref.Ask(ctx, "asked").Get(ctx)
		}
		switch {
		case err == nil:
			*count++
		case !errors.Is(err, core.ErrDead) && !errors.Is(err, core.ErrInboxFull):
			t.Errorf("sending = %v", err)
		}
	}
}

// P27: an actor that would wait for itself gets ErrDeadlock at once, with any
// verb and in any hook; a Stop stays requested.
func TestWaitForOneself(t *testing.T) {
	verbs := map[string]func(context.Context, core.Ref[any]) error{
		"Call": func(ctx context.Context, self core.Ref[any]) error { _, err := self.Call(ctx, "me"); return err },
		"Ask_Get": func(ctx context.Context, self core.Ref[any]) error {
			_, err := self.Ask(ctx, "me").Get(ctx)
			return err
		},
		"Stop":    func(ctx context.Context, self core.Ref[any]) error { _, err := self.Stop(ctx); return err },
		"AskStop": func(ctx context.Context, self core.Ref[any]) error { _, err := self.AskStop().Get(ctx); return err },
		"Call_with_deadline": func(ctx context.Context, self core.Ref[any]) error {
			ctx, cancel := context.WithTimeout(ctx, testkit.Patience)
			defer cancel()
			_, err := self.Call(ctx, "me")
			return err
		},
	}
	for name, verb := range verbs {
		for _, where := range []string{"OnStart", "handler", "called_inline"} {
			t.Run(name+"_in_"+where, func(t *testing.T) {
				testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
					ctx := testkit.Context(t)
					check := func(ctx context.Context) error {
						assert.ErrorIs(t, verb(ctx, core.Self[any](ctx)), core.ErrDeadlock)
						return nil
					}
					p := &testkit.Probe{}
					if where == "OnStart" {
						p.Start = check
					}
					ref := p.Spawn(t, sys)
					handle := testkit.Do(func(ctx context.Context) (any, error) { return nil, check(ctx) })
					switch where {
					case "handler":
						_, err := ref.Call(ctx, handle)
						require.NoError(t, err)
					case "called_inline":
						_, err := ref.Call(ctx, "warm")
						require.NoError(t, err)
						_, err = ref.Call(context.Background(), handle)
						require.NoError(t, err)
					}
					if name == "Stop" || name == "AskStop" {
						testkit.Wait(t, ref.Done(), "the stop that stays requested")
						assert.True(t, slices.Contains(p.Trace.All(), "stop"))
						return
					}
					_, err := ref.Call(ctx, "after")
					assert.NoError(t, err, "the actor lives on")
					checkStop(t, true)(ref.Stop(ctx))
				})
			})
		}
	}
}

// P27: the error of an actor that waits for itself names it, as a ring of one.
func TestWaitForOneselfIsARingOfOne(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := (&testkit.Probe{}).Spawn(t, sys)
		_, err := ref.Call(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
			return core.Self[any](ctx).Call(ctx, "me")
		}))
		assert.ErrorIs(t, err, core.ErrDeadlock)
		assert.EqualError(t, err, fmt.Sprintf("%v: %v waits for %v", core.ErrDeadlock, ref, ref))
	})
}

// P28: OnStop runs after an orderly stop and after a fatal error; not after a
// failure, nor after an OnStart that failed.
func TestWhenOnStopRuns(t *testing.T) {
	endings := map[string]struct {
		start, handle error
		want          []string
	}{
		"stop":             {handle: core.ErrStop, want: []string{"start", "stop"}},
		"fatal":            {handle: core.Fatal(errTest), want: []string{"start", "stop"}},
		"failure":          {handle: errTest, want: []string{"start", "fail: test error"}},
		"OnStart_fails":    {start: errTest, want: []string{"start"}},
		"OnStart_is_fatal": {start: core.Fatal(errTest), want: []string{"start"}},
	}
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				p := &testkit.Probe{Start: func(context.Context) error { return ending.start }}
				ref := p.Spawn(t, sys)
				_ = ref.Tell(testkit.Context(t), fail(ending.handle)) // it may be dead already
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.Equal(t, ending.want, p.Trace.All())
			})
		})
	}
}

// P28: an actor without hooks ends all the same, in every way.
func TestNoHooks(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		for _, end := range []error{core.ErrStop, errTest, core.Fatal(errTest)} {
			ref, err := core.Spawn(sys, core.Func(func(context.Context, error) (any, error) { return nil, end }))
			require.NoError(t, err)
			require.NoError(t, ref.Tell(ctx, end))
			testkit.Wait(t, ref.Done(), "the actor's end")
			if end == core.ErrStop {
				assert.NoError(t, ref.Err())
			} else {
				assert.ErrorIs(t, ref.Err(), errTest)
			}
		}
	})
}

// P29: an OnStop that fails is logged at ERROR and changes nothing else.
func TestOnStopFails(t *testing.T) {
	failures := map[string]func(context.Context) error{
		"error": func(context.Context) error { return errTest },
		"panic": func(context.Context) error { panic(errTest) },
		"stop":  func(context.Context) error { return core.ErrStop },
	}
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				records := testkit.NewRecords()
				sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
				ctx := testkit.Context(t)
				p := &testkit.Probe{Stop: failure}
				ref := p.Spawn(t, sys)
				held := testkit.Hold(t, ref)
				stopped := ref.AskStop()
				leftover := ref.Ask(ctx, "leftover")
				held.Open()
				checkStop(t, true)(stopped.Get(ctx))
				_, err := leftover.Get(ctx)
				assert.ErrorIs(t, err, core.ErrDead)
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.NoError(t, ref.Err(), "the stop was orderly")
				assert.Equal(t, []string{"start", "stop"}, p.Trace.All())
				assert.Len(t, records.Messages(levelError), 1)
			})
		})
	}
}
