package conformance

import (
	"context"
	"runtime"

	"github.com/troupe-go/troupe/core"
)

// turnOnlyAfterWake gives a runtime every occasion to call Turn too often.
func turnOnlyAfterWake(t *trial) {
	rt := t.runtime()
	for _, occasion := range []func(*trial, core.Runtime){
		strayAfterWakes, strayAfterWakesInTurns, strayAfterMore, strayAfterGoexit, strayAfterLeave, strayAfterUnpark,
	} {
		occasion(t, rt)
	}
	t.quiet() // for a runtime that has no Close to wait for
}

// often is how many times a rule does what a runtime may get wrong now and then.
const often = 250

// noStrays looks how many Turns there were that nothing had asked for, once the
// runtime is closed: no Turn comes after that.
func (t *trial) noStrays(count func() int64, occasion string) {
	t.last(func() {
		if n := count(); n != 0 {
			t.Errorf("Turn was called %d times too often with %s, want 0", n, occasion)
		}
	})
}

func strayAfterWakes(t *trial, rt core.Runtime) {
	l := t.attach(rt, nil)
	t.noStrays(l.strays.Load, "Wakes")
	for range t.places(l.waker, often) {
		l.poke("the Turn after a Wake")
	}
}

func strayAfterWakesInTurns(t *trial, rt core.Runtime) {
	var l *loop
	l = t.attach(rt, func(turn int) core.Status {
		if turn < often {
			l.rest()
			l.wake(nil)
		}
		return core.Idle
	})
	t.noStrays(l.strays.Load, "Wakes during a Turn")
	l.wake(nil)
	l.awaitTurns(often, "the Turn after the last of %d Wakes, most of them during a Turn,", often)
}

func strayAfterMore(t *trial, rt core.Runtime) {
	l := t.attach(rt, func(turn int) core.Status {
		if turn < often {
			return core.More
		}
		return core.Idle
	})
	t.noStrays(l.strays.Load, "Turns that returned More")
	l.wake(nil)
	l.awaitTurns(often, "the Turn after one of %d that returned More", often-1)
}

func strayAfterGoexit(t *trial, rt core.Runtime) {
	const exits = 20 // each may end a thread
	l := t.attach(rt, func(turn int) core.Status {
		if turn <= exits {
			runtime.Goexit()
		}
		return core.Idle
	})
	t.noStrays(l.strays.Load, "Turns that called runtime.Goexit")
	l.wake(nil)
	l.awaitTurns(exits+1, "the Turn after one of %d that called runtime.Goexit", exits)
}

func strayAfterLeave(t *trial, rt core.Runtime) {
	l := t.attach(rt, nil)
	in, ok := l.waker.(core.Inliner)
	if !ok {
		return
	}
	t.noStrays(l.strays.Load, "Enter and Leave")
	woken := int64(0)
	for range often {
		if in.Enter(nil) {
			in.Leave()
		}
		if in.Enter(nil) {
			woken++
			l.wake(nil)
			in.Leave()
		}
		l.awaitTurns(woken, "the Turn after a Wake between Enter and Leave")
	}
}

// strayAfterUnpark leaves it to core to count, as only its turns can park.
func strayAfterUnpark(t *trial, rt core.Runtime) {
	c := t.crew(rt)
	t.noStrays(func() int64 { return int64(c.Stats().StrayTurns) }, "an actor that waits, and ends")
	h := c.spawn()
	parker, ok := h.waker.(core.Parker)
	if !ok {
		c.answers(h, "a job")
		return
	}
	c.do(h, "a job that parks again and again", func(context.Context) (any, error) {
		for range often {
			w := &wakeUp{parker: parker}
			t.start(w.come)
			w.wait()
		}
		return nil, nil
	})
}
