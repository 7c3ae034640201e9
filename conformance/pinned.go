package conformance

import (
	"context"
	"sync"

	"github.com/troupe-go/troupe/core"
)

var pinnedRules = []check{
	must("pinned/one-thread", "Every turn of a pinned actor runs on one OS thread, its hooks included, whoever sends.", pinnedOneThread),
	must("pinned/one-thread-after-a-wait", "A pinned actor that waited goes on on its thread.", pinnedAfterAWait),
	must("pinned/not-on-a-caller", "Nobody who calls a pinned actor runs it.", pinnedNotOnACaller),
}

// A threadLog is an actor that notes on which threads it runs.
type threadLog struct {
	mu      sync.Mutex
	threads map[int]bool
}

func (l *threadLog) note() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.threads[threadID()] = true
}

func (l *threadLog) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.threads)
}

func (l *threadLog) OnStart(context.Context) error { l.note(); return nil }
func (l *threadLog) OnStop(context.Context) error  { l.note(); return nil }

func (l *threadLog) Receive(ctx context.Context, j job) (any, error) {
	l.note()
	defer l.note()
	return j(ctx)
}

// pinned spawns an actor that notes its threads, on a runtime that pins it.
func (c *crew) pinned() (*threadLog, hand) {
	if threadID() == 0 {
		c.t.lacks("thread numbers on this system")
	}
	l := &threadLog{threads: map[int]bool{}}
	ref, err := core.Spawn(c.System, l)
	if err != nil {
		c.t.refuse("Spawn", err)
	}
	if !pins(c.tap.last) {
		c.t.lacks("Pinner")
	}
	return l, hand{ref, c.tap.last}
}

func (l *threadLog) check(t *trial) {
	if n := l.count(); n != 1 {
		t.Errorf("the turns of a pinned actor ran on %d threads, want 1", n)
	}
}

func pinnedOneThread(t *trial) {
	c := t.crew(t.runtime())
	log, h := c.pinned()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			defer t.recover()
			for range 5 {
				_, _ = h.Ask(t.ctx, func(context.Context) (any, error) { return nil, nil }).Get(t.ctx)
				t.quiet()
			}
		})
	}
	t.returns(wg.Wait, "the end of 40 jobs of a pinned actor")
	_, _ = h.Stop(t.ctx)
	log.check(t)
	t.pinnedTurns(c.tap.rt, 32, 300)
}

// pinnedTurns has so many turns for certain, after a Wake each and as many in a
// row: jobs that come close together are done in one.
func (t *trial) pinnedTurns(rt core.Runtime, wakes, inARow int) {
	log := &threadLog{threads: map[int]bool{}}
	l := t.attach(rt, func(turn int) core.Status {
		log.note()
		if turn < inARow {
			return core.More
		}
		return core.Idle
	})
	l.wake(nil)
	l.awaitTurns(int64(inARow), "one of %d turns in a row of a pinned actor", inARow)
	for range wakes {
		l.poke("a turn of a pinned actor, after a Wake,")
	}
	log.check(t)
}

func pinnedAfterAWait(t *trial) {
	c := t.crew(t.runtime())
	log, h := c.pinned()
	for range 5 {
		c.do(h, "a job of a pinned actor that waits", func(ctx context.Context) (any, error) {
			var p core.Promise[int]
			t.start(func() { t.quiet(); _ = p.Resolve(1) })
			return p.Future().Get(ctx)
		})
	}
	log.check(t)
}

func pinnedNotOnACaller(t *trial) {
	c := t.crew(t.runtime())
	log, h := c.pinned()
	for range 8 {
		t.quiet() // until it is idle, or nobody could run it
		t.returns(func() {
			_, _ = h.Call(context.Background(), func(context.Context) (any, error) { return nil, nil })
		}, "the end of a call of a pinned actor")
	}
	t.returns(func() { _, _ = h.Stop(context.Background()) }, "the stop of a pinned actor")
	log.check(t)
}
