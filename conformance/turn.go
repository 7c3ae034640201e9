package conformance

import (
	"runtime"

	"github.com/troupe-go/troupe/core"
)

var turnRules = []check{
	must("turn/only-after-wake", "Turn is called once for each Wake and for each More, and at no other time.", turnOnlyAfterWake),
	must("turn/again-after-more", "A Turn that returned More is followed by another without a Wake.", turnAgainAfterMore),
	must("turn/never-after-ended", "Turn is not called again once it has returned Ended.", turnNeverAfterEnded),
	must("turn/again-after-goexit", "A Turn that ends its goroutine by runtime.Goexit is followed by another, as one that returned More.", turnAgainAfterGoexit),
	must("turn/goexit-costs-nothing", "However many Turns end their goroutines, the other actors run on.", turnGoexitCostsNothing),
}

func turnAgainAfterMore(t *trial) {
	l := t.attach(t.runtime(), func(turn int) core.Status {
		if turn < 1000 {
			return core.More
		}
		return core.Idle
	})
	l.wake(nil)
	l.awaitTurns(1000, "the Turn after one of 999 that returned More")
}

func turnNeverAfterEnded(t *trial) {
	rt := t.runtime()
	l, other := t.attach(rt, nil), t.attach(rt, nil)
	l.mustEnd()
	other.poke("the Turn of another actor")
	t.quiet()
	if n := l.strays.Load(); n != 0 {
		t.Errorf("Turn was called %d times after it had returned Ended, want 0", n)
	}
}

func turnAgainAfterGoexit(t *trial) {
	l := t.attach(t.runtime(), func(turn int) core.Status {
		if turn < 4 {
			runtime.Goexit()
		}
		return core.Idle
	})
	l.wake(nil)
	l.awaitTurns(4, "the Turn after one that called runtime.Goexit")
}

func turnGoexitCostsNothing(t *trial) {
	rt := t.runtime()
	others := t.attachMany(rt, 4, nil)
	exits := 299
	if pins(others[0].waker) {
		exits = 29 // each may end a thread
	}
	l := t.attach(rt, func(turn int) core.Status {
		if turn <= exits {
			for _, other := range others {
				if turn == 1 {
					other.wake(nil)
				}
			}
			runtime.Goexit()
		}
		return core.Idle
	})
	l.wake(nil)
	l.awaitTurns(int64(exits+1), "the Turn after one of %d that called runtime.Goexit", exits)
	for _, other := range others {
		other.awaitTurns(1, "the Turn of an actor woken by a Turn that then called runtime.Goexit")
		other.poke("the Turn of another actor after %d that called runtime.Goexit", exits)
	}
}
