package mutants

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

// A mute runtime is a reference whose places are no Parkers.
type mute struct{ *reference }

type muteplace struct{ p *place }

func (m mute) Attach(l core.Loop) (core.Waker, error) {
	w, err := m.reference.Attach(l)
	if err != nil {
		return nil, err
	}
	return muteplace{w.(*place)}, nil
}

func (m muteplace) Wake(core.Waker) { m.p.wake() }

var waitMutants = []mutant{
	build("keeps the slot of a turn that waits", func() core.Runtime { return mute{newReference(4, hooks{})} },
		"wait/gives-its-place", "wait/deep-chain"),
	change("lends on the slots of eight turns that wait", 20, lendsOn(8), "wait/gives-its-place"),
	change("lends on the slots of a hundred turns that wait", plenty, lendsOn(100), "wait/deep-chain", "wait/many-on-one-future"),
	change("drops Unparks while more than 350 wait", 4, func() hooks {
		var waiting atomic.Int32
		return hooks{
			park: func(p *place, k *core.Parking) {
				waiting.Add(1)
				p.park(k, core.OnTurn())
				waiting.Add(-1)
			},
			unpark: func(p *place, k *core.Parking) {
				if waiting.Load() <= 350 {
					p.unpark(k)
				}
			},
		}
	}, "wait/many-on-one-future"),
	change("resumes a turn only when the next one ends", plenty, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) {
			p.r.mu.Lock()
			defer p.r.mu.Unlock()
			p.ready(state(k))
		}}
	}, "wait/ends-from-outside"),
	change("falls asleep when nothing goes on, and no Unpark wakes it", plenty, func() hooks {
		var s sleeper
		return hooks{
			turn: func(p *place) core.Status {
				s.stir()
				defer s.stir()
				return p.loop.Turn(budget)
			},
			park: func(p *place, k *core.Parking) {
				s.stir()
				p.park(k, core.OnTurn())
			},
			unpark: func(p *place, k *core.Parking) {
				if !s.asleep.Load() {
					p.unpark(k)
				}
			},
		}
	}, "wait/ends-from-outside"),
	change("takes two slots when a turn that waited goes on", 150, func() hooks {
		return hooks{park: func(p *place, k *core.Parking) {
			p.park(k, core.OnTurn())
			p.r.mu.Lock()
			defer p.r.mu.Unlock()
			p.r.free--
		}}
	}, "wait/comes-back"),
	change("keeps a slot in one wait of 32", 16, func() hooks {
		var n atomic.Int32
		return hooks{park: func(p *place, k *core.Parking) {
			p.park(k, core.OnTurn())
			if n.Add(1)%32 == 0 {
				p.r.mu.Lock()
				defer p.r.mu.Unlock()
				p.r.free--
			}
		}}
	}, "wait/comes-back"),
	change("takes every wait for the turn's", 1, func() hooks {
		return hooks{
			park: func(p *place, k *core.Parking) {
				p.count.Add(1)
				p.park(k, true)
				p.count.Add(-1)
			},
			after: func(r *reference, p *place, _ core.Status, _ bool) bool {
				if p.count.Load() > 0 { // the wait has given the slot up
					r.free--
				}
				return true
			},
		}
	}, "wait/beside-the-turn"),
	change("wakes the last of an actor's waits, whichever ends", plenty, func() hooks {
		return hooks{
			park: func(p *place, k *core.Parking) {
				p.last.Store(k)
				p.park(k, core.OnTurn())
			},
			unpark: func(p *place, k *core.Parking) {
				if last := p.last.Load(); last != nil {
					k = last
				}
				p.unpark(k)
			},
		}
	}, "wait/two-at-once"),
}

// A sleeper falls asleep when nothing has stirred for a while. It counts that
// in steps, as the suite does, so that a busy machine does not make it sleepy.
type sleeper struct {
	stirs        atomic.Int64
	dozy, asleep atomic.Bool
}

func (s *sleeper) stir() {
	s.stirs.Add(1)
	s.asleep.Store(false)
	if !s.dozy.Swap(true) {
		go s.doze()
	}
}

func (s *sleeper) doze() {
	for last, still := s.stirs.Load(), 0; still < 18; still++ {
		time.Sleep(2 * time.Millisecond)
		if now := s.stirs.Load(); now != last {
			last, still = now, 0
		}
	}
	s.dozy.Store(false)
	s.asleep.Store(true)
}

// lendsOn lets n turns give up their slots, and no more.
func lendsOn(n int32) func() hooks {
	return func() hooks {
		var lent atomic.Int32
		return hooks{park: func(p *place, k *core.Parking) {
			slot := core.OnTurn()
			if slot && lent.Add(1) > n {
				slot = false
			}
			p.park(k, slot)
			if core.OnTurn() {
				lent.Add(-1)
			}
		}}
	}
}

var parkMutants = []mutant{
	change("forgets an Unpark that comes early", plenty, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) {
			p.r.mu.Lock()
			defer p.r.mu.Unlock()
			if s := state(k); s.waiting && p.ready(s) {
				p.r.dispatch()
			}
		}}
	}, "park/unpark-comes-early"),
	// With one slot there is no other turn while this one has not parked.
	change("forgets an Unpark by the turn that is to park", 1, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) {
			p.r.mu.Lock()
			early := !state(k).waiting
			p.r.mu.Unlock()
			if !early || !core.OnTurn() {
				p.unpark(k)
			}
		}}
	}, "park/unpark-comes-early"),
	change("panics at a second Unpark", plenty, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) {
			if p.countUnpark(k) > 2 {
				panic("close of closed channel")
			}
			p.unpark(k)
		}}
	}, "park/unpark-comes-again"),
	change("unparks a Parking once", plenty, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) {
			if p.countUnpark(k) == 1 {
				p.unpark(k)
			}
		}}
	}, "park/parks-again", "wait/ring"),
	change("waits in Unpark until the one turn that waits has gone on", 1, func() hooks {
		var waiting atomic.Int32
		return hooks{
			park: func(p *place, k *core.Parking) {
				waiting.Add(1)
				p.park(k, core.OnTurn())
				waiting.Add(-1)
			},
			unpark: func(p *place, k *core.Parking) {
				p.unpark(k)
				for core.OnTurn() && waiting.Load() == 1 {
					time.Sleep(time.Millisecond / 10)
				}
			},
		}
	}, "park/unpark-does-not-wait"),
	change("waits in Unpark while a thousand are ready", plenty, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) {
			p.r.awaitRoom()
			p.unpark(k)
		}}
	}, "park/unpark-does-not-wait"),
	change("panics in an Unpark by an actor of another runtime", plenty, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) {
			if core.OnTurn() && !bytes.Contains(debug.Stack(), []byte("(*reference).run")) {
				panic("Unpark on a strange goroutine")
			}
			p.unpark(k)
		}}
	}, "mix/calls-both-ways"),
	change("loses one Unpark in a thousand", plenty, func() hooks {
		var n atomic.Int32
		return hooks{unpark: func(p *place, k *core.Parking) {
			if n.Add(1)%1000 != 0 {
				p.unpark(k)
			}
		}}
	}, "park/no-unpark-is-lost"),
}

func (p *place) countUnpark(k *core.Parking) int {
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	s := state(k)
	s.unparked++
	return s.unparked
}

var inlineMutants = []mutant{
	change("waits in Enter for a free slot", 4, func() hooks {
		return hooks{enter: func(p *place, by core.Waker) bool {
			for by == nil && !p.enter() {
				time.Sleep(time.Millisecond / 10)
			}
			return by == nil
		}}
	}, "inline/enter-does-not-wait"),
	change("keeps a slot in Leave", plenty, func() hooks {
		return hooks{leave: func(*place) {}}
	}, "inline/leave-gives-back"),
	change("keeps a slot in one Leave of 256", 16, func() hooks {
		var n atomic.Int32
		return hooks{leave: func(p *place) {
			if n.Add(1)%256 != 0 {
				p.leave()
			}
		}}
	}, "inline/leave-gives-back"),
	change("takes every caller for one of its own", plenty, func() hooks {
		return hooks{enter: func(p *place, by core.Waker) bool {
			return (by == nil || by.(*place).r == p.r) && p.enter()
		}}
	}, "inline/enter-takes-any-caller"),
	change("lets actors of other runtimes in", plenty, func() hooks {
		return hooks{enter: func(p *place, _ core.Waker) bool { return p.enter() }}
	}, "inline/not-for-another-runtime"),
	change("lets actors of another such runtime in", plenty, func() hooks {
		return hooks{enter: func(p *place, by core.Waker) bool {
			_, ok := by.(*place)
			return (by == nil || ok) && p.enter()
		}}
	}, "inline/not-for-another-runtime"),
	change("loses a Wake between Enter and Leave", plenty, func() hooks {
		return hooks{
			enter: func(p *place, by core.Waker) bool {
				if by != nil || !p.enter() {
					return false
				}
				p.entered.Add(1)
				return true
			},
			leave: func(p *place) {
				p.entered.Add(-1)
				p.leave()
			},
			wake: func(p *place, _ core.Waker) {
				if p.entered.Load() == 0 {
					p.wake()
				}
			},
		}
	}, "inline/wake-before-leave"),
	change("keeps the slot of a wait on a caller's goroutine", 1, func() hooks {
		return hooks{
			enter: func(p *place, by core.Waker) bool {
				if by != nil || !p.enter() {
					return false
				}
				p.entered.Add(1)
				return true
			},
			leave: func(p *place) {
				p.entered.Add(-1)
				p.leave()
			},
			park: func(p *place, k *core.Parking) {
				p.park(k, p.entered.Load() == 0 && core.OnTurn())
			},
		}
	}, "inline/may-wait"),
}

// moveThread moves the calling goroutine to another OS thread: a goroutine
// that locks this one is let run on it first.
func moveThread(stop <-chan struct{}) {
	for range 8 {
		go func() {
			runtime.LockOSThread()
			<-stop
		}()
		runtime.Gosched()
	}
}
