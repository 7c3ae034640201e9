package core_test

import (
	"context"
	"time"

	"github.com/troupe-go/troupe/core"
)

// combine asks several, derives futures from the replies, and gets those.
func (p *party) combine() {
	var ids []uint64
	var replies []core.Future[uint64]
	mayEnd := false
	for range p.rng.IntN(4) {
		to := p.target()
		if to == nil {
			return
		}
		t, f, may := p.send(to)
		mayEnd = mayEnd || may
		ids = append(ids, t.id)
		replies = append(replies, core.Map(f, func(v any) (uint64, error) { return core.As[uint64](v, nil) }))
	}
	odd := core.Filter(core.Join(replies...), func(id uint64) bool { return id%2 == 1 })
	sum := core.Reduce(odd, uint64(0), func(sum, id uint64) uint64 { return sum + id })
	var want uint64
	for _, id := range ids {
		want += id % 2 * id
	}
	for range 1 + p.rng.IntN(2) {
		p.getSum(sum, want, mayEnd)
	}
}

func (p *party) getSum(sum core.Future[uint64], want uint64, mayEnd bool) {
	ctx, mayEndToo, cancel := p.within()
	defer cancel()
	got, err := sum.Get(ctx)
	if err == nil && got != want {
		p.w.t.Errorf("Get of the derived future = %d, want %d", got, want)
	}
	p.saw("Get of a derived future", err, mayEnd || mayEndToo)
}

// promise waits for a promise that a goroutine keeps, perhaps with others, or
// for one that computes.
func (p *party) promise() {
	var made core.Promise[int]
	f := made.Future()
	want := p.rng.IntN(100)
	if p.rng.IntN(2) == 0 {
		p.w.goBeside(func() { _ = made.Resolve(want) })
	} else {
		_ = made.Compute(func(context.Context) (int, error) { return want, nil })
	}
	for range p.rng.IntN(3) {
		p.w.goBeside(func() {
			if got, err := f.Get(p.w.patience); got != want || err != nil {
				p.w.t.Errorf("Get of a promise = %d, %v; want %d", got, err, want)
			}
		})
	}
	ctx, mayEnd, cancel := p.within()
	defer cancel()
	got, err := f.Get(ctx)
	if err == nil && got != want {
		p.w.t.Errorf("Get of a promise = %d, want %d", got, want)
	}
	p.saw("Get of a promise", err, mayEnd)
}

// block waits for a goroutine in a way that core cannot see, and says so.
func (p *party) block() {
	fails := p.self != nil && !p.beside && p.rng.IntN(8) == 0
	returned := false
	core.Blocking(p.ctx, func() {
		met := make(chan struct{})
		go close(met)
		<-met
		if fails {
			panic(&stressError{})
		}
		returned = true
	})
	if !returned {
		p.w.t.Error("Blocking returned before its function")
	}
}

// startBeside starts a goroutine that has the party's context, or one derived
// from it, and so passes for it.
func (p *party) startBeside() {
	ctx := p.ctx
	if p.rng.IntN(3) == 0 {
		ctx = core.Detach(ctx)
	}
	b := &party{w: p.w, rng: p.w.newRand(), out: p.w.newLedger(), ctx: ctx, self: p.self, beside: true, hops: p.hops}
	p.w.goBeside(func() {
		for range 2 {
			b.step()
		}
	})
}

// shutdownFromInside has the actor shut its own system down. The others may
// wait for the actor, so it must not wait for them for long.
func (p *party) shutdownFromInside() {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Millisecond)
	defer cancel()
	_ = p.self.sys.sys.Shutdown(ctx) // the fatal errors that there were
}
