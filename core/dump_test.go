package core_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// dumpOf are the lines of a Dump by the name of their actor.
func dumpOf(t *testing.T, sys *core.System) map[string]string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, sys.Dump(&out))
	lines := map[string]string{}
	for line := range strings.Lines(out.String()) {
		_, rest, _ := strings.Cut(line, " name=")
		name, state, _ := strings.Cut(rest, " ")
		lines[name] = strings.TrimSpace(state)
	}
	return lines
}

// P159: a Dump has a line for every actor that has not ended: who it is, what
// it does, how much waits in its inbox, and whom it waits for.
func TestDump(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		idle := (&testkit.Probe{}).Spawn(t, sys, core.Named("idle"))
		_, err := idle.Call(ctx, "warm")
		require.NoError(t, err)
		busy := (&testkit.Probe{}).Spawn(t, sys, core.Named("busy"))
		held := testkit.Hold(t, busy)
		waiting := (&testkit.Probe{}).Spawn(t, sys, core.Named("waiting"))
		require.NoError(t, waiting.Tell(ctx, testkit.Do(func(ctx context.Context) (any, error) { return busy.Call(ctx, "please") })))
		starting := testkit.NewGate(t)
		(&testkit.Probe{Start: func(ctx context.Context) error { starting.PassIn(ctx); return nil }}).Spawn(t, sys, core.Named("starting"))
		stopping := testkit.NewGate(t)
		ending := (&testkit.Probe{Stop: func(ctx context.Context) error { stopping.PassIn(ctx); return nil }}).Spawn(t, sys, core.Named("ending"))
		ending.AskStop()
		gone := (&testkit.Probe{}).Spawn(t, sys, core.Named("gone"))
		checkStop(t, true)(gone.Stop(ctx))
		testkit.Wait(t, gone.Done(), "the end of one")
		settled := func() bool {
			lines := dumpOf(t, sys)
			return strings.Contains(lines["waiting"], "waits") && strings.HasPrefix(lines["ending"], "ending") &&
				strings.HasPrefix(lines["starting"], "starting") && strings.HasPrefix(lines["idle"], "idle")
		}
		testkit.Eventually(t, settled, "the actors to be what they are called")
		lines := dumpOf(t, sys)
		assert.Equal(t, "idle inbox=0", lines["idle"])
		assert.Regexp(t, `^running( for at least \S+)? inbox=1$`, lines["busy"])
		assert.Regexp(t, fmt.Sprintf(`^waiting( for at least \S+)? inbox=0 waits \S+ for testkit\.Probe \(%s\)$`, busy.URN()), lines["waiting"])
		assert.Regexp(t, `inbox=0$`, lines["starting"])
		assert.NotContains(t, lines, "gone")
		assert.Len(t, lines, 5)
		held.Open()
	})
}

// P160: Dump works from any goroutine, while every actor and the caller of
// each is stuck, from inside an actor too, and needs nobody's help.
func TestDumpWhileAllAreStuck(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		first := (&testkit.Probe{}).Spawn(t, sys, core.Named("first"))
		held := testkit.Hold(t, first)
		stuck := make(chan struct{})
		go func() {
			defer close(stuck)
			_, err := first.Call(ctx, "stuck")
			assert.NoError(t, err)
		}()
		done := make(chan map[string]string)
		go func() { done <- dumpOf(t, sys) }()
		assert.Contains(t, testkit.Wait(t, done, "Dump")["first"], "running")
		second := (&testkit.Probe{}).Spawn(t, sys)
		_, err := second.Call(ctx, testkit.Do(func(context.Context) (any, error) { return nil, sys.Dump(io.Discard) }))
		assert.NoError(t, err)
		held.Open()
		testkit.Wait(t, stuck, "the caller")
	})
}

// P159: the error of the writer is Dump's.
func TestDumpWriteFails(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		(&testkit.Probe{}).Spawn(t, sys)
		r, w := io.Pipe()
		require.NoError(t, r.CloseWithError(errTest))
		assert.ErrorIs(t, sys.Dump(w), errTest)
	})
}

// P157: Dump is no record of a log.
func TestDumpLogsNothing(t *testing.T) {
	eachLogged(t, func(t *testing.T, sys *core.System, records *testkit.Records) {
		_, err := (&testkit.Probe{}).Spawn(t, sys).Call(testkit.Context(t), "warm")
		require.NoError(t, err)
		before := len(records.All())
		require.NoError(t, sys.Dump(io.Discard))
		assert.Len(t, records.All(), before)
	})
}
