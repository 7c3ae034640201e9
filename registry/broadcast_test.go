package registry_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/registry"
)

func whatHeard(t *testing.T, cat core.Ref[any]) []string {
	t.Helper()
	all, err := core.As[[]string](cat.Call(testkit.Context(t), heard{}))
	require.NoError(t, err)
	return all
}

// P111: a broadcast tells all actors, those of a type, or those of a type
// name; what does not take the message is passed over.
func TestBroadcast(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		all := cats(t, sys, 2)
		rex := spawn(t, sys, &Dog{})
		spawn(t, sys, core.Func(func(context.Context, int) (int, error) { return 0, nil }))
		for _, to := range []struct {
			msg    string
			told   int
			actors func() (int, error)
		}{
			{"all", 3, func() (int, error) { return registry.Broadcast(t.Context(), r.All(), "all") }},
			{"cats", 2, func() (int, error) { return registry.Broadcast(t.Context(), registry.OfType[*Cat](r), "cats") }},
			{"animals", 3, func() (int, error) { return registry.Broadcast(t.Context(), registry.OfType[Animal](r), "animals") }},
			{"dogs", 1, func() (int, error) { return registry.Broadcast(t.Context(), r.OfTypeName("Dog"), "dogs") }},
			{"none", 0, func() (int, error) { return registry.Broadcast(t.Context(), r.OfTypeName("Cow"), "none") }},
		} {
			told, err := to.actors()
			assert.NoError(t, err, to.msg)
			assert.Equal(t, to.told, told, to.msg)
		}
		assert.Equal(t, []string{"all", "cats", "animals"}, whatHeard(t, all[0]))
		last, err := core.As[[]string](rex.Call(testkit.Context(t), "end"))
		require.NoError(t, err)
		assert.Equal(t, []string{"all", "animals", "dogs", "end"}, last)
	})
}

// P112: an actor that has ended meanwhile is passed over, and the rest are
// told.
func TestBroadcastPassesOverTheDead(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		all := cats(t, sys, 3)
		listed := func(yield func(core.Ref[any]) bool) {
			for ref := range registry.Of(sys).All() {
				if ref == all[1] {
					_, err := ref.Stop(testkit.Context(t))
					require.NoError(t, err)
				}
				if !yield(ref) {
					return
				}
			}
		}
		told, err := registry.Broadcast(t.Context(), listed, "hello")
		assert.NoError(t, err)
		assert.Equal(t, 2, told)
		assert.Equal(t, []string{"hello"}, whatHeard(t, all[2]))
	})
}

// P112: an actor that cannot take the message now keeps no other from it, and
// is in the error.
func TestBroadcastGoesOnBehindAFullInbox(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		r := registry.Of(sys)
		gate, entered := testkit.NewGate(t), make(chan struct{})
		full := spawn(t, sys, &Cat{}, core.Bounded(1, core.Refuse))
		cat := spawn(t, sys, &Cat{})
		require.NoError(t, full.Tell(t.Context(), func(ctx context.Context) { close(entered); core.Blocking(ctx, gate.Pass) }))
		testkit.Wait(t, entered, "the handler")
		require.NoError(t, full.Tell(t.Context(), "fills it"))

		told, err := registry.Broadcast(t.Context(), r.All(), "hello")
		gate.Open()
		assert.Equal(t, 1, told)
		assert.ErrorIs(t, err, core.ErrInboxFull)
		assert.ErrorContains(t, err, full.String())
		assert.Equal(t, []string{"hello"}, whatHeard(t, cat))
	})
}

// P112: a broadcast ends with its context.
func TestBroadcastEndsWithItsContext(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		all := cats(t, sys, 3)
		ctx, cancel := context.WithCancel(t.Context())
		listed := func(yield func(core.Ref[any]) bool) {
			for i, ref := range all {
				if i == 1 {
					cancel()
				}
				if !yield(ref) {
					return
				}
			}
		}
		told, err := registry.Broadcast(ctx, listed, "hello")
		assert.Equal(t, 1, told)
		assert.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, whatHeard(t, all[2]))
		_, err = registry.Broadcast(nil, listed, "hello") //lint:ignore SA1012 what it gets is tested
		assert.ErrorIs(t, err, core.ErrInvalid)
	})
}
