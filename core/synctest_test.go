package core_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A system made in a bubble of testing/synctest works there, with its clock,
// and leaves nothing that the next bubble could not touch.
func TestSynctestTwice(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		for range 2 {
			synctest.Test(t, func(t *testing.T) { liveInABubble(t, rt) })
		}
	})
}

func liveInABubble(t *testing.T, rt testkit.Runtime) {
	sys := core.NewSystem(rt.New())
	p := &testkit.Probe{Handle: func(ctx context.Context, msg any) (any, error) {
		if d, ok := msg.(time.Duration); ok {
			core.Blocking(ctx, func() { time.Sleep(d) })
		}
		return msg, nil
	}}
	ref := p.Spawn(t, sys)
	for _, ctx := range []context.Context{t.Context(), context.Background()} {
		require.NoError(t, ref.Tell(ctx, "told"))
		got, err := ref.Call(ctx, "called")
		require.NoError(t, err)
		assert.Equal(t, "called", got)
		got, err = ref.Ask(ctx, "asked").Get(ctx)
		require.NoError(t, err)
		assert.Equal(t, "asked", got)
	}
	begun := time.Now()
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := ref.Call(short, time.Hour)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, time.Second, time.Since(begun))
	checkStop(t, true)(ref.Stop(t.Context()))
	assert.Equal(t, time.Hour, time.Since(begun))
	require.NoError(t, sys.Shutdown(t.Context()))
	synctest.Wait()
}
