package core_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A spoiledStack does wrong what a test wants done wrong.
type spoiledStack struct {
	stack
	push, pop func() // called first
}

func (s *spoiledStack) Push(e core.Envelope[any]) {
	if s.push != nil {
		s.push()
	}
	s.stack.Push(e)
}

func (s *spoiledStack) Pop() (core.Envelope[any], bool) {
	if s.pop != nil {
		s.pop()
	}
	return s.stack.Pop()
}

func (s *spoiledStack) lose() { s.items = s.items[:max(0, len(s.items)-1)] }

func boom() { panic(errBoom) }

var waysToFail = []struct {
	name  string
	spoil func(*spoiledStack)
}{
	{"Push_panics", func(s *spoiledStack) { s.push = boom }},
	{"Pop_panics", func(s *spoiledStack) { s.pop = boom }},
	{"both_panic", func(s *spoiledStack) { s.push, s.pop = boom, boom }},
	{"Pop_loses_one", func(s *spoiledStack) { s.pop = s.lose }},
	{"Push_loses_one", func(s *spoiledStack) { s.push = s.lose }},
}

// P48: an inbox of the user's own that panics or loses messages is its actor's failure. Nobody hangs, not even who asked for what is lost, and the accounts are right.
func TestInboxThatFails(t *testing.T) {
	for _, way := range waysToFail {
		for name, policy := range map[string]core.Policy{
			"Wait": core.Wait, "Refuse": core.Refuse, "DropNewest": core.DropNewest, "DropOldest": core.DropOldest,
		} {
			t.Run(way.name+"_"+name, func(t *testing.T) {
				testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
					checkFailingInbox(t, sys, way.spoil, core.Bounded(3, policy))
				})
			})
		}
	}
}

func checkFailingInbox(t *testing.T, sys *core.System, spoil func(*spoiledStack), bounded core.Option) {
	t.Helper()
	s := &spoiledStack{}
	e, ref, gate := heldEcho(t, sys, core.WithInbox(func() core.Inbox[any] { return s }), bounded)
	ctx := testkit.Context(t)
	asked := ref.Ask(ctx, 1)
	require.NoError(t, ref.Tell(ctx, 2))
	spoil(s) // the actor is held, and nobody sends
	last := ref.Tell(ctx, 3)
	gate.Open()
	for last == nil || !errors.Is(last, core.ErrDead) {
		require.NoError(t, ctx.Err(), "the actor lives on")
		runtime.Gosched()
		last = ref.Tell(ctx, 4)
	}
	testkit.Wait(t, ref.Done(), "the actor's end")
	assert.Error(t, ref.Err())
	_, err := asked.Get(ctx)
	assert.NotErrorIs(t, err, context.DeadlineExceeded, "an ask without an outcome")
	assert.EqualValues(t, len(e.got)+1, sys.Stats().Handled, "and the function that held it")
}
