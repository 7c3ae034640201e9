package mutants

import (
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

// odd runtimes are right ones that do things in ways of their own. The suite
// must not accuse them.
var odd = []mutant{
	{"takes a moment now and then", nil, func() core.Runtime {
		return newReference(8, hooks{
			turn: func(p *place) core.Status { dawdle(); defer dawdle(); return p.loop.Turn(budget) },
			wake: func(p *place, _ core.Waker) { dawdle(); p.wake() },
		})
	}},
	{"runs one thing at a time", nil, func() core.Runtime { return newReference(1, hooks{}) }},
	{"handles one message a turn", nil, func() core.Runtime {
		return newReference(plenty, hooks{turn: func(p *place) core.Status { return p.loop.Turn(1) }})
	}},
	{"asks for more messages than there can be", nil, func() core.Runtime {
		return newReference(plenty, hooks{turn: func(p *place) core.Status { return p.loop.Turn(1 << 30) }})
	}},
	{"runs what is ready in batches, the last first", nil, func() core.Runtime {
		return newReference(4, hooks{push: lastFirst()})
	}},
	{"starts slowly", nil, func() core.Runtime {
		return newReference(plenty, hooks{turn: func(p *place) core.Status {
			if p.count.Add(1) == 1 {
				time.Sleep(5 * time.Millisecond)
			}
			return p.loop.Turn(budget)
		}})
	}},
	{"returns from Park for no reason", nil, func() core.Runtime {
		return newReference(plenty, hooks{park: func(p *place, k *core.Parking) {
			if rand.IntN(2) == 0 {
				time.Sleep(time.Millisecond / 10)
				return
			}
			p.park(k, core.OnTurn())
		}})
	}},
	{"lets nobody in", nil, func() core.Runtime {
		return newReference(4, hooks{enter: func(p *place, by core.Waker) bool { return false }})
	}},
	{"starts a goroutine for each Wake", nil, func() core.Runtime { return spree{} }},
	{"unparks when it has the time", nil, func() core.Runtime {
		return newReference(4, hooks{unpark: func(p *place, k *core.Parking) { go func() { dawdle(); p.unpark(k) }() }})
	}},
	{"pins each actor to a thread", nil, newThreads(habits{})},
}

// dawdle takes up to a millisecond, mostly nothing.
func dawdle() {
	if rand.IntN(64) == 0 {
		time.Sleep(time.Duration(rand.IntN(int(time.Millisecond))))
	}
}

// lastFirst puts what becomes ready before what did just before it, but never
// before an entry that has already been overtaken eight times.
func lastFirst() func(r *reference, e entry) {
	var in atomic.Int64
	return func(r *reference, e entry) {
		batch := int(in.Add(1) % 8)
		at := max(0, len(r.ready)-batch)
		r.ready = slices.Insert(r.ready, at, e)
	}
}

// A spree starts a goroutine for each Wake and keeps count of nothing.
type spree struct{}

type spreePlace struct{ loop core.Loop }

// Attach implements core.Runtime.
func (spree) Attach(l core.Loop) (core.Waker, error) { return spreePlace{l}, nil }

// Wake implements core.Waker.
func (p spreePlace) Wake(core.Waker) { go p.run() }

func (p spreePlace) run() {
	left := core.More
	defer func() {
		if left == core.More {
			go p.run()
		}
	}()
	left = p.loop.Turn(budget)
}
