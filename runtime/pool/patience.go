package pool

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/troupe-go/troupe/core"
)

// The monitor looks after what cannot be seen from inside a turn that does
// not end. It runs, by a timer and every tick, only while somebody is ready.
//
//   - Whoever is to be next on a worker whose turn is the same as a tick ago
//     is queued instead.
//   - A worker whose turn is the same as Patience ago has its slot lent, if
//     more are queued than slots are free.
//   - A worker that an ants pool did not start within a tick is replaced.
const tick = time.Millisecond

// What the monitor writes to worker.mark. The worker takes it away when its
// turn has ended, so a mark that is still there says that it has not.
const (
	fresh uint32 = iota
	seen
	lent
)

// queued has a worker called, or the monitor watch over who may be queued.
func (r *Runtime) queued(call bool) {
	switch {
	case call:
		r.call()
	case r.patience > 0:
		r.watch()
	}
}

// watch starts the monitor unless it runs.
func (r *Runtime) watch() {
	if !r.watched.Load() && r.watched.CompareAndSwap(false, true) {
		r.timer.Reset(tick)
	}
}

// A round is one look of the monitor at everybody, under mu.
type round struct {
	*Runtime
	now  time.Time
	call bool // a worker is to be called
}

func (r *Runtime) monitor() {
	r.mu.Lock()
	m := round{Runtime: r, now: time.Now()}
	for w := r.busy.first; w != nil; w = w.listNext {
		m.look(w)
	}
	for i := range r.guests {
		if w := &r.guests[i].worker; w.parked == 0 && w.current.Load() != nil {
			m.look(w)
		}
	}
	late := m.late()
	m.rest()
	r.mu.Unlock()
	r.callIf(m.call)
	if late {
		r.spawn(r.work)
	}
}

// look is at one worker.
func (m *round) look(w *worker) {
	n := w.next.Load()
	full := n != nil && n != shut
	if w.mark.CompareAndSwap(fresh, seen) {
		w.since = m.now
		return
	}
	if full && w.next.CompareAndSwap(n, nil) {
		m.queue.push(entry{place: n})
		m.call = m.slots.ready() || m.call
	}
	m.lend(w, m.now.Sub(w.since))
}

// lend lends the slot of w, whose turn has held it for so long, if it should.
func (m *round) lend(w *worker, held time.Duration) {
	t := m.slots.load()
	if m.patience == 0 || held < m.patience || t.queued() <= max(t.free(), 0) {
		return
	}
	p := w.current.Load()
	if p == nil || !w.mark.CompareAndSwap(seen, lent) {
		return
	}
	m.lent++
	m.loans++
	m.call = m.slots.resize(1) || m.call
	m.report(p.loop, held)
}

// late reports whether the worker that was coming a tick ago still is, and is
// to be replaced.
func (m *round) late() bool {
	if m.crew.own || !m.slots.load().isComing() {
		m.missed = 0
		return false
	}
	late := m.missed == m.arrivals+1
	m.missed = m.arrivals + 1
	return late
}

// rest ends the monitor's work until the next watch, which is at once if it
// is needed: whoever became ready before found it running.
func (m *round) rest() {
	m.watched.Store(false)
	if m.needed() {
		m.watch()
	} else {
		m.checkEnded()
	}
}

// needed reports whether somebody that the monitor is to look after is queued,
// or coming, or next on a worker.
func (m *round) needed() bool {
	t := m.slots.load()
	if m.patience > 0 && t.queued() > 0 || !m.crew.own && t.isComing() {
		return true
	}
	for w := m.busy.first; w != nil; w = w.listNext {
		if n := w.next.Load(); n != nil && n != shut {
			return true
		}
	}
	return false
}

// unmark ends the monitor's interest in the turn that w has finished.
func (r *Runtime) unmark(w *worker) {
	if w.mark.Load() == fresh {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.endLoan(w)
}

// endLoan is unmark under mu.
func (r *Runtime) endLoan(w *worker) {
	if w.mark.Swap(fresh) == lent {
		r.lent--
		r.slots.resize(-1)
	}
}

// report logs that the slot of an actor has been lent, once for each type of
// actor, under mu. It does so on a goroutine of its own, as a log may block.
func (r *Runtime) report(loop core.Loop, held time.Duration) {
	r.spawn(func() {
		kind, log := describe(loop)
		r.mu.Lock()
		known := r.named[kind]
		r.named[kind] = true
		r.mu.Unlock()
		if !known {
			log.Warn("pool: a turn holds its slot while others are ready; lending it", "held", held)
		}
	})
}

// describe returns the type of the actor that loop is of, and a logger that
// names the actor. Core's loops are the contexts of their actors, and their
// text begins with the type.
func describe(loop core.Loop) (kind string, log *slog.Logger) {
	kind = fmt.Sprintf("%T", loop)
	if s, ok := loop.(fmt.Stringer); ok {
		kind, _, _ = strings.Cut(s.String(), " (")
	}
	if ctx, ok := loop.(context.Context); ok {
		return kind, core.Logger(ctx)
	}
	return kind, slog.Default().With("actor", kind)
}
