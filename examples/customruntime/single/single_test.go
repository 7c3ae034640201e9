package single_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/examples/customruntime/single"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// The actors share an int without a lock, which the race detector allows only
// if their turns do not overlap.
func TestOneTurnAtATime(t *testing.T) {
	sys := testkit.System(t, testkit.Runtime{Name: "single", New: func() core.Runtime { return single.New() }})
	shared := 0
	const n = 1000
	var last core.Future[any]
	for range n {
		ref, err := core.Spawn(sys, core.Func(func(context.Context, int) (any, error) { shared++; return shared, nil }))
		require.NoError(t, err)
		last = ref.Ask(t.Context(), 0)
	}
	got, err := core.As[int](last.Get(testkit.Context(t)))
	require.NoError(t, err)
	assert.Equal(t, n, got)
}
