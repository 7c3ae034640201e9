package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/locked"
	"github.com/troupe-go/troupe/runtime/pool"
	"github.com/troupe-go/troupe/runtime/strand"
)

// Close refuses a nil context, and may then be called with another.
func TestCloseWithANilContext(t *testing.T) {
	for _, rt := range []core.Closer{
		goroutine.New(), pool.New(1), locked.New(), locked.New(locked.Threads(1)), locked.Main(), strand.New(func() {}),
	} {
		err := rt.Close(nil) //lint:ignore SA1012 what it gets is tested
		assert.ErrorIs(t, err, core.ErrInvalid, "%T", rt)
		assert.ErrorContains(t, err, "nil context; context.Background() is", "%T", rt)
		assert.NoError(t, rt.Close(testkit.Context(t)), "%T", rt)
	}
}

// On of no pool is a bug, and says what would be right.
func TestPoolOnNothing(t *testing.T) {
	assert.PanicsWithValue(t, "pool: On of a nil ants pool; New makes a Runtime with a pool of its own", func() { pool.On(nil) })
}
