package core_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// P43: any value of the actor's message type is a message.
// P61: no message is a request to stop.
func TestAnyMessage(t *testing.T) {
	var p core.Promise[int]
	messages := []any{
		nil, 0, -1, "", "text", struct{}{}, [0]int{}, [32]int64{31: 9}, []int{1}, map[string]int{"a": 1},
		errBoom, core.ErrStop, core.ErrUnhandled, p.Future(), &p, make(chan int), context.Background(), true, 2i,
	}
	eachSend(t, func(t *testing.T, sys *core.System, v verb) {
		if v.name == "typed_Ask" || v.name == "typed_Call" {
			t.Skip("sends one type of message")
		}
		e := &echo{}
		ref := spawn(t, sys, e)
		for _, msg := range messages {
			reply, err := v.send(testkit.Context(t), ref, msg)
			require.NoError(t, err)
			if v.name != "Tell" && v.name != "Tell_Invoke" {
				assert.Equal(t, msg, reply)
			}
		}
		stop(t, ref)
		assert.Equal(t, messages, e.got)
	})
}

// P43: messages of a type of their own may be nil, of no size, or large.
func TestTypedMessages(t *testing.T) {
	t.Run("struct", func(t *testing.T) { testMessagesOf(t, struct{}{}) })
	t.Run("array", func(t *testing.T) { testMessagesOf(t, [256]byte{255: 7}, [256]byte{0: 1}) })
	t.Run("pointer", func(t *testing.T) { testMessagesOf(t, nil, new(int)) })
	t.Run("slice", func(t *testing.T) { testMessagesOf(t, nil, []int{}, []int{1}) })
	t.Run("error", func(t *testing.T) { testMessagesOf[error](t, nil, errBoom) })
	t.Run("string", func(t *testing.T) { testMessagesOf(t, "", "text") })
	t.Run("future", func(t *testing.T) { testMessagesOf(t, nil, value(t, 1)) })
}

func testMessagesOf[M any](t *testing.T, messages ...M) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		var got []M
		ref := spawn(t, sys, core.Func(func(_ context.Context, msg M) (M, error) {
			got = append(got, msg)
			return msg, nil
		}))
		for _, msg := range messages {
			require.NoError(t, ref.Tell(ctx, msg))
			require.NoError(t, ref.Any().Tell(ctx, msg))
			for _, reply := range []core.Future[any]{ref.Ask(ctx, msg), ref.Any().Ask(ctx, msg)} {
				v, err := core.As[M](reply.Get(ctx))
				assert.NoError(t, err)
				assert.Equal(t, msg, v)
			}
			for _, ctx := range []context.Context{ctx, context.Background()} {
				v, err := core.As[M](ref.Call(ctx, msg))
				assert.NoError(t, err)
				assert.Equal(t, msg, v)
			}
		}
		stop(t, ref)
		require.Len(t, got, 6*len(messages))
		for i, msg := range got {
			assert.Equal(t, messages[i/6], msg)
		}
	})
}

// P44: a message, a reply and a value are handed over as they are, and never copied.
func TestMessagesAreNotCopied(t *testing.T) {
	eachSend(t, func(t *testing.T, sys *core.System, v verb) {
		if v.name == "typed_Ask" || v.name == "typed_Call" {
			t.Skip("sends a value")
		}
		e := &echo{}
		ref := spawn(t, sys, e)
		msg := &struct{ n int }{1}
		reply, err := v.send(testkit.Context(t), ref, msg)
		require.NoError(t, err)
		stop(t, ref)
		assert.Same(t, msg, e.got[0])
		if reply != nil {
			assert.Same(t, msg, reply)
		}
	})
}

// P45: messages of one sender are handled in the order in which they were sent, whatever the mix of verbs, and a stop has its place among them.
func TestOrderOfOneSender(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := seeded(t)
		for range testkit.Fewer(20) {
			e := &echo{}
			ref := spawn(t, sys, e)
			n := r.IntN(200)
			for i := range n {
				require.NoError(t, sendRandomly(r, ref, i))
			}
			ref.AskStop()
			for i := range r.IntN(3) {
				_ = sendRandomly(r, ref, n+i) // never handled
			}
			testkit.Wait(t, ref.Done(), "the actor's end")
			require.Len(t, e.got, n)
			for i, msg := range e.got {
				require.Equal(t, i, numberOf(msg))
			}
		}
	})
}

// seeded is a source of random numbers whose seed a failing test prints.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// sendRandomly sends n by a verb and with a context of r's choice. It does
// not read a reply that was asked for.
func sendRandomly(r *rand.Rand, ref core.Ref[any], n int) error {
	ctx := context.Background()
	if r.IntN(2) == 0 {
		bounded, cancel := context.WithTimeout(ctx, testkit.Patience)
		defer cancel()
		ctx = bounded
	}
	switch r.IntN(8) {
	case 0:
		ref.Ask(ctx, n)
		return nil
	case 1:
		core.Ask(ctx, ref, number{n: n})
		return nil
	case 2:
		ref.Ask(ctx, invokeReceive(n))
		return nil
	case 3:
		_, err := ref.Call(ctx, n)
		return err
	case 4:
		_, err := ref.Call(ctx, invokeReceive(n))
		return err
	case 5:
		return ref.Tell(ctx, invokeReceive(n))
	case 6:
		_, err := core.Call(ctx, ref, number{n: n})
		return err
	}
	return ref.Tell(ctx, n)
}

func numberOf(msg any) int {
	if typed, ok := msg.(number); ok {
		return typed.n
	}
	return msg.(int)
}

// P45: if one send returned before another began its message is handled first, whoever sent them, also by way of a full inbox.
func TestOrderAcrossSenders(t *testing.T) {
	t.Run("unbounded", func(t *testing.T) { testOrderAcrossSenders(t) })
	t.Run("bounded", func(t *testing.T) { testOrderAcrossSenders(t, core.Bounded(2, core.Wait)) })
}

func testOrderAcrossSenders(t *testing.T, opts ...core.Option) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e := &echo{}
		ref := spawn(t, sys, e, opts...)
		const senders = 8
		rounds := testkit.Fewer(100)
		var turns [senders]chan int
		for i := range turns {
			turns[i] = make(chan int, 1)
		}
		var wg sync.WaitGroup
		seeds := seeded(t)
		for i := range senders {
			r := rand.New(rand.NewPCG(seeds.Uint64(), 0))
			wg.Go(func() {
				for range rounds {
					n := <-turns[i]
					if err := sendRandomly(r, ref, n); err != nil {
						t.Errorf("send %d: %v", n, err)
					}
					turns[(i+1)%senders] <- n + 1
				}
			})
		}
		turns[0] <- 0
		wg.Wait()
		stop(t, ref)
		require.Len(t, e.got, senders*rounds)
		for i, msg := range e.got {
			require.Equal(t, i, numberOf(msg))
		}
	})
}

// P45: many senders at once each keep their order.
// P46: no two handlers or hooks of one actor overlap, and each sees what those before it wrote.
func TestOneAtATime(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		const senders, each = 8, 200
		s := &solitary{t: t, last: map[int]int{}}
		ref := spawn(t, sys, s)
		var wg sync.WaitGroup
		seeds := seeded(t)
		for i := range senders {
			r := rand.New(rand.NewPCG(seeds.Uint64(), 0))
			wg.Go(func() {
				for n := range each {
					if err := sendRandomly(r, ref, i*each+n); err != nil {
						t.Errorf("send: %v", err)
					}
				}
			})
		}
		wg.Wait()
		stop(t, ref)
		assert.Equal(t, senders*each+2, s.runs)
	})
}

// A solitary notes when its code overlaps, and when a sender's messages do
// not come in order.
type solitary struct {
	t      *testing.T
	inside atomic.Int32
	runs   int
	last   map[int]int // of each sender, its last message and one
}

func (s *solitary) alone() func() {
	if s.inside.Add(1) != 1 {
		s.t.Error("two handlers or hooks run at once")
	}
	s.runs++
	return func() { s.inside.Add(-1) }
}

func (s *solitary) OnStart(context.Context) error { defer s.alone()(); return nil }
func (s *solitary) OnStop(context.Context) error  { defer s.alone()(); return nil }

func (s *solitary) Receive(_ context.Context, msg any) (any, error) {
	defer s.alone()()
	sender, n := numberOf(msg)/200, numberOf(msg)%200
	if s.last[sender] != n {
		s.t.Errorf("message %d of sender %d, want %d", n, sender, s.last[sender])
	}
	s.last[sender] = n + 1
	return msg, nil
}

// P47: the reply to the last message says that every earlier one of the same sender has been handled.
func TestBarrier(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e := &echo{}
		ref := spawn(t, sys, e)
		for i := range 500 {
			require.NoError(t, ref.Tell(testkit.Context(t), i))
		}
		_, err := ref.Call(testkit.Context(t), 500)
		require.NoError(t, err)
		require.Len(t, e.got, 501)
		_, err = ref.Ask(testkit.Context(t), 501).Get(testkit.Context(t))
		require.NoError(t, err)
		require.Len(t, e.got, 502)
	})
}

// P48: an inbox takes any number of messages while its actor is busy, and no send waits.
func TestUnboundedInbox(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		n := testkit.Fewer(50_000)
		e, ref, gate := heldEcho(t, sys)
		for i := range n {
			require.NoError(t, ref.Tell(context.Background(), i))
		}
		assert.EqualValues(t, n, sys.Stats().Waiting)
		gate.Open()
		stop(t, ref)
		require.Len(t, e.got, n)
		for i, msg := range e.got {
			require.Equal(t, i, msg)
		}
	})
}

// P26: with eight senders racing a stop every accepted message is handled or a dead letter, exactly once, and every ask has its outcome.
func TestAccountsOfARacingStop(t *testing.T) {
	for name, opts := range map[string][]core.Option{
		"queue":      nil,
		"bounded":    {core.Bounded(4, core.Wait)},
		"refusing":   {core.Bounded(4, core.Refuse)},
		"dropNewest": {core.Bounded(4, core.DropNewest)},
		"dropOldest": {core.Bounded(4, core.DropOldest)},
		"priority":   {core.Priority(func(a, b any) bool { return numberOf(a)%7 < numberOf(b)%7 })},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
				for range testkit.Fewer(30) {
					raceStop(t, rt, opts)
				}
			})
		})
	}
}

// raceStop counts by itself what Stats counts.
func raceStop(t *testing.T, rt testkit.Runtime, opts []core.Option) {
	var dead, left, told, asked atomic.Int64
	sys := testkit.System(t, rt, core.WithDeadLetters(func(core.DeadLetter) { dead.Add(1) }))
	handled := 0
	ref := spawn(t, sys, core.Func(func(_ context.Context, msg any) (any, error) {
		handled++
		return msg, nil
	}), opts...)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			<-start
			ctx := context.Background()
			for n := range 40 {
				if n%2 == 0 {
					if ref.Tell(ctx, i*40+n) == nil {
						told.Add(1)
					}
					continue
				}
				switch reply, err := ref.Call(ctx, i*40+n); {
				case err == nil && reply == i*40+n:
					asked.Add(1)
				case errors.Is(err, core.ErrDead), errors.Is(err, core.ErrInboxFull):
					left.Add(1)
				default:
					t.Errorf("Call = %v, %v", reply, err)
				}
			}
		})
	}
	wg.Go(func() {
		<-start
		if stopped, err := ref.Stop(context.Background()); err != nil || !stopped {
			t.Errorf("Stop = %v, %v", stopped, err)
		}
	})
	close(start)
	wg.Wait()
	testkit.Wait(t, ref.Done(), "the actor's end")
	st := sys.Stats()
	assert.EqualValues(t, handled, st.Handled, "handler calls")
	assert.EqualValues(t, told.Load()+asked.Load(), int64(handled)+dead.Load(), "what was told or answered")
	assert.LessOrEqual(t, st.DeadLetters-uint64(dead.Load()), uint64(left.Load()), "what was asked and left over")
	assert.Zero(t, st.Waiting)
}
