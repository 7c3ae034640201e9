package testkit

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/troupe-go/troupe/core"
)

// CheckAccounts fails the test unless the books of a system that has been shut
// down are closed: no actor is left and no message waits, the runtime never
// called Turn when it should not, and Handled is no less than the messages that
// the Probes of the system were seen to handle.
//
// core computes Handled as what remains of Accepted, so the sum says nothing.
// In a system made by System that had no actors but those of Probe.Spawn, it has
// to be the number of messages that they handled, which finds a message that is
// counted as accepted or as a dead letter too often or not at all. In others it
// finds that only where it makes Handled too small, as what actors of other
// types handled is not known here.
func CheckAccounts(t testing.TB, sys *core.System) {
	t.Helper()
	st := sys.Stats()
	if st.Actors != 0 || st.Waiting != 0 {
		t.Errorf("Stats = %+v; an actor, or a message, is left", st)
	}
	if st.StrayTurns != 0 {
		t.Errorf("Stats = %+v; the runtime called Turn when it should not", st)
	}
	c := countOf(sys)
	if c == nil {
		return
	}
	handled := c.handled.Load()
	if st.Handled < handled || st.Handled > handled && st.Spawned == c.spawned.Load() {
		t.Errorf("Stats = %+v; the Probes, %d of the actors, handled %d messages", st, c.spawned.Load(), handled)
	}
}

// A tally counts what the Probes of one system do.
type tally struct{ spawned, handled atomic.Uint64 }

var tallies sync.Map // of *tally by *core.System

func count(sys *core.System)   { tallies.Store(sys, new(tally)) }
func uncount(sys *core.System) { tallies.Delete(sys) }

// countOf is nil for a system that was not made by System.
func countOf(sys *core.System) *tally {
	if c, ok := tallies.Load(sys); ok {
		return c.(*tally)
	}
	return nil
}

// noteHandled counts a message of the actor that ctx is of.
func noteHandled(ctx context.Context) {
	if c := countOf(core.SystemOf(ctx)); c != nil {
		c.handled.Add(1)
	}
}

// Invoke is f as a message to a Probe. It never gets to Receive; so it is
// counted here.
func Invoke(f core.Invoke) core.Invoke {
	return func(ctx context.Context, actor any) (any, error) {
		noteHandled(ctx)
		return f(ctx, actor)
	}
}
