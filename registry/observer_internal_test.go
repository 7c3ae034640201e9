package registry

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// P109: what ends leaves nothing behind, hidden or not, though core may tell
// of it twice.
func TestObserverForgetsTheDead(t *testing.T) {
	sys := testkit.System(t, testkit.Runtimes()[0])
	r := Of(sys)
	o := observer{r}
	ref, err := core.Spawn(sys, core.Func(func(context.Context, int) (any, error) { return nil, nil }))
	require.NoError(t, err)
	o.Register(ref.Any())
	assert.Len(t, r.byType.entries, 1)
	assert.Equal(t, 1, r.byType.groups[ref.Type()].n)
	r.Unregister(ref.Any())
	_, err = ref.Stop(testkit.Context(t))
	require.NoError(t, err)
	o.Unregister(ref.Any())
	assert.Empty(t, r.byType.entries)
	assert.Empty(t, r.byType.groups)
	assert.Empty(t, r.hidden)
	r.Unregister(ref.Any())
	assert.Empty(t, r.hidden)
}
