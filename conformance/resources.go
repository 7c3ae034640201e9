package conformance

import (
	"context"
	"runtime"
	"time"
	"weak"

	"github.com/troupe-go/troupe/core"
)

var resourceRules = []check{
	must("resources/no-goroutines-pile-up", "Actors that have ended leave no goroutines behind.", resourcesGoroutines),
	must("resources/room-for-others", "Actors that have ended leave room for others, however many there have been.", resourcesRoom),
	should("resources/forgets-ended-actors", "An actor that has ended is not kept in memory.", resourcesForgets),
}

func resourcesGoroutines(t *trial) {
	c := t.crew(t.runtime())
	life := func() {
		for _, h := range c.spawnMany(20) {
			c.do(h, "a job that waits", func(ctx context.Context) (any, error) { return nil, t.waitABit(ctx) })
			_, _ = h.Stop(t.ctx)
		}
	}
	life()
	life()
	before := t.countGoroutines()
	for range 4 {
		life()
	}
	t.eventually(func() bool { return t.countGoroutines() < before+20 },
		"the end of the goroutines of 80 actors that have ended (%d before)", before)
}

func resourcesRoom(t *trial) {
	rt := t.runtime()
	for range t.upTo(100, wrapping) {
		t.passing(rt)
	}
}

func resourcesForgets(t *trial) {
	rt := t.runtime()
	left := make([]weak.Pointer[loop], 64)
	for i := range left {
		left[i] = t.passing(rt)
	}
	t.eventually(func() bool {
		t.attach(rt, nil).poke("the Turn of another actor")
		runtime.GC()
		return remaining(left) <= len(left)/4
	}, "the collection of most of %d actors that have ended", len(left))
}

// passing attaches an actor that ends at once. One that is refused comes again:
// those before it have ended, but the runtime may not have heard of it.
func (t *trial) passing(rt core.Runtime) weak.Pointer[loop] {
	l := &loop{t: t, news: make(chan struct{}, 1)}
	var err error
	for l.waker, err = rt.Attach(l); err != nil; l.waker, err = rt.Attach(l) {
		if t.ctx.Err() != nil {
			t.refuse("Attach of an actor after others that have ended", err)
		}
		time.Sleep(time.Millisecond)
	}
	l.mustEnd()
	return weak.Make(l)
}

func remaining(left []weak.Pointer[loop]) (n int) {
	for _, p := range left {
		if p.Value() != nil {
			n++
		}
	}
	return n
}
