package pool_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/pool"
)

func spin(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

// hogs pass messages round among so many actors, which are therefore always
// ready.
var hogs = map[string]struct{ actors, messages int }{
	"one that tells itself":    {1, 1},
	"one with many messages":   {1, 200},
	"two that wake each other": {2, 1},
}

// On a pool of one slot, actors that are always ready let the others in after
// a slice of time, or after one message if that takes longer. How many of
// their messages are handled before the other's does not depend on how busy
// the machine is: what keeps a message waiting makes it fewer.
func TestAlwaysReadyActorsLetOthersIn(t *testing.T) {
	for kind, h := range hogs {
		for d, most := range map[time.Duration]int64{
			0:                     128, // the clock is read once in 64 turns at the least
			time.Microsecond:      8,   // five in a slice, more while the budget is being found
			20 * time.Microsecond: 1,
		} {
			t.Run(fmt.Sprintf("%s, %v", kind, d), func(t *testing.T) {
				passed := handledBefore(t, h.actors, h.messages, d, 2*most)
				assert.LessOrEqual(t, passed[len(passed)*99/100], most, "p99 of how many are handled before another's")
			})
		}
	}
}

// handledBefore has hogs, each of whose messages takes so long, send messages
// to another actor as if from outside, at most so many of theirs apart. It
// returns how many of theirs were handled before each of those, sorted.
func handledBefore(t *testing.T, actors, messages int, d time.Duration, apart int64) []int64 {
	const samples = 500
	sys := system(t, pool.New(1, pool.Patience(0)))
	// All that follows is guarded by the pool's one slot, which is never lent.
	var handled, due int64
	var passed []int64
	done := make(chan struct{})
	other := spawn(t, sys, func(_ context.Context, sent int64) (any, error) {
		passed = append(passed, handled-sent)
		due = handled + rand.Int64N(apart) // in any part of a slice
		if len(passed) == samples {
			close(done)
		}
		return nil, nil
	})
	refs := make([]core.Ref[int], actors)
	for i := range refs {
		refs[i] = spawn(t, sys, func(ctx context.Context, n int) (any, error) {
			if len(passed) == samples || t.Context().Err() != nil { // the test is over
				return nil, nil
			}
			spin(d)
			if handled++; handled > due {
				due = math.MaxInt64
				if err := other.Tell(context.Background(), handled); err != nil {
					return nil, err
				}
			}
			return nil, refs[(i+1)%actors].Tell(ctx, n)
		})
	}
	for range messages {
		require.NoError(t, refs[0].Tell(t.Context(), 0))
	}
	testkit.Wait(t, done, "the messages of the other")
	slices.Sort(passed)
	return passed
}
