package pool_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/pool"
)

// inBubble runs test on a clock of its own, with a system on r, and checks
// that nothing is left in use.
func inBubble(t *testing.T, size int, test func(t *testing.T, r *pool.Runtime, sys *core.System), opts ...pool.Option) {
	synctest.Test(t, func(t *testing.T) {
		r := pool.New(size, opts...)
		sys := core.NewSystem(r, core.WithLogger(testkit.NewRecords().Logger()))
		test(t, r, sys)
		checkIdle(t, r)
		require.NoError(t, sys.Shutdown(t.Context()))
	})
}

func echo(_ context.Context, n int) (int, error) { return n, nil }

// sleep is a wait that core does not see.
func sleep(_ context.Context, d time.Duration) (any, error) { time.Sleep(d); return nil, nil }

func TestUnseenSleepDelaysOthersByPatience(t *testing.T) {
	for _, how := range []string{"told", "called"} {
		t.Run(how, func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, r *pool.Runtime, sys *core.System) {
				sleeper := spawn(t, sys, sleep)
				if how == "told" {
					require.NoError(t, sleeper.Tell(t.Context(), time.Second))
				} else { // the caller's goroutine runs the turn
					go sleeper.Call(context.Background(), time.Second)
				}
				synctest.Wait()
				other, start := spawn(t, sys, echo), time.Now()
				_, err := other.Call(t.Context(), 1)
				require.NoError(t, err)
				took := time.Since(start)
				assert.GreaterOrEqual(t, took, 90*time.Millisecond)
				assert.LessOrEqual(t, took, 150*time.Millisecond)
				synctest.Wait() // until the worker has gone
				assert.Equal(t, 1, r.Stats().Lent)
				assert.EqualValues(t, 1, r.Stats().Loans)
				assert.Equal(t, 1, r.Stats().Running)

				time.Sleep(time.Second)
				synctest.Wait()
				st := r.Stats()
				assert.Equal(t, pool.Stats{Size: 1, Loans: 1, Actors: 2}, st)
			})
		})
	}
}

// As many of the turns that hang have their slots lent as others need.
func TestEverySleeperIsLentOn(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, r *pool.Runtime, sys *core.System) {
		for range 10 {
			sleeper := spawn(t, sys, sleep)
			require.NoError(t, sleeper.Tell(t.Context(), 2*time.Second))
		}
		other, start := spawn(t, sys, echo), time.Now()
		_, err := other.Call(t.Context(), 1)
		require.NoError(t, err)
		assert.LessOrEqual(t, time.Since(start), 6*110*time.Millisecond)
		synctest.Wait()
		assert.Equal(t, 9, r.Stats().Lent, "for ten sleepers and one more on two slots")
	})
}

func TestPatienceOfZeroNeverLends(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *pool.Runtime, sys *core.System) {
		require.NoError(t, spawn(t, sys, sleep).Tell(t.Context(), time.Minute))
		start := time.Now()
		_, err := spawn(t, sys, echo).Call(t.Context(), 1)
		require.NoError(t, err)
		assert.Equal(t, time.Minute, time.Since(start))
		assert.Zero(t, r.Stats().Loans)
	}, pool.Patience(0))
}

// Whoever a turn made ready, and is therefore next on its worker, does not
// wait for the end of a long turn while another slot is free.
func TestNextIsTakenFromLongTurn(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, r *pool.Runtime, sys *core.System) {
		ran := make(chan time.Time, 1)
		other := spawn(t, sys, func(context.Context, int) (any, error) { ran <- time.Now(); return nil, nil })
		long := spawn(t, sys, func(ctx context.Context, _ int) (any, error) {
			err := other.Tell(ctx, 1)
			time.Sleep(time.Second)
			return nil, err
		})
		start := time.Now()
		require.NoError(t, long.Tell(t.Context(), 0))
		assert.LessOrEqual(t, (<-ran).Sub(start), 5*time.Millisecond)
	})
}

// Patience is for one turn, not for all those of a worker.
func TestShortTurnsAreNotLentOn(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *pool.Runtime, sys *core.System) {
		for range 2 {
			ref := spawn(t, sys, sleep)
			for range 50 {
				require.NoError(t, ref.Tell(t.Context(), 30*time.Millisecond))
			}
		}
		time.Sleep(time.Second)
		assert.Positive(t, r.Stats().Ready)
		time.Sleep(3 * time.Second)
		assert.Zero(t, r.Stats().Loans)
	})
}

// A turn whose slot is on loan has none to give up any more when it waits, and
// that ends the loan.
func TestLoanEndsWhenTheTurnWaits(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *pool.Runtime, sys *core.System) {
		ref := spawn(t, sys, func(ctx context.Context, d time.Duration) (any, error) {
			time.Sleep(d)
			core.Blocking(ctx, func() { time.Sleep(d) })
			return nil, nil
		})
		require.NoError(t, ref.Tell(t.Context(), 200*time.Millisecond))
		_, err := spawn(t, sys, echo).Call(t.Context(), 1)
		require.NoError(t, err)
		assert.Equal(t, 1, r.Stats().Lent)
		time.Sleep(200 * time.Millisecond)
		assert.Equal(t, pool.Stats{Size: 1, Waiting: 1, Loans: 1, Actors: 2}, r.Stats())
	})
}

// A Call with a context that is not the actor's own gives up no slot.
func TestForeignContextDoesNotHang(t *testing.T) {
	sys := system(t, pool.New(1))
	gate := testkit.NewGate(t)
	busy := spawn(t, sys, func(ctx context.Context, n int) (int, error) { gate.PassIn(ctx); return n, nil })
	require.NoError(t, busy.Tell(t.Context(), 0))
	foreign := spawn(t, sys, func(_ context.Context, n int) (int, error) {
		gate.Open()
		return core.As[int](busy.Call(context.Background(), n))
	})
	n, err := core.As[int](foreign.Call(testkit.Context(t), 7))
	require.NoError(t, err)
	assert.Equal(t, 7, n)
}

func TestLoanIsLoggedOncePerType(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records := testkit.NewRecords()
		r := pool.New(1)
		sys := core.NewSystem(r, core.WithLogger(records.Logger()))
		for range 3 {
			ref, err := core.Spawn(sys, &sleeper{})
			require.NoError(t, err)
			require.NoError(t, ref.Tell(t.Context(), time.Second))
		}
		_, err := spawn(t, sys, echo).Call(t.Context(), 1)
		require.NoError(t, err)
		require.NoError(t, sys.Shutdown(t.Context()))
		assert.EqualValues(t, 3, r.Stats().Loans)
		var lent []string
		for _, rec := range records.All() {
			if rec.Level.String() == "WARN" {
				lent = append(lent, rec.Attrs["actor"])
			}
		}
		require.Len(t, lent, 1)
		assert.Equal(t, "pool_test.sleeper", lent[0])
	})
}

type sleeper struct{}

func (*sleeper) Receive(_ context.Context, d time.Duration) (any, error) {
	time.Sleep(d)
	return nil, nil
}

// A goroutine that waits with the context of an actor whose own turn hangs
// does not keep the slot from being lent.
func TestWaitBesideTurnThatHangs(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *pool.Runtime, sys *core.System) {
		var promise core.Promise[int]
		var beside sync.WaitGroup
		hangs := spawn(t, sys, func(ctx context.Context, d time.Duration) (any, error) {
			beside.Go(func() { promise.Future().Get(ctx) })
			time.Sleep(d)
			return nil, nil
		})
		require.NoError(t, hangs.Tell(t.Context(), 10*time.Second))
		synctest.Wait()
		for i := range 3 {
			start := time.Now()
			_, err := spawn(t, sys, sleep).Call(t.Context(), 10*time.Millisecond)
			require.NoError(t, err, fmt.Sprint(i))
			assert.LessOrEqual(t, time.Since(start), 160*time.Millisecond)
		}
		require.NoError(t, promise.Resolve(1))
		time.Sleep(time.Second)
		start := time.Now()
		_, err := spawn(t, sys, sleep).Call(t.Context(), 10*time.Millisecond)
		require.NoError(t, err)
		assert.LessOrEqual(t, time.Since(start), 160*time.Millisecond)
		time.Sleep(10 * time.Second)
		beside.Wait()
	})
}
