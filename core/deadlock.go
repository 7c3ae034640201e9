package core

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Who waits for whom. A wait is an edge from the actors whose turns are on
// the waiting goroutine's stack (one, or several where calls ran inline) to
// the actor that it waits for. It is open until what it waits for is settled,
// whether or not the waiter has run since.
//
// A wait is announced first and looked at then, so of the waits that close a
// ring the last one sees all of it. It is announced for those whom its
// context names, which is a guess: a handler may give its context away. What
// looks like a ring becomes a verdict in two more steps. Each member testifies
// whose turns are on its goroutine, which it alone can tell: those that have
// not are woken for it, and look in their turn. What is then a ring of proven
// waits is looked at again under one lock for the whole process, and counts if
// it is the same.

type wait struct {
	stack []*actor // who waits, the innermost first; the waiter's, and once proven it stays as it is
	on    *actor
	what  settler
	ctx   context.Context
	p     *Parking
	since time.Time
	seq   uint64 // in the order of announcing, or in that of sending for calls

	looked  bool        // by the waiter: it has been looked at once
	summons atomic.Bool // the waiter is to look again
	proof   atomic.Int32
	lost    atomic.Pointer[deadlockError]
}

// What a waiter says of its goroutine.
const (
	silent  int32 = iota
	onTurn        // the turns of those in stack are on it
	besides       // no turn is, or none that core can name
)

var (
	waitSeq  atomic.Uint64
	verdicts sync.Mutex
)

// announce puts the wait of by for on where others can see it.
func announce(ctx context.Context, by, on *actor, p *Parking, what settler) *wait {
	w := &wait{on: on, what: what, ctx: ctx, p: p, since: time.Now(), seq: seqOf(what)}
	w.join(stackOf(by))
	return w
}

func seqOf(what settler) uint64 {
	if o, ok := what.(*stirred); ok && o.seq != 0 {
		return o.seq
	}
	return waitSeq.Add(1)
}

// join makes the wait that of the actors.
func (w *wait) join(actors []*actor) {
	w.stack = actors
	for _, a := range actors {
		x := a.extra()
		x.mu.Lock()
		x.waits = append(x.waits, w)
		x.mu.Unlock()
	}
}

// stackOf are the actors whose turns run on a's stack, the innermost, a,
// first.
func stackOf(a *actor) (stack []*actor) {
	for a != nil && len(stack) <= maxDepth {
		stack = append(stack, a)
		if a.depth() == 0 {
			break
		}
		a = a.parent.Load()
	}
	return stack
}

// withdraw ends the wait. A wait that may be in a ring does not end while a
// verdict is on its way: what the verdict takes back must not have begun.
func (w *wait) withdraw() {
	if w.proven() {
		verdicts.Lock()
		defer verdicts.Unlock()
	}
	w.leave()
}

// leave is the opposite of join.
func (w *wait) leave() {
	for _, a := range w.stack {
		x := a.extra()
		x.mu.Lock()
		if i := slices.Index(x.waits, w); i >= 0 {
			x.waits = slices.Delete(x.waits, i, i+1)
		}
		x.mu.Unlock()
	}
}

// open reports whether the wait may still be one of a turn's.
func (w *wait) open() bool {
	return !w.what.settled() && w.ctx.Err() == nil && w.lost.Load() == nil && w.proof.Load() != besides
}

// openWaits are the waits of a that could be part of a ring. An actor whose
// turn does not run waits for nobody, whoever has its context.
func (a *actor) openWaits() []*wait {
	x := a.ext.Load()
	if x == nil || !a.runs() {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	var open []*wait
	for _, w := range x.waits {
		if w.open() {
			open = append(open, w)
		}
	}
	return open
}

// proven reports whether the wait is known to be its turn's own.
func (w *wait) proven() bool { return w.proof.Load() == onTurn }

// ring returns a ring of open waits through w that count, w first, or nil.
func (w *wait) ring(counts func(*wait) bool) []*wait {
	if !w.open() || !counts(w) || !w.stack[0].runs() {
		return nil
	}
	return w.ringFrom([]*wait{w}, map[*actor]bool{}, counts)
}

func (w *wait) ringFrom(path []*wait, seen map[*actor]bool, counts func(*wait) bool) []*wait {
	on := path[len(path)-1].on
	if slices.Contains(w.stack, on) {
		return path
	}
	if seen[on] {
		return nil
	}
	seen[on] = true
	for _, next := range on.openWaits() {
		if !counts(next) {
			continue
		}
		if ring := w.ringFrom(append(path, next), seen, counts); ring != nil {
			return ring
		}
	}
	return nil
}

// look is what a waiter does before it goes to sleep: it returns an error if
// a ring has been found and this wait is the one to give way.
func (w *wait) look() error {
	if w == nil {
		return nil
	}
	if !w.looked || w.summons.Swap(false) {
		w.looked = true
		w.judge()
	}
	if lost := w.lost.Load(); lost != nil {
		return lost
	}
	return nil
}

// judge gives the verdict if the ring is complete, or sees to it that
// somebody will. Everybody testifies first and looks for a proven ring then,
// so the last to testify finds it.
func (w *wait) judge() {
	if w.ring((*wait).open) == nil {
		return
	}
	w.testify()
	for ring := w.ring((*wait).proven); ring != nil; ring = w.ring((*wait).proven) {
		if w.convict(ring) {
			return
		}
	}
	w.summonOthers()
}

// convict looks at the ring again, with no other verdict under way, and has
// one of its members give way. It returns false if the ring has changed.
func (w *wait) convict(ring []*wait) bool {
	verdicts.Lock()
	defer verdicts.Unlock()
	if again := w.ring((*wait).proven); !slices.Equal(ring, again) {
		return false
	}
	victim := choose(ring)
	victim.lose(&deadlockError{describeRing(ring)})
	return true
}

// lose ends the wait with err. A Call also takes its message back: if its
// actor has not got to it, it will find it settled.
func (w *wait) lose(err *deadlockError) {
	w.lost.Store(err)
	if o, ok := w.what.(*stirred); ok && o.call {
		(*outcome)(o).resolve(nil, err)
	}
	w.p.unpark()
}

// summonOthers wakes everybody down the line who has not testified.
func (w *wait) summonOthers() {
	seen := map[*actor]bool{}
	for line := []*actor{w.on}; len(line) > 0; {
		on := line[0]
		line = line[1:]
		if seen[on] {
			continue
		}
		seen[on] = true
		for _, next := range on.openWaits() {
			if next != w && next.proof.Load() == silent {
				next.summons.Store(true)
				next.p.unpark()
			}
			line = append(line, next.on)
		}
	}
}

// testify says whose turns are on the waiting goroutine. If they are others
// than the context said, the wait is theirs.
func (w *wait) testify() {
	if w.proof.Load() != silent {
		return
	}
	here := turnsHere(w.stack, w.on.kind.sys)
	if !slices.Equal(here, w.stack) {
		w.leave()
		w.join(here)
	}
	if len(here) == 0 {
		w.proof.Store(besides)
	} else {
		w.proof.Store(onTurn)
	}
}

// choose returns the wait that gives way: the one that would end first by
// its deadline; if none has one, the last.
func choose(ring []*wait) *wait {
	return slices.MinFunc(ring, func(a, b *wait) int {
		da, aok := a.ctx.Deadline()
		db, bok := b.ctx.Deadline()
		switch {
		case aok && bok && !da.Equal(db):
			return da.Compare(db)
		case aok != bok && aok:
			return -1
		case aok != bok:
			return 1
		case a.seq > b.seq:
			return -1
		}
		return 1
	})
}

type deadlockError struct{ ring string }

func (e *deadlockError) Error() string { return ErrDeadlock.Error() + ": " + e.ring }
func (e *deadlockError) Unwrap() error { return ErrDeadlock }

// describeRing names everybody in the ring, those in the middle of a stack too:
// a call that runs inline is a wait.
func describeRing(ring []*wait) string {
	var waits []string
	for i, w := range ring {
		next := ring[(i+1)%len(ring)].stack
		for at := slices.Index(next, w.on); at >= 0; at-- {
			waits = append(waits, fmt.Sprintf("waits for %v", next[at]))
		}
	}
	return fmt.Sprintf("%v %s", ring[0].stack[0], strings.Join(waits, ", which "))
}
