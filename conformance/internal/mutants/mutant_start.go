package mutants

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

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
		var n, inside atomic.Int32
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			alone := inside.Add(1) == 1
			if n.Add(1) <= 16 { // or rules that attach hundreds have no time for them
				time.Sleep(time.Millisecond / 4)
			}
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
	change("gives the 257th actor the place of the first", plenty, func() hooks {
		var mu sync.Mutex
		var places []core.Waker
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			w, err := r.attach(l)
			mu.Lock()
			defer mu.Unlock()
			places = append(places, w)
			return places[(len(places)-1)%256], err
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
	change("panics at the 65,536th Wake", plenty, func() hooks {
		var n atomic.Int32
		return hooks{wake: func(p *place, _ core.Waker) {
			if n.Add(1) == 1<<16 {
				panic("index out of range [65536]")
			}
			p.wake()
		}}
	}, "wake/none-is-lost").unhurried(),
	change("drops a Wake when a thousand are ready", plenty, func() hooks {
		return hooks{wake: func(p *place, _ core.Waker) {
			if !p.r.full() {
				p.wake()
			}
		}}
	}, "wake/none-is-lost"),
	change("loses a Wake that comes during a Turn", plenty, func() hooks {
		return hooks{
			turn: notedTurn,
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
				defer func() {
					if next := p.next.Swap(nil); next != nil {
						next.wake()
					}
				}()
				return notedTurn(p)
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
	change("waits in Wake while a thousand are ready", plenty, func() hooks {
		return hooks{wake: func(p *place, _ core.Waker) {
			p.r.awaitRoom()
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

// full reports whether a thousand are ready.
func (r *reference) full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.ready) >= 1000
}

func (r *reference) awaitRoom() {
	for r.full() {
		time.Sleep(time.Millisecond / 10)
	}
}
