package pool

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/troupe-go/troupe/core"
)

// waitBeside has q's turn run on a goroutine beside that of p, which has p's
// context and found p's worker, and wait on k when that worker has left.
func waitBeside(t *testing.T, p *place, l *loop, q *place, k *core.Parking) (w *worker, parked chan struct{}) {
	t.Helper()
	p.Wake(nil)
	l.turns <- func() core.Status { w = p.worker(); return core.Idle }
	eventually(t, func() bool { return p.r.atWork() == 0 }, "the worker to leave")
	q.host.Store(&w.here) // as Enter does that has found w just before
	parked = make(chan struct{})
	go func() { q.Park(k); q.Leave(); close(parked) }()
	eventually(t, func() bool { return p.r.Stats().Waiting == 1 }, "the call to wait")
	return w, parked
}

func TestAWorkerThatHasGoneDoesNotComeBack(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	q, m := attach(t, r)
	k := new(core.Parking)
	_, parked := waitBeside(t, p, l, q, k)
	q.Unpark(k)
	await(t, parked, "the call to go on")
	assert.NoError(t, r.Check())
	finish(p, l)
	finish(q, m)
}

// While that call waits the worker may be hired again.
func TestAWorkerIsHiredWhileItsFormerGuestWaits(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	q, m := attach(t, r)
	k := new(core.Parking)
	w, parked := waitBeside(t, p, l, q, k)

	checked, release := make(chan struct{}), make(chan struct{})
	p.Wake(nil)
	l.turns <- func() core.Status {
		assert.Same(t, w, p.worker())
		assert.Same(t, shut, w.next.Load())
		assert.NoError(t, r.Check())
		close(checked)
		<-release
		return core.Ended
	}
	await(t, checked, "the worker to be at work")
	q.Unpark(k)
	await(t, parked, "the call to go on")
	assert.NoError(t, r.Check())
	r.mu.Lock()
	assert.Same(t, w, r.busy.first)
	r.mu.Unlock()
	close(release)
	finish(q, m)
}

// A worker is at work again when the last of those that wait on it goes on.
func TestTwoWaitsOnOneWorker(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	var turn, beside core.Parking
	wentOn := make(chan struct{})
	p.Wake(nil)
	l.turns <- func() core.Status {
		go func() { p.Park(&beside); close(wentOn) }()
		p.Park(&turn)
		return core.Idle
	}
	eventually(t, func() bool { return r.Stats().Waiting == 2 }, "both to wait")
	p.Unpark(&beside)
	await(t, wentOn, "the one beside the turn to go on")
	assert.NoError(t, r.Check())
	p.Unpark(&turn)
	finish(p, l)
}

// A worker that a wait goes on beside is not hired while others are there.
func TestAWorkerWithAWaitBesideIsNotSpare(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	k := new(core.Parking)
	wentOn := make(chan struct{})
	var w *worker
	p.Wake(nil)
	l.turns <- func() core.Status {
		w = p.worker()
		go func() { p.Park(k); close(wentOn) }()
		eventually(t, func() bool { return r.Stats().Waiting == 1 }, "the wait to begin")
		return core.Idle
	}
	eventually(t, func() bool { return r.atWork() == 0 }, "the worker to leave")
	assert.Zero(t, r.inUse())
	p.Wake(nil)
	l.turns <- func() core.Status { assert.NotSame(t, w, p.worker()); return core.Ended }
	p.Unpark(k)
	await(t, wentOn, "the wait to end")
}

// A wait beside a turn may outlast it. Until then the monitor does not look at
// the worker, and nobody may become next on it: the turn may hang until that
// one has run.
func TestNobodyIsNextOnAWorkerWithAWaitBeside(t *testing.T) {
	r := newPool(t, 1)
	p, l := attach(t, r)
	q, m := attach(t, r)
	k := new(core.Parking)
	wentOn := make(chan struct{})
	p.Wake(nil)
	l.turns <- func() core.Status {
		go func() { p.Park(k); close(wentOn) }()
		eventually(t, func() bool { return r.Stats().Waiting == 1 }, "the wait to begin")
		return core.More
	}
	ran := make(chan struct{})
	l.turns <- func() core.Status { q.Wake(p); <-ran; return core.Ended }
	go func() { m.turns <- end; close(ran) }()
	await(t, ran, "whom a turn made ready that hangs")
	p.Unpark(k)
	await(t, wentOn, "the wait to end")
	assert.NoError(t, r.Check())
}
