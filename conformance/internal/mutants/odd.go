package mutants

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
)

// An oddity is a right runtime that does things in a way of its own. The
// suite must not accuse it.
type oddity struct {
	mutant
	blocks string // why an actor that blocks or spins may hold up others; empty if it must not
}

// peculiar makes an oddity of the reference.
func peculiar(name string, slots int, new func() hooks) oddity {
	o := oddity{mutant: change(name, slots, new)}
	if slots <= crowd {
		o.blocks = fmt.Sprintf("it has %d slots, and lends none on", slots)
	}
	return o
}

// excused are the options with which o has to pass.
func (o oddity) excused() []conformance.Option {
	opts := []conformance.Option{conformance.Strict()}
	if o.blocks != "" {
		opts = append(opts,
			conformance.Skip("isolation/one-blocked-actor", o.blocks),
			conformance.Skip("isolation/one-spinning-actor", o.blocks),
			conformance.Skip("isolation/many-blocked-actors", o.blocks))
	}
	return opts
}

// crowd is how many actors block at once in the rules on isolation.
const crowd = 16

var odd = []oddity{
	peculiar("does nothing oddly", plenty, func() hooks { return hooks{} }),
	peculiar("has few slots", 4, func() hooks { return hooks{} }),
	peculiar("runs one thing at a time", 1, func() hooks { return hooks{} }),
	peculiar("has more slots than there are waiters", 150, func() hooks { return hooks{} }),
	peculiar("takes a moment now and then", plenty, func() hooks {
		return hooks{
			turn: func(p *place) core.Status { dawdle(); defer dawdle(); return p.loop.Turn(budget) },
			wake: func(p *place, _ core.Waker) { dawdle(); p.wake() },
		}
	}),
	peculiar("handles one message a turn", plenty, func() hooks {
		return hooks{turn: func(p *place) core.Status { return p.loop.Turn(1) }}
	}),
	peculiar("asks for more messages than there can be", plenty, func() hooks {
		return hooks{turn: func(p *place) core.Status { return p.loop.Turn(1 << 30) }}
	}),
	peculiar("runs what is ready in batches, the last first", 4, func() hooks {
		return hooks{push: lastFirst()}
	}),
	peculiar("starts slowly", plenty, func() hooks {
		return hooks{turn: func(p *place) core.Status {
			if p.count.Add(1) == 1 {
				time.Sleep(2 * time.Millisecond)
			}
			return p.loop.Turn(budget)
		}}
	}),
	peculiar("returns from Park for no reason", plenty, func() hooks {
		return hooks{park: func(p *place, k *core.Parking) {
			if rand.IntN(2) == 0 {
				time.Sleep(time.Millisecond / 10)
				return
			}
			p.park(k, core.OnTurn())
		}}
	}),
	peculiar("lets nobody in", plenty, func() hooks {
		return hooks{enter: func(*place, core.Waker) bool { return false }}
	}),
	peculiar("unparks when it has the time", plenty, func() hooks {
		return hooks{unpark: func(p *place, k *core.Parking) { go func() { dawdle(); p.unpark(k) }() }}
	}),
	{mutant: build("starts a goroutine for each Wake", func() core.Runtime { return spree{} })},
	{mutant: build("pins each actor to a thread", newThreads(habits{}))},
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
