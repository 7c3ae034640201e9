package mutants

import (
	"bytes"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

var turnMutants = []mutant{
	change("calls Turn once more after Idle", plenty, func() hooks {
		return hooks{turn: func(p *place) core.Status {
			left := p.loop.Turn(budget)
			if left == core.Idle {
				left = p.loop.Turn(budget)
			}
			return left
		}}
	}, "turn/only-after-wake"),
	change("calls Turn twice for a Wake that comes during a Turn", plenty, func() hooks {
		return hooks{
			turn: notedTurn,
			wake: func(p *place, _ core.Waker) {
				if p.inTurn.Load() {
					p.wake()
				}
				p.wake()
			},
		}
	}, "turn/only-after-wake"),
	change("calls Turn twice for each hundredth Wake", plenty, func() hooks {
		var n atomic.Int32
		return hooks{wake: func(p *place, _ core.Waker) {
			if n.Add(1)%100 == 0 {
				p.wake()
			}
			p.wake()
		}}
	}, "turn/only-after-wake"),
	change("calls Turn twice for each fifth More", plenty, func() hooks {
		var n int
		return hooks{more: func(r *reference, p *place) {
			if n++; n%5 == 0 {
				r.push(entry{p: p})
			}
			r.push(entry{p: p})
		}}
	}, "turn/only-after-wake"),
	change("calls Turn twice after a Goexit", plenty, func() hooks {
		return hooks{after: func(r *reference, p *place, _ core.Status, exited bool) bool {
			if exited {
				r.push(entry{p: p})
			}
			return true
		}}
	}, "turn/only-after-wake"),
	change("calls Turn after Unpark", plenty, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) {
			p.unpark(k)
			p.wake()
		}}
	}, "turn/only-after-wake"),
	change("calls Turn after Leave", plenty, func() hooks {
		return hooks{leave: func(p *place) {
			p.leave()
			p.wake()
		}}
	}, "turn/only-after-wake"),
	change("forgets the fifth More in a row", plenty, forgetsMore(5), "turn/again-after-more"),
	change("forgets the 256th More in a row", plenty, forgetsMore(256), "turn/again-after-more"),
	change("takes More for Idle", plenty, func() hooks {
		return hooks{turn: func(p *place) core.Status {
			if left := p.loop.Turn(budget); left == core.Ended {
				return left
			}
			return core.Idle
		}}
	}, "turn/again-after-more", "turn/only-after-wake"),
	change("calls Turn once more after Ended", plenty, func() hooks {
		return hooks{turn: func(p *place) core.Status {
			left := p.loop.Turn(budget)
			if left == core.Ended {
				p.loop.Turn(budget)
			}
			return left
		}}
	}, "turn/never-after-ended"),
	change("takes Goexit for Idle", plenty, func() hooks {
		return hooks{after: func(r *reference, p *place, left core.Status, exited bool) bool {
			if exited {
				r.after(p, core.Idle)
			}
			return !exited
		}}
	}, "turn/again-after-goexit", "failure/goexit-ends-the-actor"),
	change("stops at the first Goexit", plenty, func() hooks {
		return hooks{after: func(r *reference, p *place, left core.Status, exited bool) bool {
			if exited {
				r.free = -1 << 20
			}
			return !exited
		}}
	}, "turn/again-after-goexit", "failure/goexit-ends-the-actor"),
	change("stops at the 256th Goexit", plenty, func() hooks {
		var n int
		return hooks{after: func(r *reference, p *place, left core.Status, exited bool) bool {
			if exited {
				n++
			}
			if n == 256 {
				r.free = -1 << 20
			}
			return true
		}}
	}, "turn/goexit-costs-nothing"),
	change("loses a slot at each Goexit", plenty, func() hooks {
		return hooks{after: func(r *reference, p *place, left core.Status, exited bool) bool {
			if exited {
				r.free--
			}
			return true
		}}
	}, "turn/goexit-costs-nothing"),
}

// forgetsMore has a Turn that returned More so many times in a row count as
// one that returned Idle.
func forgetsMore(times int32) func() hooks {
	return func() hooks {
		return hooks{turn: func(p *place) core.Status {
			left := p.loop.Turn(budget)
			switch {
			case left != core.More:
				p.count.Store(0)
			case p.count.Add(1) == times:
				return core.Idle
			}
			return left
		}}
	}
}

var fairMutants = []mutant{
	change("puts an actor that returned More before the others", 4, func() hooks {
		return hooks{more: func(r *reference, p *place) {
			r.ready = slices.Insert(r.ready, 0, entry{p: p})
		}}
	}, "fair/busy-actors"),
	change("puts an actor that a turn woke before the others", 4, func() hooks {
		return hooks{wake: func(p *place, by core.Waker) {
			if by == nil {
				p.wake()
				return
			}
			p.r.mu.Lock()
			defer p.r.mu.Unlock()
			p.r.ready = slices.Insert(p.r.ready, 0, entry{p: p})
			p.r.dispatch()
		}}
	}, "fair/actors-that-wake-each-other"),
	change("puts a turn that waited behind all that come", 4, func() hooks {
		return hooks{push: func(r *reference, e entry) {
			if e.parked != nil {
				r.ready = append(r.ready, e)
				return
			}
			i := slices.IndexFunc(r.ready, func(e entry) bool { return e.parked != nil })
			if i < 0 {
				i = len(r.ready)
			}
			r.ready = slices.Insert(r.ready, i, e)
		}}
	}, "fair/waiters"),
	build("has one slot and never lends it on", func() core.Runtime { return newReference(1, hooks{}) }, "isolation/one-blocked-actor"),
	change("lends on the slot of a turn that blocks and not of one that spins", 1, lendsBlocked, "isolation/one-spinning-actor").of(plentiful()),
	build("has four slots and never lends them on", func() core.Runtime { return newReference(4, hooks{}) }, "isolation/many-blocked-actors"),
}

// lendsBlocked has another slot while a turn blocks for long.
func lendsBlocked() hooks {
	return hooks{turn: func(p *place) core.Status {
		own := make([]byte, 64)
		own, _, _ = bytes.Cut(own[:runtime.Stack(own, false)], []byte("["))
		over := make(chan struct{})
		lent := make(chan bool, 1)
		go func() { lent <- lendWhenBlocked(p.r, own, over) }()
		defer func() {
			close(over)
			if <-lent {
				p.r.mu.Lock()
				defer p.r.mu.Unlock()
				p.r.free--
			}
		}()
		return p.loop.Turn(budget)
	}}
}

// lendWhenBlocked frees a slot once the goroutine blocks, and reports whether it
// did before its turn was over. That begins with own in a dump of all.
func lendWhenBlocked(r *reference, own []byte, over <-chan struct{}) bool {
	for {
		select {
		case <-over:
			return false
		case <-time.After(10 * time.Millisecond):
		}
		all := make([]byte, 1<<20)
		_, state, _ := bytes.Cut(all[:runtime.Stack(all, true)], own)
		if bytes.HasPrefix(state, []byte("[chan receive")) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.free++
			r.dispatch()
			return true
		}
	}
}
