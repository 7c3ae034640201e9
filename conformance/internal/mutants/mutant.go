package mutants

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

// A mutant is a right runtime with one thing changed, and the rules that are
// there to catch it.
type mutant struct {
	name   string
	caught []string
	make   func() core.Runtime
}

// change makes a mutant of the reference. Its hooks are made anew for each
// runtime, so they may share variables.
func change(name string, slots int, new func() hooks, caught ...string) mutant {
	return mutant{name, caught, func() core.Runtime { return newReference(slots, new()) }}
}

// plenty is more slots than a rule needs, for mutants that are not about them.
const plenty = 64

// mutants are all mutants of a runtime.
func mutants() []mutant {
	return slices.Concat(attachMutants, wakeMutants, turnMutants, fairMutants, waitMutants,
		parkMutants, inlineMutants, pinnedMutants, closeMutants, resourceMutants)
}

// deaf is a place whose turns never run.
type deaf struct{}

func (deaf) Wake(core.Waker) {}

var errFull = errors.New("mutants: full")

var attachMutants = []mutant{
	change("gives everybody the first actor's place", plenty, func() hooks {
		var first core.Waker
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			w, err := r.attach(l)
			if first == nil {
				first = w
			}
			return first, err
		}}
	}, "attach/one-place-each"),
	change("gives the fifth actor no place and no error", plenty, func() hooks {
		var n atomic.Int32
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			if n.Add(1) == 5 {
				return nil, nil
			}
			return r.attach(l)
		}}
	}, "attach/one-place-each"),
	change("calls the first actor's Turn too at each Wake", plenty, func() hooks {
		var first atomic.Pointer[place]
		return hooks{wake: func(p *place, _ core.Waker) {
			first.CompareAndSwap(nil, p)
			if q := first.Load(); q != p {
				go q.loop.Turn(1)
			}
			p.wake()
		}}
	}, "attach/one-place-each"),
	change("calls Turn once in the first Attach", plenty, func() hooks {
		var once sync.Once
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			w, err := r.attach(l)
			once.Do(func() { go l.Turn(1) })
			return w, err
		}}
	}, "attach/calls-no-turn"),
	change("calls Turn in Attach", plenty, func() hooks {
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			w, err := r.attach(l)
			go l.Turn(1)
			return w, err
		}}
	}, "attach/calls-no-turn"),
	change("loses actors that are attached at the same time", plenty, func() hooks {
		var inside atomic.Int32
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			alone := inside.Add(1) == 1
			time.Sleep(time.Millisecond / 4)
			inside.Add(-1)
			if !alone {
				return deaf{}, nil
			}
			return r.attach(l)
		}}
	}, "attach/from-any-goroutine"),
	change("waits in Attach until no turn runs", plenty, func() hooks {
		var turns sync.RWMutex
		return hooks{
			attach: func(r *reference, l core.Loop) (core.Waker, error) {
				turns.Lock()
				defer turns.Unlock()
				return r.attach(l)
			},
			turn: func(p *place) core.Status {
				turns.RLock()
				defer turns.RUnlock()
				return p.loop.Turn(budget)
			},
		}
	}, "attach/from-a-turn"),
	change("takes more actors than it serves", plenty, func() hooks {
		var n atomic.Int32
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			if n.Add(1) > 100 {
				return deaf{}, nil
			}
			return r.attach(l)
		}}
	}, "attach/serves-or-refuses"),
	change("runs an actor that it refused", plenty, func() hooks {
		var n atomic.Int32
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			if n.Add(1) > 100 {
				go l.Turn(1)
				return nil, errFull
			}
			return r.attach(l)
		}}
	}, "attach/serves-or-refuses"),
}

var wakeMutants = []mutant{
	change("never runs an actor", plenty, func() hooks {
		return hooks{wake: func(*place, core.Waker) {}}
	}, "wake/none-is-lost", "turn/again-after-more", "close/returns"),
	change("loses one Wake in a thousand", plenty, func() hooks {
		var n atomic.Int32
		return hooks{wake: func(p *place, _ core.Waker) {
			if n.Add(1)%1000 != 0 {
				p.wake()
			}
		}}
	}, "wake/none-is-lost"),
	change("loses a Wake that comes during a Turn", plenty, func() hooks {
		return hooks{
			turn: func(p *place) core.Status {
				p.inTurn.Store(true)
				defer p.inTurn.Store(false)
				return p.loop.Turn(budget)
			},
			wake: func(p *place, _ core.Waker) {
				if !p.inTurn.Load() {
					p.wake()
				}
			},
		}
	}, "wake/during-a-turn"),
	change("remembers only the last actor that a turn woke", plenty, func() hooks {
		return hooks{
			wake: func(p *place, by core.Waker) {
				if q, ok := by.(*place); ok && q != p && q.inTurn.Load() {
					q.next.Store(p)
					return
				}
				p.wake()
			},
			turn: func(p *place) core.Status {
				p.inTurn.Store(true)
				defer func() {
					p.inTurn.Store(false)
					if next := p.next.Swap(nil); next != nil {
						next.wake()
					}
				}()
				return p.loop.Turn(budget)
			},
		}
	}, "wake/from-a-turn"),
	change("loses a Wake that comes at the same time as another", plenty, func() hooks {
		var inside atomic.Int32
		return hooks{wake: func(p *place, _ core.Waker) {
			alone := inside.Add(1) == 1
			runtime.Gosched()
			inside.Add(-1)
			if alone {
				p.wake()
			}
		}}
	}, "wake/from-any-goroutine"),
	change("calls Turn in Wake", plenty, func() hooks {
		return hooks{wake: func(p *place, _ core.Waker) {
			for left := core.More; left == core.More; {
				if left = p.loop.Turn(budget); left == core.Ended {
					p.r.mu.Lock()
					p.r.attached--
					p.r.mu.Unlock()
				}
			}
		}}
	}, "wake/calls-no-turn"),
	change("calls Turn in each eighth Wake of an actor", plenty, func() hooks {
		return hooks{wake: func(p *place, _ core.Waker) {
			if p.count.Add(1)%8 == 0 {
				p.r.mu.Lock()
				p.r.goroutines++
				p.r.free--
				p.r.mu.Unlock()
				p.r.run(p)
				return
			}
			p.wake()
		}}
	}, "wake/calls-no-turn"),
	change("waits in Wake for a free slot", 24, func() hooks {
		return hooks{wake: func(p *place, _ core.Waker) {
			for !p.enter() {
				time.Sleep(time.Millisecond / 10)
			}
			p.leave()
			p.wake()
		}}
	}, "wake/does-not-wait"),
	change("takes every hint for its own", plenty, func() hooks {
		return hooks{wake: func(p *place, by core.Waker) {
			if by != nil && by.(*place).r == p.r {
				p.wake()
				return
			}
			p.wake()
		}}
	}, "wake/takes-any-hint", "mix/calls-both-ways"),
}

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
	change("forgets the fifth More in a row", plenty, func() hooks {
		return hooks{turn: func(p *place) core.Status {
			left := p.loop.Turn(budget)
			switch {
			case left != core.More:
				p.count.Store(0)
			case p.count.Add(1) == 5:
				return core.Idle
			}
			return left
		}}
	}, "turn/again-after-more"),
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
	change("loses a slot at each Goexit", plenty, func() hooks {
		return hooks{after: func(r *reference, p *place, left core.Status, exited bool) bool {
			if exited {
				r.free--
			}
			return true
		}}
	}, "turn/goexit-costs-nothing"),
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
	change("has one slot and never lends it on", 1, func() hooks { return hooks{} }, "isolation/one-blocked-actor"),
	change("has four slots and never lends them on", 4, func() hooks { return hooks{} }, "isolation/many-blocked-actors"),
}
