package conformance

import (
	"context"
	"sync/atomic"

	"github.com/troupe-go/troupe/core"
)

var parkRules = []check{
	must("park/unpark-comes-early", "An Unpark that comes before Park is not forgotten.", parkUnparkComesEarly),
	must("park/unpark-comes-again", "Unpark may be called more than once, and after Park has returned.", parkUnparkComesAgain),
	must("park/parks-again", "Park may be called again with the same Parking, and returns after another Unpark.", parkParksAgain),
	must("park/unpark-does-not-wait", "Unpark does not wait for the turn that it wakes.", parkUnparkDoesNotWait),
	must("park/no-unpark-is-lost", "Each Unpark has Park return, however they meet.", parkNoUnparkIsLost),
}

func parkUnparkComesEarly(t *trial) {
	c := t.crew(t.runtime())
	h := c.spawn()
	parker := c.parker(h)
	c.do(h, "Park after Unpark", func(context.Context) (any, error) {
		p := new(core.Parking)
		parker.Unpark(p)
		parker.Park(p)
		return nil, nil
	})
}

func parkUnparkComesAgain(t *trial) {
	c := t.crew(t.runtime())
	h := c.spawn()
	parker := c.parker(h)
	for range 5 {
		c.do(h, "Park with Unpark called again and again", func(context.Context) (any, error) {
			p := new(core.Parking)
			for range 3 {
				parker.Unpark(p)
			}
			parker.Park(p)
			for range 3 {
				parker.Unpark(p)
			}
			return nil, nil
		})
	}
	c.do(h, "a wait after many Unparks", func(ctx context.Context) (any, error) { return nil, t.waitABit(ctx) })
}

// A wake-up is what a parked turn waits for: Park may return early, so it
// looks whether it is there, as core does. It parks once in any case, or an
// Unpark that is lost would not be missed if it had come early.
type wakeUp struct {
	parker core.Parker
	p      core.Parking
	there  atomic.Bool
}

func (w *wakeUp) wait() {
	w.parker.Park(&w.p)
	for !w.there.Swap(false) {
		w.parker.Park(&w.p)
	}
}

func (w *wakeUp) come() {
	w.there.Store(true)
	w.parker.Unpark(&w.p)
}

func parkParksAgain(t *trial) {
	c := t.crew(t.runtime())
	h := c.spawn()
	w := &wakeUp{parker: c.parker(h)}
	round := make(chan struct{})
	c.tell(h, func(context.Context) {
		for range 5 {
			w.wait()
			round <- struct{}{}
		}
	})
	for i := range 5 {
		t.quiet()
		t.returns(w.come, "the return of Unpark")
		await(t, round, "the return of Park number %d with one Parking", i+1)
	}
}

func parkUnparkDoesNotWait(t *trial) {
	rt := t.runtime()
	c := t.crew(rt)
	h, other := c.spawn(), c.spawn()
	w := &wakeUp{parker: c.parker(h)}
	back := make(chan struct{})
	park := func() {
		about := make(chan struct{})
		c.tell(h, func(context.Context) { close(about); w.wait(); back <- struct{}{} })
		await(t, about, "the start of a turn that parks")
		t.quiet()
	}
	park()
	came := make(chan struct{})
	c.tell(other, func(context.Context) { w.come(); close(came) })
	await(t, came, "the return of Unpark in the turn of another actor")
	await(t, back, "the return of Park")
	park()
	line, open := t.jam(rt)
	t.returns(w.come, "the return of Unpark while %d actors stand in line", len(line))
	open()
	await(t, back, "the return of Park when others stood in line")
}

func parkNoUnparkIsLost(t *trial) {
	c := t.crew(t.runtime())
	h := c.spawn()
	parker := c.parker(h)
	c.do(h, "each of 1200 Parks or more", func(context.Context) (any, error) {
		for range t.upTo(1200, wrapping) {
			w := &wakeUp{parker: parker}
			t.start(w.come)
			w.wait()
		}
		return nil, nil
	})
}
