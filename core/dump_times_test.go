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

// P159: a Dump that sees a turn again says for how long it has run at least,
// one that sees it for the first time says nothing of that, and every Dump
// says how long a wait has lasted. The clock is that of a bubble, so the times
// are exact.
func TestDumpTimes(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		for name, hold := range nextTurns() {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { dumpTimes(t, testkit.System(t, rt), hold) })
			})
		}
	})
}

// nextTurns are the ways to a turn that differs from the one before: of a
// message that was queued, and of a call on the caller's goroutine. Each holds
// the actor until the gate is open.
func nextTurns() map[string]func(t *testing.T, ref core.Ref[any]) *testkit.Gate {
	return map[string]func(*testing.T, core.Ref[any]) *testkit.Gate{
		"queued": func(t *testing.T, ref core.Ref[any]) *testkit.Gate { return testkit.Hold(t, ref) },
		"inline": func(t *testing.T, ref core.Ref[any]) *testkit.Gate {
			gate := testkit.NewGate(t)
			go func() {
				_, err := ref.Call(context.Background(), testkit.Do(func(ctx context.Context) (any, error) {
					gate.PassIn(ctx)
					return nil, nil
				}))
				assert.NoError(t, err)
			}()
			return gate
		},
	}
}

func dumpTimes(t *testing.T, sys *core.System, hold func(*testing.T, core.Ref[any]) *testkit.Gate) {
	busy := (&testkit.Probe{}).Spawn(t, sys, core.Named("busy"))
	waiting := (&testkit.Probe{}).Spawn(t, sys, core.Named("waiting"))
	for _, ref := range []core.Ref[any]{busy, waiting} {
		_, err := ref.Call(t.Context(), "warm")
		require.NoError(t, err)
	}
	shows := func(isBusy, isWaiting string) {
		t.Helper()
		synctest.Wait()
		lines := dumpOf(t, sys)
		assert.Equal(t, isBusy, lines["busy"])
		assert.Equal(t, isWaiting, lines["waiting"])
	}

	first := hold(t, busy)
	synctest.Wait()
	time.Sleep(time.Second)
	shows("running inbox=0", "idle inbox=0")
	time.Sleep(1500 * time.Millisecond)
	shows("running for at least 1.5s inbox=0", "idle inbox=0")
	first.Open()
	synctest.Wait() // and no Dump between the two turns

	second := hold(t, busy)
	synctest.Wait()
	time.Sleep(time.Minute)
	require.NoError(t, waiting.Tell(t.Context(), testkit.Do(func(ctx context.Context) (any, error) {
		return busy.Call(ctx, "please")
	})))
	synctest.Wait()
	time.Sleep(2 * time.Second)
	on := " for " + busy.String()
	shows("running inbox=1", "waiting inbox=0 waits 2s"+on)
	time.Sleep(3 * time.Second)
	shows("running for at least 3s inbox=1", "waiting for at least 3s inbox=0 waits 5s"+on)
	second.Open()
	shows("idle inbox=0", "idle inbox=0")
}
