package pool

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
)

// These tests are inside the package that testkit imports, and cannot import
// testkit.
const deadline = 20 * time.Second

func closing(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	return ctx
}

func eventually(t *testing.T, cond func() bool, what string) {
	t.Helper()
	for end := time.Now().Add(deadline); !cond(); time.Sleep(100 * time.Microsecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v for %s", deadline, what)
		}
	}
}

func await(t *testing.T, done <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(deadline):
		t.Fatalf("waited %v for %s", deadline, what)
	}
}

// A loop is a core.Loop by itself. Each Turn is what the test sends.
type loop struct {
	turns  chan func() core.Status
	n      atomic.Int64 // turns so far
	budget atomic.Int64 // of the last
}

func (l *loop) Turn(budget int) core.Status {
	l.n.Add(1)
	l.budget.Store(int64(budget))
	return (<-l.turns)()
}

// attach makes a pool and a loop on it, which are closed at the end of the
// test.
func attach(t *testing.T, r *Runtime) (*place, *loop) {
	t.Helper()
	l := &loop{turns: make(chan func() core.Status)}
	w, err := r.Attach(l)
	require.NoError(t, err)
	return w.(*place), l
}

func newPool(t *testing.T, size int, opts ...Option) *Runtime {
	t.Helper()
	r := New(size, opts...)
	t.Cleanup(func() {
		assert.NoError(t, r.Close(closing(t)))
		assert.NoError(t, r.CheckAtRest())
	})
	return r
}

func end() core.Status  { return core.Ended }
func idle() core.Status { return core.Idle }

// finish has the loop's last turn run.
func finish(p *place, l *loop) {
	p.Wake(nil)
	l.turns <- end
}

func (r *Runtime) inUse() int { return r.Stats().Running }

func TestParkGivesSlotUp(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	q, m := attach(t, r)
	k := new(core.Parking)
	p.Wake(nil)
	l.turns <- func() core.Status { p.Park(k); return core.Idle }
	finish(q, m) // which needs the slot
	eventually(t, func() bool { return r.inUse() == 0 }, "no slot to be in use")
	assert.Equal(t, 1, r.Stats().Waiting)
	p.Unpark(k)
	eventually(t, func() bool { return r.Stats().Waiting == 0 }, "the turn to go on")
	finish(p, l)
}

func TestUnparkMayComeFirstAndOften(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	k := new(core.Parking)
	p.Unpark(k)
	p.Unpark(k)
	p.Wake(nil)
	done := make(chan struct{})
	l.turns <- func() core.Status { p.Park(k); close(done); return core.Idle }
	await(t, done, "Park to return at once")
	assert.Nil(t, k.Data, "an Unpark is used up")
	for range 100 { // while they race
		done := make(chan struct{})
		go func() { p.Unpark(k); p.Unpark(k); p.Unpark(k); close(done) }()
		p.Park(k)
		<-done
	}
	eventually(t, func() bool { return r.inUse() == 0 }, "no slot to be in use")
	finish(p, l)
}

// A turn that goes on has a slot, and waits for it behind those that came
// first.
func TestParkReturnsWithSlot(t *testing.T) {
	r := newPool(t, 1, Patience(0))
	p, l := attach(t, r)
	q, m := attach(t, r)
	k := new(core.Parking)
	p.Wake(nil)
	resumed := make(chan struct{})
	l.turns <- func() core.Status { p.Park(k); close(resumed); return core.Idle }
	q.Wake(nil)
	release := make(chan struct{})
	m.turns <- func() core.Status { <-release; return core.Ended }
	p.Unpark(k)
	assert.Equal(t, 1, r.Stats().Ready)
	select {
	case <-resumed:
		t.Error("two turns run on one slot")
	default:
	}
	close(release)
	await(t, resumed, "the turn to go on")
	finish(p, l)
}

// Whoever was to be next on a worker whose turn waits runs elsewhere.
func TestParkFreesNext(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	q, m := attach(t, r)
	k := new(core.Parking)
	p.Wake(nil)
	l.turns <- func() core.Status { q.Wake(p); p.Park(k); return core.Idle }
	m.turns <- end
	p.Unpark(k)
	finish(p, l)
}

func TestWakeRunsNextOnSameWorker(t *testing.T) {
	r := newPool(t, 4)
	r.watched.Store(true) // or the monitor may see a long turn here, and step in
	defer r.watched.Store(false)
	p, l := attach(t, r)
	q, m := attach(t, r)
	p.Wake(nil)
	l.turns <- func() core.Status { q.Wake(p); return core.Idle }
	m.turns <- end
	r.mu.Lock()
	arrivals := r.arrivals
	r.mu.Unlock()
	assert.EqualValues(t, 1, arrivals)
	finish(p, l)
}

// Whoever is woken by an actor of another pool runs on a slot of its own.
func TestWakeFromAnotherPool(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, newPool(t, 1))
	q, m := attach(t, r)
	p.Wake(nil)
	l.turns <- func() core.Status { q.Wake(p); return core.Ended }
	m.turns <- func() core.Status { assert.Equal(t, 1, r.inUse()); return core.Ended }
}

func TestEnter(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	q, m := attach(t, r)
	other, ol := attach(t, newPool(t, 1))

	require.True(t, p.Enter(nil))
	assert.Equal(t, 1, r.inUse())
	assert.False(t, p.Enter(nil), "an actor that has somebody in it")
	assert.False(t, q.Enter(nil), "no slot is free")
	assert.True(t, q.Enter(p), "on the slot of a caller that runs")
	assert.Equal(t, 1, r.inUse())
	q.Leave()
	assert.Equal(t, 1, r.inUse())
	p.Leave()
	assert.Zero(t, r.inUse())

	assert.False(t, p.Enter(other), "an actor of another pool")
	assert.False(t, p.Enter(stranger{}))
	require.True(t, p.Enter(q), "a caller that does not run is taken for one from outside")
	assert.Equal(t, 1, r.inUse())
	p.Leave()
	assert.Zero(t, r.inUse())
	finish(p, l)
	finish(q, m)
	finish(other, ol)
}

type stranger struct{}

func (stranger) Wake(core.Waker) {}

// A worker that finds somebody in the actor does not wait there, and the Turn
// is called once that one has left.
func TestTurnIsCalledAfterLeave(t *testing.T) {
	r := newPool(t, 2)
	p, l := attach(t, r)
	require.True(t, p.Enter(nil))
	p.Wake(nil)
	eventually(t, func() bool { return p.host.Load().again && r.inUse() == 1 }, "the worker to give up")
	assert.Zero(t, l.n.Load())
	p.Leave()
	l.turns <- end
}

// Whoever becomes next on a worker that is about to leave runs elsewhere.
func TestNextOnAWorkerThatLeaves(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	w := new(worker)
	w.init()
	w.next.Store(p)
	r.mu.Lock()
	r.workers++
	r.mu.Unlock()
	r.leave(w)
	l.turns <- end
}

// A turn that has waited leaves its worker as it was for the turn after it.
func TestNextAfterAWait(t *testing.T) {
	r := newPool(t, 1)
	r.watched.Store(true) // or the monitor may see a long turn here, and step in
	defer r.watched.Store(false)
	p, l := attach(t, r)
	q, m := attach(t, r)
	k := new(core.Parking)
	p.Wake(nil)
	l.turns <- func() core.Status { p.Unpark(k); p.Park(k); p.Park(k); return core.More }
	eventually(t, func() bool { return r.Stats().Waiting == 1 }, "the turn to wait")
	p.Unpark(k)
	l.turns <- func() core.Status {
		q.Wake(p)
		assert.Same(t, q, p.worker().next.Load())
		return core.Ended
	}
	m.turns <- end
}

// With nothing ready there is no timer, however long a turn takes.
func TestMonitorRests(t *testing.T) {
	r := newPool(t, 2)
	p, l := attach(t, r)
	q, m := attach(t, r)
	rests := func() bool { return !r.watched.Load() }
	p.Wake(nil)
	release := make(chan struct{})
	l.turns <- func() core.Status { q.Wake(p); <-release; return core.Idle }
	m.turns <- idle
	eventually(t, rests, "the monitor to rest")
	close(release)
	finish(p, l)
	finish(q, m)
}

// A loan that the turn's end meets halfway is not lost. There is one at least,
// of the turn that waits for it.
func TestLoansEnd(t *testing.T) {
	r := newPool(t, 1, Patience(time.Millisecond))
	sys := core.NewSystem(core.Shared(r), core.WithLogger(slog.New(slog.DiscardHandler)))
	first, err := core.Spawn(sys, core.Func(func(context.Context, int) (any, error) {
		eventually(t, func() bool { return r.Stats().Loans > 0 }, "a loan")
		return nil, nil
	}))
	require.NoError(t, err)
	require.NoError(t, first.Tell(t.Context(), 0))
	for range 20 {
		ref, err := core.Spawn(sys, core.Func(func(ctx context.Context, d time.Duration) (any, error) {
			time.Sleep(d)
			core.Blocking(ctx, func() { time.Sleep(d) })
			time.Sleep(d)
			return nil, nil
		}))
		require.NoError(t, err)
		for i := range 10 {
			require.NoError(t, ref.Tell(t.Context(), time.Duration(i)*200*time.Microsecond))
		}
	}
	require.NoError(t, sys.Shutdown(closing(t)))
	eventually(t, func() bool { return r.inUse() == 0 && r.Stats().Lent == 0 }, "all loans to end")
}
