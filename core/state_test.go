package core

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
)

// The model: one actor, and five threads that use it.
//
//	runtime   answers Wakes with Turns of a budget
//	senders   two, that send messages
//	borrower  calls, inline if it may, and else sends and claims the turn
//	stopper   requests a stop, and may run the end itself
//
// Every step of a thread is one atomic transition of the word, made by the
// functions of state.go, loop.go, send.go, stop.go and finish.go themselves
// on a cell that is built for it. What takes the lock is two steps, so that
// everything else is tried against a locked word too. TestState explores
// every interleaving; of those that differ by which sender is which, one.
type world struct {
	word    uint64
	phase   phase
	pushed  uint8
	left    uint8
	dead    uint8
	handled uint8
	stopAt  uint8
	entries uint8 // of the actor in the runtime's queue
	reports uint8 // Turns that returned Ended
	answers uint8 // requests to stop that were answered
	threads [5]thread
}

type thread struct {
	at     step
	todo   uint8 // operations left
	batch  uint8 // messages taken and not handled
	budget uint8
	own    bool
	until  uint8 // 0: nothing; n: message n is handled; forEnd
	end    bool
	status Status
}

const (
	theRuntime = iota
	sender1
	sender2
	borrower
	stopper
)

const forEnd = ^uint8(0)

// step is what a thread does next.
type step uint8

const (
	rests       step = iota // begin the next operation, if there is one
	launches                // Spawn gives up the turn that the actor is made with
	starts                  // OnStart, with the lock held
	started                 // after OnStart
	opens                   // fetch, with the lock held
	serves                  // handle the next of the batch, or look for more
	locks                   // take the lock for more
	fetches                 // with the lock held
	closes                  // finish: close the inbox
	drains                  // finish: drain
	concludes               // finish: the last transition
	wakes                   // call Wake
	leaves                  // the runtime has the status of its Turn
	locksToSend             // a sender takes the lock
	sends                   // with the lock held
	enters                  // the borrower has seen an idle actor
	claims                  // the borrower has sent
	locksToStop             // the stopper takes the lock
	requests                // with the lock held
)

// ways is in how many ways the step may end.
func (s step) ways() int {
	if s == serves || s == requests {
		return 2
	}
	return 1
}

// inTurn reports whether the thread is running the actor's turn.
func (th thread) inTurn() bool { return th.at >= launches && th.at <= concludes }

// wakeRecorder notes that Wake was called, which is a step of its own.
type wakeRecorder struct{ called int }

func (r *wakeRecorder) Wake(Waker) { r.called++ }

// A move is a world and the cell made of it, on which a thread does a step.
type move struct {
	*world
	th    *thread
	c     *cell[int]
	t     turn[int]
	waker wakeRecorder
}

var modelKind = &kind{sys: NewSystem(nil)}

func (w *world) move(i int) *move {
	m := &move{world: w, th: &w.threads[i], c: new(cell[int])}
	c := m.c
	c.self, c.kind, c.waker, c.phase = c, modelKind, &m.waker, w.phase
	for range w.left {
		var spare *segment[int]
		if !c.hasRoom() {
			spare = getSegment[int](&modelKind.segments, c.tail != nil)
		}
		c.push(Envelope[int]{}, &spare)
	}
	c.pushed = uint64(w.pushed)
	if w.word&stopping != 0 {
		c.extra().stop = &outcome{to: &c.actor}
		c.extra().stopAt = uint64(w.stopAt)
	}
	c.word.Store(w.word)
	m.t.c, m.t.own, m.t.budget, m.t.end = c, m.th.own, int(m.th.budget), m.th.end
	if u := m.th.until; u != 0 {
		m.t.until = new(outcome)
		if u != forEnd && m.taken() >= u {
			m.t.until.resolve(nil, nil)
		}
	}
	return m
}

// taken counts the messages that turns have taken from the inbox.
func (w *world) taken() uint8 { return w.pushed - w.left }

// done writes the cell back, and goes on at next, or at a Wake before it.
func (m *move) done(next step) {
	m.word, m.phase = m.c.word.Load(), m.c.phase
	m.pushed, m.left = uint8(m.c.pushed), uint8(m.c.left)
	if x := m.c.ext.Load(); x != nil {
		m.stopAt = uint8(x.stopAt)
	}
	m.th.end, m.th.status = m.t.end, m.t.status
	m.th.at = next
	if m.waker.called > 0 {
		m.th.at = wakes
	}
	if m.th.at == rests { // what it remembers makes no difference
		*m.th = thread{todo: m.th.todo}
	}
}

// withLock has the thread hold the lock that it took a step ago, by the word
// that lock gave it.
func (m *move) withLock() uint64 { return m.word &^ locked }

// unheld undoes the lock that the thread took a step ago, for a function that
// takes it by itself.
func (m *move) unheld() { m.c.word.Store(m.word &^ locked) }

// begins reports whether thread i has an operation to begin.
func (w *world) begins(i int) bool {
	if i == theRuntime { // it waits for a Wake and for the lock
		return w.entries > 0 && w.word&locked == 0
	}
	return w.threads[i].todo > 0
}

// step does one step of thread i, if other in the second of its ways. It
// returns false if the thread cannot go on.
func (w *world) step(i int, other bool) bool {
	if w.threads[i].at == rests && !w.begins(i) {
		return false
	}
	m := w.move(i)
	th := m.th
	waitsForLock := w.word&locked != 0
	switch th.at {
	case rests:
		m.begin(i)
	case launches:
		if waitsForLock {
			return false
		}
		m.c.release()
		m.done(wakes)
	case starts:
		m.c.unlock(m.withLock())
		m.done(started)
	case started:
		if waitsForLock {
			return false
		}
		m.t.started(nil)
		m.done(serves)
	case opens, fetches:
		m.more()
	case serves:
		m.serve(other)
	case locks, locksToSend, locksToStop:
		if waitsForLock {
			return false
		}
		m.c.lock()
		m.done(th.at + 1)
	case closes:
		if waitsForLock {
			return false
		}
		m.c.unlock(m.c.lock() | closed)
		m.done(drains)
	case drains:
		if waitsForLock {
			return false
		}
		m.dead += m.left + th.batch
		th.batch = 0
		m.c.left = 0
		m.answers++
		m.done(concludes)
	case concludes:
		m.conclude()
	case wakes:
		m.entries++
		m.done(rests)
	case leaves:
		switch th.status {
		case More:
			m.entries++
		case Ended:
			m.reports++
		}
		m.done(rests)
	case sends:
		m.send(i)
	case enters:
		m.enter()
	case claims:
		m.claim()
	case requests:
		m.request(other)
	}
	return true
}

// begin begins the thread's next operation.
func (m *move) begin(i int) {
	if i == theRuntime {
		m.turn()
		return
	}
	m.th.todo--
	switch i {
	case stopper:
		m.done(locksToStop)
	case borrower:
		if m.c.idle() {
			m.done(enters)
			break
		}
		m.done(locksToSend)
	default:
		m.done(locksToSend)
	}
}

// turn is a Turn of the runtime.
func (m *move) turn() {
	m.entries--
	th := m.th
	_, v := m.c.begin()
	switch v {
	case toRun:
		th.own, th.budget, th.until = true, 2, 0
		m.t.own = true
		m.done(m.opening())
	case over:
		m.reports++
		m.done(rests)
	case stray:
		panic("a stray Turn")
	case nothing:
		m.done(rests)
	}
}

// opening is the first step of a turn.
func (m *move) opening() step {
	if m.c.phase == starting {
		return starts
	}
	return opens
}

// more is next of the turn, or its first fetch, with the lock held.
func (m *move) more() {
	w := m.withLock()
	t := &m.t
	served := m.th.at == fetches && (t.budget <= 0 || t.until != nil && t.until.settled())
	if served && !t.stops(w) {
		t.yield(w)
		m.done(m.over())
		return
	}
	t.fetch(w)
	m.th.batch += uint8(t.batch.n)
	if t.end {
		m.done(closes)
		return
	}
	m.done(serves)
}

// over is where the thread goes on that has given the turn up.
func (m *move) over() step {
	if m.th.own {
		return leaves
	}
	return rests
}

// serve handles a message of the batch. Without one it goes idle or goes for
// the lock; with other it does so as a turn does that holds a segment.
func (m *move) serve(other bool) {
	th := m.th
	switch {
	case th.batch > 0:
		th.batch--
		m.handled++
		th.budget--
		m.done(serves)
	case !other && m.c.rest():
		m.done(m.over())
	default:
		m.done(locks)
	}
}

func (m *move) conclude() {
	if m.word&locked != 0 { // it spins
		return
	}
	if !m.t.conclude() {
		m.waker.called++
	}
	m.done(m.over())
}

// send is send, after the lock.
func (m *move) send(i int) {
	m.unheld()
	err := m.c.send(context.Background(), Envelope[int]{})
	next := rests
	if i == borrower && err == nil {
		m.th.until = uint8(m.c.pushed)
		next = claims
	}
	woke := m.waker.called > 0
	m.done(next)
	if i == borrower && woke { // it claims after the Wake
		m.entries++
		m.th.at = next
	}
}

// enter is an inline call, after the first look.
func (m *move) enter() {
	if !m.c.enter(0) {
		m.done(locksToSend)
		return
	}
	if m.left > 0 || m.word&(booting|stopping|closed) != 0 {
		panic("an inline call overtakes what came before it")
	}
	m.th.own, m.th.budget, m.th.until, m.th.batch = false, 1, 0, 1
	m.done(serves)
}

// claim is the claim of a Get.
func (m *move) claim() {
	if _, ok := m.c.claim(0); !ok {
		m.done(rests)
		return
	}
	m.th.own, m.th.budget = false, 100
	m.done(m.opening())
}

// request is requestStop, after the lock; with other it wants the turn.
func (m *move) request(other bool) {
	m.unheld()
	depth := notClaimed
	if other {
		depth = 0
	}
	_, w, claimed := m.c.requestStop(depth)
	if !claimed {
		m.done(rests)
		return
	}
	m.c.word.Store(w | locked)
	m.th.own, m.th.budget, m.th.until = false, 100, forEnd
	m.done(m.opening())
}

// check is what holds in every world.
func (w *world) check() error {
	turns, wakesDue := 0, int(w.entries)
	for _, th := range w.threads {
		if th.inTurn() {
			turns++
		}
		if th.at == wakes || th.at == leaves && th.status == More {
			wakesDue++
		}
	}
	switch {
	case turns > 1:
		return fmt.Errorf("%d threads run a turn", turns)
	case wakesDue > 1:
		return fmt.Errorf("%d Wakes are outstanding", wakesDue)
	case (wakesDue == 1) != (w.word&queued != 0):
		return fmt.Errorf("queued is wrong: %d Wakes are outstanding", wakesDue)
	case (turns == 1) != (w.word&running != 0):
		return fmt.Errorf("running is wrong: %d threads run a turn", turns)
	case w.reports > 1:
		return fmt.Errorf("Ended was returned %d times", w.reports)
	}
	return nil
}

// checkEnd is what holds when no thread can go on.
func (w *world) checkEnd(stops bool) error {
	inlined := uint8(w.word >> inlineShift)
	accepted := w.pushed + inlined
	switch {
	case w.word&(locked|running|queued|work) != 0:
		return fmt.Errorf("flags %b are left", w.word&flags)
	case w.left > 0:
		return fmt.Errorf("%d messages are left", w.left)
	case accepted != w.handled+w.dead:
		return fmt.Errorf("%d accepted, %d handled and %d dead", accepted, w.handled, w.dead)
	case stops && (w.word&ended == 0 || w.reports != 1 || w.answers != 1):
		return fmt.Errorf("ended %v, reported %d times, answered %d times", w.word&ended != 0, w.reports, w.answers)
	}
	for i, th := range w.threads {
		if th.at != rests || th.todo > 0 {
			return fmt.Errorf("thread %d is stuck at step %d", i, th.at)
		}
	}
	return nil
}

// sortSenders makes one world of two that differ by which sender is which.
func (w *world) sortSenders() {
	a, b := &w.threads[sender1], &w.threads[sender2]
	if cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.todo, b.todo)) < 0 {
		*a, *b = *b, *a
	}
}

// An explorer visits every world that can be reached.
type explorer struct {
	t     *testing.T
	seen  map[world]bool
	path  []footprint
	stops bool
}

// A footprint is a step on the way to a world.
type footprint struct {
	thread int
	at     step
	way    int
	word   uint64 // after it
}

func (f footprint) String() string {
	return fmt.Sprintf("thread %d at step %d, way %d: %b", f.thread, f.at, f.way, f.word&flags)
}

func (e *explorer) explore(w world) {
	w.sortSenders()
	if e.seen[w] || e.t.Failed() {
		return
	}
	e.seen[w] = true
	if err := w.check(); err != nil {
		e.fail(err)
		return
	}
	moved := false
	for i := range w.threads {
		at := w.threads[i].at
		for way := range at.ways() {
			next := w
			if !next.step(i, way > 0) || next == w {
				continue
			}
			moved = true
			e.path = append(e.path, footprint{i, at, way, next.word})
			e.explore(next)
			e.path = e.path[:len(e.path)-1]
		}
	}
	if moved {
		return
	}
	if err := w.checkEnd(e.stops); err != nil {
		e.fail(err)
	}
}

func (e *explorer) fail(err error) {
	var path strings.Builder
	for _, f := range e.path {
		fmt.Fprintln(&path, f)
	}
	e.t.Errorf("%v, after\n%s", err, path.String())
}

// explored holds what TestState has done in this process, whatever -count is.
var explored = map[string]bool{}

// P45: in no interleaving does an inline call overtake a message, OnStart or a stop.
// P46: in every interleaving at most one goroutine runs a turn.
// P26: in every interleaving no wake-up and no message is lost, at most one Wake is outstanding, and the end is reported once.
func TestState(t *testing.T) {
	for _, c := range []struct {
		name             string
		booting          bool
		send, lend, stop uint8
	}{
		{name: "idle", send: 1, lend: 2},
		{name: "idle_stopped", send: 1, lend: 1, stop: 1},
		{name: "booting", booting: true, send: 1, lend: 1},
		{name: "booting_stopped", booting: true, send: 1, lend: 1, stop: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if explored[c.name] {
				t.Skip("explored before, and nothing in it is left to chance")
			}
			var w world
			if c.booting {
				w.word, w.phase = booting|running|work, starting
				w.threads[theRuntime].at = launches
			}
			w.threads[sender1].todo, w.threads[sender2].todo = c.send, c.send
			w.threads[borrower].todo, w.threads[stopper].todo = c.lend, c.stop
			e := &explorer{t: t, seen: map[world]bool{}, stops: c.stop > 0}
			e.explore(w)
			explored[c.name] = !t.Failed()
			t.Logf("%d worlds", len(e.seen))
		})
	}
}

// A call runs inline as soon as nothing is left to do, though the Turn that answers the last Wake has not come.
func TestEnterWithAWakeOutstanding(t *testing.T) {
	var s state
	s.word.Store(queued)
	if !s.awaitIdle() || !s.enter(0) || s.enter(0) {
		t.Fatalf("enter the actor once: %b", s.word.Load()&flags)
	}
	if w := s.word.Load(); w&flags != queued|running {
		t.Errorf("the word is %b; the Wake is outstanding still", w&flags)
	}
	if !s.rest() || s.word.Load()&flags != queued {
		t.Errorf("the word is %b after the call", s.word.Load()&flags)
	}
}
