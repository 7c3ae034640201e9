package core_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// P62: a user's inbox sees envelopes and their messages, and not where a reply goes.
// A stack is such an inbox: the last in is the first out.
type stack struct{ items []core.Envelope[any] }

func (s *stack) Push(e core.Envelope[any]) {
	s.items = append(s.items, e)
}

func (s *stack) Pop() (e core.Envelope[any], ok bool) {
	if len(s.items) == 0 {
		return e, false
	}
	last := len(s.items) - 1
	e, s.items = s.items[last], s.items[:last]
	return e, true
}

func (s *stack) Len() int { return len(s.items) }

func stacked() core.Option { return core.WithInbox(func() core.Inbox[any] { return &stack{} }) }

// orders are the inboxes that Bounded goes with, and how they order 3, 1, 2.
var orders = []struct {
	name string
	opts []core.Option
	want []any
}{
	{"default", nil, []any{3, 1, 2}},
	{"Priority", []core.Option{core.Priority(func(a, b any) bool { return a.(int) < b.(int) })}, []any{1, 2, 3}},
	{"own", []core.Option{stacked()}, []any{2, 1, 3}},
}

// eachOrder runs test on every runtime with every inbox.
func eachOrder(t *testing.T, test func(t *testing.T, sys *core.System, opts []core.Option, want []any)) {
	t.Helper()
	for _, o := range orders {
		t.Run(o.name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) { test(t, sys, o.opts, o.want) })
		})
	}
}

// P48: Refuse fails a send to a full inbox, which sends nothing, and what is in it is handled.
func TestRefuse(t *testing.T) {
	eachOrder(t, func(t *testing.T, sys *core.System, opts []core.Option, want []any) {
		e, ref, gate := heldEcho(t, sys, append(opts[:len(opts):len(opts)], core.Bounded(3, core.Refuse))...)
		ctx := testkit.Context(t)
		for _, n := range []int{3, 1, 2} {
			require.NoError(t, ref.Tell(ctx, n))
		}
		assert.ErrorIs(t, ref.Tell(ctx, 9), core.ErrInboxFull)
		_, err := ref.Ask(ctx, 9).Get(ctx)
		assert.ErrorIs(t, err, core.ErrInboxFull)
		_, err = ref.Call(ctx, 9)
		assert.ErrorIs(t, err, core.ErrInboxFull)
		gate.Open()
		stop(t, ref)
		assert.Equal(t, want, e.got)
		assert.Zero(t, sys.Stats().DeadLetters)
	})
}

// P48: DropNewest makes a dead letter of what does not fit, which its asker is told.
func TestDropNewest(t *testing.T) {
	eachOrder(t, func(t *testing.T, sys *core.System, opts []core.Option, want []any) {
		e, ref, gate := heldEcho(t, sys, append(opts[:len(opts):len(opts)], core.Bounded(3, core.DropNewest))...)
		ctx := testkit.Context(t)
		for _, n := range []int{3, 1, 2, 9} {
			require.NoError(t, ref.Tell(ctx, n))
		}
		_, err := ref.Ask(ctx, 9).Get(ctx)
		assert.ErrorIs(t, err, core.ErrInboxFull)
		gate.Open()
		stop(t, ref)
		assert.Equal(t, want, e.got)
		assert.EqualValues(t, 2, sys.Stats().DeadLetters)
		assert.EqualValues(t, 4, sys.Stats().Handled, "the three that fit, and the one that held the actor")
	})
}

// P48: DropOldest makes a dead letter of what would be next, and takes the new one in.
func TestDropOldest(t *testing.T) {
	eachOrder(t, func(t *testing.T, sys *core.System, opts []core.Option, want []any) {
		e, ref, gate := heldEcho(t, sys, append(opts[:len(opts):len(opts)], core.Bounded(3, core.DropOldest))...)
		ctx := testkit.Context(t)
		next := want[0]
		var dropped core.Future[any]
		for _, n := range []int{3, 1, 2} {
			if n == next {
				dropped = ref.Ask(ctx, n)
				continue
			}
			require.NoError(t, ref.Tell(ctx, n))
		}
		require.NoError(t, ref.Tell(ctx, 7))
		_, err := dropped.Get(ctx)
		assert.ErrorIs(t, err, core.ErrInboxFull)
		gate.Open()
		stop(t, ref)
		assert.NotContains(t, e.got, next)
		assert.Contains(t, e.got, 7)
		assert.Len(t, e.got, 3)
		assert.EqualValues(t, 1, sys.Stats().DeadLetters)
	})
}

// P48: Wait has senders wait for room, and lets them in in the order in which they began to wait.
func TestWaitingSendersAreLetInInOrder(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e, ref, gate := heldEcho(t, sys, core.Bounded(1, core.Wait))
		require.NoError(t, ref.Tell(testkit.Context(t), 0))
		sent := make(chan error, 8)
		for i := range cap(sent) {
			tellWaiting(t, ref, i+1, context.Background(), sent)
		}
		gate.Open()
		for range cap(sent) {
			assert.NoError(t, testkit.Wait(t, sent, "a sender to be let in"))
		}
		stop(t, ref)
		assert.Equal(t, []any{0, 1, 2, 3, 4, 5, 6, 7, 8}, e.got)
	})
}

// tellWaiting tells n on another goroutine and returns when that waits.
func tellWaiting(t *testing.T, ref core.Ref[any], n int, ctx context.Context, sent chan<- error) {
	t.Helper()
	watched, waits := testkit.Waiting(ctx)
	go func() { sent <- ref.Tell(watched, n) }()
	testkit.Wait(t, waits, "a sender to wait for room")
}

// P48: a sender that leaves at the end of its context sent nothing and keeps nobody behind it waiting.
func TestWaitingSenderLeaves(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		e, ref, gate := heldEcho(t, sys, core.Bounded(1, core.Wait))
		require.NoError(t, ref.Tell(testkit.Context(t), 0))
		ctx, cancel := context.WithCancelCause(context.Background())
		left, sent := make(chan error, 1), make(chan error, 1)
		tellWaiting(t, ref, 1, ctx, left)
		tellWaiting(t, ref, 2, context.Background(), sent)
		cancel(errBoom)
		err := testkit.Wait(t, left, "the first sender to leave")
		assert.ErrorIs(t, err, context.Canceled)
		assert.ErrorIs(t, err, errBoom)
		gate.Open()
		assert.NoError(t, testkit.Wait(t, sent, "the second sender to be let in"))
		stop(t, ref)
		assert.Equal(t, []any{0, 2}, e.got)
	})
}

// P48: an Ask and a Call wait for room too, each under its context, and give up as a Tell does.
func TestAskWaitsForRoom(t *testing.T) {
	for _, v := range sends[1:] {
		t.Run(v.name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				e, ref, gate := heldEcho(t, sys, core.Bounded(1, core.Wait))
				require.NoError(t, ref.Tell(testkit.Context(t), 0))
				leaves, cancel := context.WithCancelCause(context.Background())
				left, replied := make(chan error, 1), make(chan error, 1)
				sendWaiting := func(ctx context.Context, n int, result chan<- error) {
					watched, waits := testkit.Waiting(ctx)
					go func() {
						_, err := v.send(watched, ref, n)
						result <- err
					}()
					testkit.Wait(t, waits, "a sender to wait for room")
				}
				sendWaiting(leaves, 1, left)
				sendWaiting(context.Background(), 2, replied)
				cancel(errBoom)
				err := testkit.Wait(t, left, "the first sender to leave")
				assert.ErrorIs(t, err, context.Canceled)
				assert.ErrorIs(t, err, errBoom)
				gate.Open()
				assert.NoError(t, testkit.Wait(t, replied, "the second sender's reply"))
				stop(t, ref)
				require.Len(t, e.got, 2)
				assert.Equal(t, 2, numberOf(e.got[1]))
			})
		})
	}
}

// P48: senders that wait when the actor stops, or fails, are turned away, and nothing of theirs is handled.
func TestWaitingSendersAtTheEnd(t *testing.T) {
	for name, end := range map[string]func(ref core.Ref[any]){
		"stop": func(ref core.Ref[any]) { ref.AskStop() },
		"failure": func(core.Ref[any]) {
		},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				e, ref, gate := heldEcho(t, sys, core.Bounded(1, core.Wait))
				fails := core.Invoke(func(context.Context, any) (any, error) {
					if name == "failure" {
						return nil, errBoom
					}
					return nil, nil
				})
				require.NoError(t, ref.Tell(testkit.Context(t), fails))
				sent := make(chan error, 3)
				for i := range cap(sent) {
					tellWaiting(t, ref, i, context.Background(), sent)
				}
				end(ref)
				gate.Open()
				accepted := 0
				for range cap(sent) {
					if err := testkit.Wait(t, sent, "a sender"); err == nil {
						accepted++ // the room that the failing message left
					} else {
						assert.ErrorIs(t, err, core.ErrDead)
					}
				}
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.Empty(t, e.got)
				assert.LessOrEqual(t, accepted, 1)
				assert.EqualValues(t, accepted, sys.Stats().DeadLetters)
			})
		})
	}
}

// P45: Priority hands out by its order, by arrival among equals, and functions before messages; a stop comes last.
func TestPriority(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		byTens := core.Priority(func(a, b any) bool { return a.(int)/10 < b.(int)/10 })
		e, ref, gate := heldEcho(t, sys, byTens)
		ctx := testkit.Context(t)
		for _, n := range []int{25, 11, 23, 17, 1} {
			require.NoError(t, ref.Tell(ctx, n))
		}
		require.NoError(t, ref.Tell(ctx, invokeReceive(99)))
		require.NoError(t, ref.Tell(ctx, invokeReceive(98)))
		stopped := ref.AskStop()
		assert.ErrorIs(t, ref.Tell(ctx, 0), core.ErrDead, "after the request to stop")
		gate.Open()
		_, err := stopped.Get(ctx)
		require.NoError(t, err)
		assert.Equal(t, []any{99, 98, 1, 11, 17, 25, 23}, e.got)
	})
}
