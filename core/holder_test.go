package core_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// plain is no actor; it has hooks that note their calls.
type plain struct{ calls []string }

func (p *plain) OnStart(context.Context) error          { p.calls = append(p.calls, "start"); return nil }
func (p *plain) OnStop(context.Context) error           { p.calls = append(p.calls, "stop"); return nil }
func (p *plain) OnFailure(_ context.Context, err error) { p.calls = append(p.calls, err.Error()) }

// front is the actor in front of it. Its own hooks must not run.
type front struct{ v any }

func (f *front) Held() any                                          { return f.v }
func (f *front) OnStart(context.Context) error                      { return errors.New("the holder's hook") }
func (f *front) Receive(_ context.Context, msg string) (any, error) { return nil, errors.New(msg) }

func TestHolder(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := &plain{}
		ref, err := core.Spawn(sys, &front{p})
		require.NoError(t, err)
		got, err := ref.Any().Call(ctx, core.Invoke(func(_ context.Context, actor any) (any, error) { return actor, nil }))
		require.NoError(t, err)
		assert.Same(t, p, got)
		assert.Equal(t, "*core_test.plain", ref.Type().String())
		assert.Contains(t, ref.String(), "core_test.plain (urn:uuid:")
		_, err = ref.Stop(ctx)
		require.NoError(t, err)
		assert.Equal(t, []string{"start", "stop"}, p.calls)
	})
}

func TestHolderFailure(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := &plain{}
		ref, err := core.SpawnNew(sys, func(core.Ref[string]) (*front, error) { return &front{p}, nil })
		require.NoError(t, err)
		require.NoError(t, ref.Tell(testkit.Context(t), "broken"))
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Equal(t, []string{"start", "broken"}, p.calls)
	})
}

// A moody holder holds its value until it is told not to.
type moody struct {
	front
	gone atomic.Bool
}

func (m *moody) Held() any {
	if m.gone.Load() {
		panic("gone")
	}
	return m.front.Held()
}

func TestHolderThatPanics(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		m := &moody{front: front{&plain{}}}
		ref, err := core.Spawn(sys, m)
		require.NoError(t, err)
		own := func(_ context.Context, actor any) (any, error) { return actor, nil }
		_, err = ref.Any().Call(ctx, core.Invoke(own))
		require.NoError(t, err)
		m.gone.Store(true)
		var panicked *core.PanicError
		_, err = ref.Any().Call(ctx, core.Invoke(own))
		assert.ErrorAs(t, err, &panicked)
		stopped, err := ref.Stop(ctx)
		assert.NoError(t, err)
		assert.True(t, stopped)
	})
}

func TestHolderLogs(t *testing.T) {
	records := testkit.NewRecords()
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		_, err := core.Spawn(sys, &front{&plain{}})
		require.NoError(t, err)
		for _, r := range records.All() {
			assert.Equal(t, "core_test.plain", r.Attrs["actor"])
		}
		assert.NotEmpty(t, records.All())
	}, core.WithLogger(records.Logger()))
}

func TestHolderOfNil(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for _, v := range []any{nil, (*plain)(nil)} {
			_, err := core.Spawn(sys, &front{v})
			assert.ErrorIs(t, err, core.ErrInvalid)
			_, err = core.SpawnNew(sys, func(core.Ref[string]) (*front, error) { return &front{v}, nil })
			assert.ErrorIs(t, err, core.ErrInvalid)
		}
		assert.Zero(t, sys.Stats().Actors)
	})
}
