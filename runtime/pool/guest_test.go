package pool

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
)

// A caller that has a slot, and meets another in the actor, gives it back.
func TestGuestThatIsTooLate(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	w := new(worker)
	w.init()
	p.host.Store(&w.here)
	assert.False(t, r.admit(p))
	assert.Zero(t, r.inUse())
	p.vacate()

	require.True(t, p.Enter(nil), "the next one")
	p.Leave()
	finish(p, l)
}

// A caller that finds no slot leaves the actor to the next.
func TestGuestWithoutSlot(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	require.True(t, r.slots.take())
	assert.False(t, p.Enter(nil))
	r.slots.release()
	require.True(t, p.Enter(nil))
	p.Leave()
	finish(p, l)
}

// How long a guest has had its slot is not counted from the last one's time.
func TestGuestIsUnmarked(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	w := r.guests.of(p)
	w.mark.Store(seen) // by a monitor that met the last guest as it left
	require.True(t, p.Enter(nil))
	assert.Equal(t, fresh, w.mark.Load(), "as it comes")
	w.mark.Store(seen)
	p.Leave()
	assert.Equal(t, fresh, w.mark.Load(), "as it leaves")
	finish(p, l)
}

// A guest that waits in core's sight has given its slot up, and the monitor
// does not look at it.
func TestMonitorLooksAtNoGuestThatWaits(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	w := r.guests.of(p)
	k := new(core.Parking)
	require.True(t, p.Enter(nil))
	r.monitor()
	assert.Equal(t, seen, w.mark.Swap(fresh), "while its turn runs")
	wentOn := make(chan struct{})
	go func() { p.Park(k); close(wentOn) }()
	eventually(t, func() bool { return r.Stats().Waiting == 1 }, "the turn to wait")
	r.monitor()
	assert.Equal(t, fresh, w.mark.Load(), "while its turn waits")
	p.Unpark(k)
	await(t, wentOn, "the turn to go on")
	p.Leave()
	finish(p, l)
}
