package pool

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
)

// hireOne makes a worker with a slot, on which the test runs the turns.
func hireOne(t *testing.T, r *Runtime) *worker {
	t.Helper()
	assert.True(t, r.slots.take())
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hire()
}

// dismissOne has w leave.
func dismissOne(r *Runtime, w *worker) {
	r.slots.release()
	r.leave(w)
}

func (r *Runtime) atWork() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.workers
}

// Until its slice is over a worker runs whom its turns make ready, and then
// whoever is queued.
func TestQueuedComeFirstAfterTheSlice(t *testing.T) {
	r := newPool(t, 1, Patience(0)) // so that no monitor takes whom it is to run
	p, l := attach(t, r)
	next, nl := attach(t, r)
	queued, ql := attach(t, r)
	w := hireOne(t, r)

	w.pace.stride, w.pace.left = 1, 1
	w.next.Store(next)
	assert.Same(t, next, w.follow(p, core.Idle), "when the slice is over and nobody is queued")
	r.push(entry{place: queued})
	w.pace.stride, w.pace.left = 2, 2
	w.next.Store(next)
	assert.Same(t, next, w.follow(p, core.Idle), "in the slice")
	w.next.Store(next)
	assert.Same(t, queued, w.follow(p, core.Idle), "when the slice is over")

	go w.run(queued)
	ql.turns <- end
	nl.turns <- end
	finish(p, l)
}

// A turn's budget is what its worker's pace allows.
func TestBudgetOfATurn(t *testing.T) {
	r := newPool(t, 1, Budget(1000))
	p, l := attach(t, r)
	allow := func(budget int) func() core.Status {
		return func() core.Status {
			pace := &p.worker().pace
			pace.left, pace.budget = 2, budget
			return core.More
		}
	}
	p.Wake(nil)
	l.turns <- allow(7)
	l.turns <- func() core.Status {
		assert.EqualValues(t, 7, l.budget.Load())
		return allow(300)()
	}
	l.turns <- func() core.Status {
		assert.EqualValues(t, 300, l.budget.Load())
		return core.Ended
	}
}

// A worker that is hired again is as good as new.
func TestNextOnAWorkerThatWasSpare(t *testing.T) {
	r := newPool(t, 1)
	r.watched.Store(true) // or the monitor may see a long turn here, and step in
	defer r.watched.Store(false)
	p, l := attach(t, r)
	q, m := attach(t, r)
	p.Wake(nil)
	l.turns <- idle
	eventually(t, func() bool { return r.atWork() == 0 }, "the worker to leave")
	p.Wake(nil)
	l.turns <- func() core.Status {
		q.Wake(p)
		assert.Zero(t, r.slots.load().queued())
		return core.Ended
	}
	m.turns <- end
}

// Whoever wakes an actor during its last turn, so that a worker comes for it,
// has no other turn called.
func TestNoTurnAfterEnded(t *testing.T) {
	r := newPool(t, 2)
	p, l := attach(t, r)
	p.Wake(nil)
	l.turns <- func() core.Status {
		p.Wake(nil)
		eventually(t, func() bool { return p.host.Load().again && r.inUse() == 1 }, "a worker to come and leave")
		return core.Ended
	}
	eventually(t, func() bool { return r.atWork() == 0 }, "the worker to leave")
	assert.EqualValues(t, 1, l.n.Load())
}

// A loan ends with its turn, also with one that ends its goroutine.
func TestGoexitEndsLoan(t *testing.T) {
	r := newPool(t, 1, Patience(time.Millisecond))
	p, l := attach(t, r)
	q, m := attach(t, r)
	p.Wake(nil)
	l.turns <- func() core.Status {
		q.Wake(nil)
		eventually(t, func() bool { return r.Stats().Lent == 1 }, "the slot to be lent")
		runtime.Goexit()
		return core.More
	}
	m.turns <- end
	l.turns <- func() core.Status {
		eventually(t, func() bool { return r.Stats().Lent == 0 }, "the loan to end")
		return core.Ended
	}
}

// A pool that has shrunk lends no slot while nobody is queued.
func TestNothingIsLentToNobody(t *testing.T) {
	r := newPool(t, 2)
	p, l := attach(t, r)
	w, other := hireOne(t, r), hireOne(t, r)
	r.Resize(1)
	w.current.Store(p)
	w.mark.Store(seen)
	m := round{Runtime: r, now: time.Now()}
	r.mu.Lock()
	m.lend(w, time.Hour)
	r.mu.Unlock()
	assert.Zero(t, r.Stats().Lent)
	dismissOne(r, w)
	dismissOne(r, other)
	finish(p, l)
}

// A worker of somebody else's pool is late when it has not come within a tick
// of the monitor's that met it on its way.
func TestLate(t *testing.T) {
	r := newPool(t, 1)
	r.crew.own = false
	defer func() { r.crew.own = true }()
	m := round{Runtime: r}
	assert.False(t, m.late(), "nobody is coming")
	r.slots.word.Add(uint64(coming))
	assert.False(t, m.late(), "it has just been called")
	assert.True(t, m.late(), "it has not come")
	r.arrivals++
	assert.False(t, m.late(), "it has come, and another is coming")
	r.slots.arrive()
	assert.False(t, m.late(), "nobody is coming")
	r.slots.word.Add(uint64(coming))
	assert.False(t, m.late(), "another has just been called")
	r.slots.arrive()
}

// A goroutine outside that may wait for a reply is let in after the slice, if
// nobody waits but an actor that is always ready and its own.
func TestFetchAsksForWhoeverIsOutside(t *testing.T) {
	for _, test := range []struct {
		name               string
		putBehind, outside bool
		others             int
		want               bool
	}{
		{"beside one that is always ready", true, true, 1, true},
		{"with the worker to itself", false, true, 0, false},
		{"by an actor", true, false, 1, false},
		{"among many", true, true, 2, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := New(1, Patience(0))
			require.True(t, r.slots.take())
			w := new(worker)
			w.init()
			var by core.Waker
			if !test.outside {
				by = &place{r: r}
			}
			(&place{r: r}).Wake(by)
			for range test.others {
				r.push(entry{place: &place{r: r}})
			}
			require.NotNil(t, r.fetch(w, test.putBehind))
			assert.Equal(t, test.want, w.pace.asked)
			for range test.others {
				require.NotNil(t, r.fetch(w, false))
			}
			require.True(t, r.slots.leave())
			require.NoError(t, r.Close(t.Context()))
		})
	}
}
