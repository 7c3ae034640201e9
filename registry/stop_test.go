package registry_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/registry"
)

// A Leaver writes down that it stopped.
type Leaver struct {
	id     int
	left   func(id int)
	onStop func(ctx context.Context)
}

func (l *Leaver) Receive(ctx context.Context, msg func(context.Context)) (any, error) {
	msg(ctx)
	return nil, nil
}

func (l *Leaver) OnStop(ctx context.Context) error {
	if l.onStop != nil {
		l.onStop(ctx)
	}
	l.left(l.id)
	return nil
}

// leavers spawns n of them; order gives the ids of those that stopped.
func leavers(t *testing.T, sys *core.System, n int) (all []core.Ref[func(context.Context)], order func() []int) {
	t.Helper()
	var mu sync.Mutex
	var left []int
	for i := range n {
		all = append(all, spawn(t, sys, &Leaver{id: i, left: func(id int) {
			mu.Lock()
			defer mu.Unlock()
			left = append(left, id)
		}}))
	}
	return all, func() []int {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(left)
	}
}

// P113: Stop stops the newest first, each fully before the next, and counts
// those that it stopped.
func TestStopNewestFirst(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		_, order := leavers(t, sys, 20)
		n, err := registry.Stop(testkit.Context(t), registry.Of(sys).All())
		assert.NoError(t, err)
		assert.Equal(t, 20, n)
		want := make([]int, 20)
		for i := range want {
			want[i] = 19 - i
		}
		assert.Equal(t, want, order())
	})
}

// P113: while one actor stops, the next has not been asked to.
func TestStopIsFullBeforeTheNext(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		older := spawn(t, sys, &Cat{})
		spawn(t, sys, &Leaver{left: func(int) {}, onStop: func(ctx context.Context) {
			_, err := older.Call(ctx, "still there?")
			assert.NoError(t, err)
		}})
		n, err := registry.Stop(testkit.Context(t), registry.Of(sys).All())
		assert.NoError(t, err)
		assert.Equal(t, 2, n)
	})
}

// P114: AskStop asks the newest first, waits for none, and gives the futures
// in that order.
func TestAskStop(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		all, order := leavers(t, sys, 3)
		gate, entered := testkit.NewGate(t), make(chan struct{})
		require.NoError(t, all[1].Tell(t.Context(), func(ctx context.Context) { close(entered); core.Blocking(ctx, gate.Pass) }))
		testkit.Wait(t, entered, "the handler")
		listed := slices.Collect(r.All())
		stopped, err := all[0].Stop(testkit.Context(t))
		require.True(t, stopped && err == nil)

		asked := registry.AskStop(slices.Values(listed))
		require.Len(t, asked, 3)
		newest, err := asked[0].Get(testkit.Context(t))
		assert.True(t, newest && err == nil)
		select {
		case <-asked[1].Done():
			assert.Fail(t, "the second has not stopped")
		default:
		}
		gate.Open()
		got, err := core.Join(asked...).Get(testkit.Context(t))
		assert.NoError(t, err)
		assert.Equal(t, []bool{true, true, false}, got)
		assert.Equal(t, []int{0, 2, 1}, order())
	})
}

// P115: one context bounds the whole of Stop; when it ends every actor has
// been asked to stop, and does.
func TestStopAsksEverybodyWhenTimeIsUp(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		all, order := leavers(t, sys, 3)
		gate, entered := testkit.NewGate(t), make(chan struct{})
		ctx, cancel := context.WithCancelCause(t.Context())
		for _, busy := range all[:2] {
			require.NoError(t, busy.Tell(ctx, func(ctx context.Context) { entered <- struct{}{}; core.Blocking(ctx, gate.Pass) }))
			testkit.Wait(t, entered, "the handler")
		}
		errHurry := errors.New("in a hurry")
		all[2].OnDone(func(error) { cancel(errHurry) })

		n, err := registry.Stop(ctx, registry.Of(sys).All())
		assert.Equal(t, 1, n)
		assert.ErrorIs(t, err, errHurry)
		assert.EqualError(t, err, "registry: 2 actors have not stopped yet: in a hurry")
		gate.Open()
		for _, ref := range all {
			testkit.Wait(t, ref.Done(), "all to stop")
		}
		assert.ElementsMatch(t, []int{0, 1, 2}, order())
	})
}

// P116: Stop goes by what there was when it began: what is spawned meanwhile
// is not stopped, and what ended meanwhile does not count.
func TestStopTakesWhatThereWas(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		ends := spawn(t, sys, &Cat{})
		var late core.Ref[any]
		spawn(t, sys, &Leaver{left: func(int) {}, onStop: func(ctx context.Context) {
			late = spawn(t, sys, &Cat{})
			_, err := ends.Stop(ctx)
			assert.NoError(t, err)
		}})
		n, err := registry.Stop(testkit.Context(t), r.All())
		assert.NoError(t, err)
		assert.Equal(t, 1, n)
		assertRefs(t, []core.Ref[any]{late}, refs(r.All()))
	})
}

// P117: an actor may stop all, itself included: it stops when its handler
// has returned.
func TestStopFromInsideAnActor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		cats(t, sys, 2)
		result := make(chan error, 1)
		stopper := spawn(t, sys, core.Func(func(ctx context.Context, _ string) (any, error) {
			n, err := registry.Stop(ctx, registry.From(ctx).All())
			assert.Equal(t, 3, n)
			assert.True(t, core.Self[string](ctx).Alive())
			result <- err
			return nil, nil
		}))
		cats := spawn(t, sys, &Cat{})
		require.NoError(t, stopper.Tell(t.Context(), "now"))
		assert.NoError(t, testkit.Wait(t, result, "Stop"))
		testkit.Wait(t, stopper.Done(), "the stopper's own end")
		assert.False(t, cats.Alive())
	})
}

// P117: a stop that would wait for itself is made, and said.
func TestStopOfAnActorThatWaitsForMe(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		var outer core.Ref[any]
		inner := spawn(t, sys, core.Func(func(ctx context.Context, _ string) (int, error) {
			return registry.Stop(ctx, slices.Values([]core.Ref[any]{outer}))
		}))
		outer = spawn(t, sys, core.Func(func(ctx context.Context, msg any) (any, error) {
			return inner.Call(ctx, "stop me")
		}))
		n, err := core.As[int](outer.Call(testkit.Context(t), 1))
		assert.Zero(t, n)
		assert.ErrorIs(t, err, core.ErrDeadlock)
		testkit.Wait(t, outer.Done(), "the stop that was asked for")
	})
}

func TestStopWithANilContext(t *testing.T) {
	_, err := registry.Stop(nil, slices.Values([]core.Ref[any]{})) //lint:ignore SA1012 what it gets is tested
	assert.ErrorIs(t, err, core.ErrInvalid)
	assert.ErrorContains(t, err, "nil context; context.Background() is")
}

// A nil iterator is refused too, where there is an error to say so.
func TestNilIterator(t *testing.T) {
	const says = "nil iterator; Registry.All is"
	_, err := registry.Stop(t.Context(), nil)
	assert.ErrorIs(t, err, core.ErrInvalid)
	assert.ErrorContains(t, err, says)
	_, err = registry.Broadcast(t.Context(), nil, "hello")
	assert.ErrorIs(t, err, core.ErrInvalid)
	assert.ErrorContains(t, err, says)
	assert.Empty(t, registry.AskStop(nil))
}
