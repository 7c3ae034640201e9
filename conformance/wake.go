package conformance

import (
	"sync"
	"sync/atomic"

	"github.com/troupe-go/troupe/core"
)

var wakeRules = []check{
	must("wake/none-is-lost", "Each Wake is answered by a Turn, however many there are.", wakeNoneIsLost),
	must("wake/during-a-turn", "A Wake that comes while a Turn of the same actor has not returned is answered by another Turn.", wakeDuringATurn),
	must("wake/from-a-turn", "A Turn may wake any number of other actors.", wakeFromATurn),
	must("wake/from-any-goroutine", "Wakes of different actors may come from any goroutine at once.", wakeFromAnyGoroutine),
	must("wake/calls-no-turn", "Wake does not call Turn itself.", wakeCallsNoTurn),
	must("wake/does-not-wait", "Wake returns though every actor's Turn blocks.", wakeDoesNotWait),
	must("wake/takes-any-hint", "The Waker by is a hint: it may be nil, the actor's own, an ended actor's or one of another runtime.", wakeTakesAnyHint),
}

func wakeNoneIsLost(t *trial) {
	rt := t.runtime()
	l := t.attach(rt, nil)
	for i := range t.upTo(100, wrapping) {
		l.poke("the Turn after Wake %d", i+1)
	}
	line, open := t.jam(rt)
	open()
	for round := range t.upTo(1, wrapping/crush) {
		if round > 0 {
			t.wakeAll(line)
		}
		for i, l := range line {
			l.awaitTurns(int64(round+1), "the Turn of actor %d of %d that were woken at a time", i+1, len(line))
		}
	}
}

// crush is more actors than a queue of a fixed size has room for.
const crush = 1300

// jam has the Turns of some actors hold all places, if there are not very
// many, until open is called. Behind them the others stand in line, as many as
// the runtime takes.
func (t *trial) jam(rt core.Runtime) (line []*loop, open func()) {
	pass, open := t.gate()
	holders := t.attachMany(rt, 128, func(int) core.Status { <-pass; return core.Idle })
	for range t.places(holders[0].waker, crush) {
		l, err := t.tryAttach(rt, nil)
		if err != nil {
			break
		}
		line = append(line, l)
	}
	t.wakeAll(holders)
	t.wakeAll(line)
	return line, open
}

func (t *trial) wakeAll(loops []*loop) {
	t.returns(func() {
		for _, l := range loops {
			l.wake(nil)
		}
	}, "the return of the Wakes of %d actors", len(loops))
}

func wakeDuringATurn(t *trial) {
	var l *loop
	l = t.attach(t.runtime(), func(turn int) core.Status {
		if turn == 1 {
			l.rest()
			t.returns(func() { l.wake(nil) }, "the return of Wake during a Turn of the same actor")
		}
		return core.Idle
	})
	l.wake(nil)
	l.awaitTurns(2, "the Turn after a Wake that came during a Turn")
}

func wakeFromATurn(t *trial) {
	rt := t.runtime()
	others := t.attachMany(rt, 8, nil)
	var first *loop
	first = t.attach(rt, func(int) core.Status {
		for _, l := range others {
			l.wake(first.waker)
		}
		return core.Idle
	})
	first.poke("the end of a Turn that wakes others")
	for i, l := range others {
		l.awaitTurns(1, "the Turn of the actor that a Turn woke as number %d of %d", i+1, len(others))
	}
}

func wakeFromAnyGoroutine(t *trial) {
	loops := t.attachMany(t.runtime(), 32, nil)
	least := 20
	if pins(loops[0].waker) {
		least = 2
	}
	for round := range t.upTo(least, 20) {
		var wg sync.WaitGroup
		for _, l := range loops {
			wg.Go(func() {
				defer t.recover()
				l.wake(nil)
			})
		}
		wg.Wait()
		for _, l := range loops {
			l.awaitTurns(int64(round+1), "a Turn after one of %d Wakes at once", len(loops))
		}
	}
}

func wakeCallsNoTurn(t *trial) {
	var inWake atomic.Int64
	l := t.attach(t.runtime(), func(int) core.Status {
		if onStack("callWake") {
			inWake.Add(1)
		}
		return core.Idle
	})
	for range 10 {
		l.poke("the Turn after a Wake")
	}
	if n := inWake.Load(); n != 0 {
		t.Errorf("Turn was called from inside Wake %d times in 10, want 0", n)
	}
}

func wakeDoesNotWait(t *trial) {
	t.jam(t.runtime())
}

func wakeTakesAnyHint(t *trial) {
	rt := t.runtime()
	l, other, dead := t.attach(rt, nil), t.attach(rt, nil), t.attach(rt, nil)
	dead.mustEnd()
	hints := map[string]core.Waker{
		"nil": nil, "the actor's own": l.waker, "another actor's": other.waker,
		"an ended actor's": dead.waker, "one of another runtime": stranger{},
	}
	for name, by := range hints {
		n := l.turns.Load()
		l.wake(by)
		l.awaitTurns(n+1, "the Turn after a Wake whose hint is %s", name)
	}
}
