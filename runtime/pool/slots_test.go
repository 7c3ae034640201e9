package pool

import (
	"fmt"
	"testing"
)

// A model of everything that uses the tally: actors that become ready,
// workers, callers from outside, turns that wait and are woken, slots that are
// lent, and a pool that is resized, each as often as it likes and in any
// order. One swap of the tally, with the queue under the lock, is one step.
type model struct {
	tally   tally
	size    int    // slots that the pool has
	idle    int    // actors with nothing to do
	queue   string // of a, actors, and r, turns that resume
	called  int    // workers that were called and have not arrived
	refused bool   // a worker found no slot for the first in the queue
	running int    // turns of workers
	lent    int    // of these, those whose slot is lent
	ending  int    // workers that have a slot and are about to give it back
	waiting int    // turns that wait
	guests  int    // callers from outside
}

const (
	modelActors = 5
	modelGuests = 2
	modelSize   = 3
)

// with is the model after a swap.
func (m model) with(next tally, call bool) model {
	m.tally = next
	if call {
		m.called++
	}
	return m
}

// pop has the first in the queue run.
func (m model) pop() model {
	m.queue = m.queue[1:]
	m.refused = false
	m.running++
	return m
}

func (m model) push(what string) model {
	m.queue += what
	return m.with(m.tally.ready())
}

// steps are all that may happen next.
func (m model) steps() map[string]model {
	next := map[string]model{}
	m.comings(next)
	m.endings(next)
	m.waits(next)
	m.sizes(next)
	return next
}

func (m model) comings(next map[string]model) {
	if m.idle > 0 {
		n := m
		n.idle--
		next["wake"] = n.push("a")
	}
	t, got, call := m.tally.arrive() // whom the monitor has replaced comes too
	n := m
	n.called = 0
	n = n.with(t, call)
	if got {
		n = n.pop()
	} else {
		n.refused = len(n.queue) > 0
	}
	next["arrive"] = n
	if t, ok := m.tally.take(); ok && m.guests < modelGuests {
		n := m.with(t, false)
		n.guests++
		next["enter"] = n
	}
	if m.guests > 0 {
		n := m.with(m.tally.release())
		n.guests--
		next["leave"] = n
	}
}

func (m model) endings(next map[string]model) {
	end := func(name string, m model) {
		t, got := m.tally.next()
		n := m.with(t, false)
		if got {
			n = n.pop()
		}
		next[name] = n
	}
	if m.running > m.lent {
		n := m
		n.running--
		n.idle++
		end("end", n)
		n.idle--
		n.ending++
		next["goexit"] = n.push("a")
	}
	if m.lent > 0 {
		n := m.with(m.tally.resize(-1))
		n.lent--
		next["end loan"] = n
	}
	if m.ending > 0 {
		n := m.with(m.tally.release())
		n.ending--
		next["give back"] = n
	}
}

func (m model) waits(next map[string]model) {
	if m.running > m.lent {
		n := m.with(m.tally.release())
		n.running--
		n.waiting++
		next["park"] = n
	}
	if m.waiting == 0 {
		return
	}
	n := m
	n.waiting--
	if t, ok := m.tally.take(); ok {
		n.tally = t
		n.running++
	} else {
		n = n.push("r")
	}
	next["unpark"] = n
}

func (m model) sizes(next map[string]model) {
	if m.running > m.lent && m.tally.queued() > 0 && m.tally.free() <= 0 {
		n := m.with(m.tally.resize(1))
		n.lent++
		next["lend"] = n
	}
	if m.size < modelSize {
		n := m.with(m.tally.resize(1))
		n.size++
		next["grow"] = n
	}
	if m.size > 1 {
		n := m.with(m.tally.resize(-1))
		n.size--
		next["shrink"] = n
	}
}

// check is what must hold after each step.
func (m model) check() error {
	inUse := m.running + m.ending + m.guests
	switch t := m.tally; {
	case t.queued() != len(m.queue):
		return fmt.Errorf("%d are queued, and counted as %d", len(m.queue), t.queued())
	case m.called > 1 || t.isComing() != (m.called == 1):
		return fmt.Errorf("%d workers are on their way", m.called)
	case t.free() != m.size+m.lent-inUse:
		return fmt.Errorf("%d slots of %d, and %d lent, are in use, and %d counted as free", inUse, m.size, m.lent, t.free())
	case t.queued() > 0 && t.free() > 0 && !t.isComing():
		return fmt.Errorf("somebody is queued, a slot is free, and nobody comes")
	case t.isOwed() != m.refused:
		return fmt.Errorf("a worker found no slot: %t", m.refused)
	}
	return nil
}

// checkStep is what must hold after one step from m.
func (m model) checkStep(step string, next model) error {
	shrinks := step == "shrink" || step == "end loan"
	overtakes := next.guests > m.guests || len(next.queue) == len(m.queue) && next.running > m.running
	switch {
	case next.tally.free() < min(0, m.tally.free()) && !shrinks:
		return fmt.Errorf("took a slot that is not there")
	case m.refused && overtakes:
		return fmt.Errorf("took the slot that is owed to the first in the queue")
	case step == "end" && m.tally.free() < 0 && next.running == m.running:
		return fmt.Errorf("as many run as before the pool shrank")
	}
	return next.check()
}

func TestTallyExhaustively(t *testing.T) {
	start := model{size: 1, idle: modelActors}
	start.tally, _ = start.tally.resize(1)
	seen := map[model]bool{start: true}
	for todo := []model{start}; len(todo) > 0; {
		m := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for step, next := range m.steps() {
			err := m.checkStep(step, next)
			if err != nil {
				t.Fatalf("%v\nafter %q of %+v\nwhich gives %+v", err, step, m, next)
			}
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	if len(seen) < 10_000 {
		t.Errorf("the model has only %d states", len(seen))
	}
}
