package troupe_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/locked"
	"github.com/troupe-go/troupe/runtime/pool"
)

func open(t *testing.T, spec troupe.Spec) core.Runtime {
	t.Helper()
	rt, err := troupe.Open(spec)
	require.NoError(t, err, spec)
	t.Cleanup(func() { assert.NoError(t, rt.(core.Closer).Close(testkit.Context(t)), spec) })
	return rt
}

func TestOpenGoroutine(t *testing.T) {
	assert.IsType(t, (*goroutine.Runtime)(nil), open(t, "goroutine"))
}

func TestOpenLocked(t *testing.T) {
	for _, spec := range []troupe.Spec{"locked", "locked:threads=4", "locked:max=2", "locked:threads=2,max=2"} {
		assert.IsType(t, (*locked.Runtime)(nil), open(t, spec), spec)
	}
	sys := core.NewSystem(open(t, "locked:max=1"))
	idle := core.Func(func(context.Context, int) (any, error) { return nil, nil })
	_, err := core.Spawn(sys, idle)
	require.NoError(t, err)
	_, err = core.Spawn(sys, idle)
	var limit *locked.LimitError
	require.ErrorAs(t, err, &limit)
	require.NoError(t, sys.Shutdown(testkit.Context(t)))
}

func TestOpenPool(t *testing.T) {
	for spec, size := range map[troupe.Spec]int{
		"pool": runtime.GOMAXPROCS(0), "pool:size=0": runtime.GOMAXPROCS(0),
		"pool:size=8,budget=64": 8, "pool:patience=0,size=1": 1, "pool:patience=5ms,budget=1": runtime.GOMAXPROCS(0),
	} {
		rt := open(t, spec)
		require.IsType(t, (*pool.Runtime)(nil), rt, spec)
		assert.Equal(t, size, rt.(*pool.Runtime).Stats().Size, spec)
	}
}

// A turn of an actor on a pool handles its budget of messages, and then the
// other actor has a turn.
func TestOpenPoolWithABudget(t *testing.T) {
	const each = 1000 // enough for a pool that finds them short to handle more at a time
	sys := core.NewSystem(open(t, "pool:size=1,budget=1,patience=0"))
	var order []string // guarded by the pool's one slot, which is never lent
	all := make(chan struct{})
	say := func(who string) core.Ref[int] {
		ref, err := core.Spawn(sys, core.Func(func(context.Context, int) (any, error) {
			if order = append(order, who); len(order) == 2*each {
				close(all)
			}
			return nil, nil
		}))
		require.NoError(t, err)
		return ref
	}
	a, b := say("a"), say("b")
	filler, err := core.Spawn(sys, core.Func(func(ctx context.Context, _ int) (any, error) {
		for range each {
			for _, ref := range []core.Ref[int]{a, b} {
				assert.NoError(t, ref.Tell(ctx, 1))
			}
		}
		return nil, nil
	}))
	require.NoError(t, err)
	require.NoError(t, filler.Tell(t.Context(), 1))
	testkit.Wait(t, all, "all messages")
	require.NoError(t, sys.Shutdown(testkit.Context(t)))
	for i := 1; i < len(order); i++ {
		require.NotEqual(t, order[i-1], order[i], "messages %d and %d", i-1, i)
	}
}

func TestOpenBuiltinsWithBadOptions(t *testing.T) {
	tooMany := locked.ProcessMax() + 1
	for spec, want := range map[troupe.Spec]string{
		"pool:size=x":                                              `troupe: runtime "pool:size=x": option size is "x"; accepted is an integer from 0 to 1073741824`,
		"pool:size=1073741825":                                     `troupe: runtime "pool:size=1073741825": option size is "1073741825"; accepted is an integer from 0 to 1073741824`,
		"pool:size=99999999999999999999":                           `troupe: runtime "pool:size=99999999999999999999": option size is "99999999999999999999"; accepted is an integer from 0 to 1073741824`,
		"pool:budget=99999999999999999999":                         fmt.Sprintf(`troupe: runtime "pool:budget=99999999999999999999": option budget is "99999999999999999999"; accepted is an integer from 1 to %d`, math.MaxInt),
		troupe.Spec(fmt.Sprintf("locked:threads=%d", tooMany)):     fmt.Sprintf(`troupe: runtime "locked:threads=%d": option threads is "%[1]d"; accepted is an integer from 1 to %d`, tooMany, tooMany-1),
		troupe.Spec(fmt.Sprintf("locked:threads=%d", math.MaxInt)): fmt.Sprintf(`troupe: runtime "locked:threads=%d": option threads is "%[1]d"; accepted is an integer from 1 to %d`, math.MaxInt, tooMany-1),
		"locked:threads=99999999999999999999":                      fmt.Sprintf(`troupe: runtime "locked:threads=99999999999999999999": option threads is "99999999999999999999"; accepted is an integer from 1 to %d`, math.MaxInt),
		"pool:budget=0":                                            `troupe: runtime "pool:budget=0": option budget is "0"; accepted is an integer, at least 1`,
		"pool:patience=-1":                                         `troupe: runtime "pool:patience=-1": option patience is "-1"; accepted is a duration such as 100ms or 1s, or 0`,
		"locked:threads=0":                                         `troupe: runtime "locked:threads=0": option threads is "0"; accepted is an integer, at least 1`,
		"locked:max=0":                                             `troupe: runtime "locked:max=0": option max is "0"; accepted is an integer, at least 1`,
		"locked:threads=4,max=2":                                   `troupe: runtime "locked:threads=4,max=2": option max is "2"; accepted is an integer, at least 4`,
		"locked:max=2,threads=4":                                   `troupe: runtime "locked:max=2,threads=4": option max is "2"; accepted is an integer, at least 4`,
		"locked:threads=1,size=1":                                  `troupe: runtime "locked:threads=1,size=1": unknown option size=1; accepted are threads, max`,
		"locked:size=1":                                            `troupe: runtime "locked:size=1": unknown option size=1; accepted are threads, max`,
		"pool:sise=8":                                              `troupe: runtime "pool:sise=8": unknown option sise=8; accepted are budget, patience, size`,
	} {
		_, err := troupe.Open(spec)
		assert.EqualError(t, err, want, spec)
		assert.ErrorIs(t, err, core.ErrInvalid, spec)
		var set troupe.Spec
		err = set.Set(string(spec))
		assert.EqualError(t, err, want, "%s: Set says so too", spec)
		assert.ErrorIs(t, err, core.ErrInvalid, spec)
	}
}
