package conformance

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/troupe-go/troupe/core"
)

var fairRules = []check{
	must("fair/busy-actors", "Actors whose Turns always return More do not keep the others from theirs.", fairBusyActors),
	must("fair/actors-that-wake-each-other", "Actors that wake each other for ever do not keep the others from their Turns.", fairActorsThatWakeEachOther),
	must("fair/waiters", "A turn that waited goes on though other actors are always ready.", fairWaiters),
}

// crowd is how many actors it takes to have every slot of a runtime busy.
const crowd = 16

func fairBusyActors(t *trial) {
	rt := t.runtime()
	var over atomic.Bool
	t.before(func() { over.Store(true) })
	outsider := t.attach(rt, nil)
	busy := t.attachMany(rt, crowd, func(int) core.Status {
		runtime.Gosched()
		if over.Load() {
			return core.Idle
		}
		return core.More
	})
	for _, l := range busy {
		l.wake(nil)
	}
	for range 10 {
		outsider.poke("the Turn of an actor beside %d that return More", len(busy))
	}
}

func fairActorsThatWakeEachOther(t *trial) {
	rt := t.runtime()
	var over atomic.Bool
	t.before(func() { over.Store(true) })
	outsider := t.attach(rt, nil)
	for range crowd {
		var a, b *loop
		pass := func(from, to **loop) func(int) core.Status {
			return func(int) core.Status {
				runtime.Gosched() // or a stress run takes its time slices one by one
				if !over.Load() {
					(*to).wake((*from).waker)
				}
				return core.Idle
			}
		}
		var err error
		if a, err = t.tryAttach(rt, pass(&a, &b)); err != nil {
			break
		}
		if b, err = t.tryAttach(rt, pass(&b, &a)); err != nil {
			break
		}
		a.wake(nil)
	}
	for range 10 {
		outsider.poke("the Turn of an actor beside %d pairs that wake each other", crowd)
	}
}

func fairWaiters(t *trial) {
	c := t.crew(t.runtime())
	var over atomic.Bool
	t.before(func() { over.Store(true) })
	waiter := c.spawn()
	for _, h := range c.spawnMany(crowd) {
		var again job
		again = func(ctx context.Context) (any, error) {
			runtime.Gosched()
			if !over.Load() {
				return nil, h.Tell(ctx, again)
			}
			return nil, nil
		}
		c.tell(h, func(ctx context.Context) { _, _ = again(ctx) })
	}
	c.do(waiter, "a job that waits ten times, beside actors that are always ready,", func(ctx context.Context) (any, error) {
		for range 10 {
			if err := t.waitABit(ctx); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// waitABit waits for a promise that another goroutine resolves.
func (t *trial) waitABit(ctx context.Context) error {
	var p core.Promise[int]
	t.start(func() { _ = p.Resolve(1) })
	_, err := p.Future().Get(ctx)
	return err
}
