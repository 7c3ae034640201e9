package mutants

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/troupe-go/troupe/core"
)

// A reference is a right runtime with every ability but Pinner: turns run on
// goroutines of their own, as many at once as there are slots, in the order
// in which they became ready. A turn that waits gives up its slot.
//
// Its hooks are where a mutant differs.
type reference struct {
	hooks hooks

	mu         sync.Mutex
	free       int // slots
	ready      []entry
	attached   int
	goroutines int
	closed     bool
	changed    chan struct{} // closed, and made anew, when Close is to look again
}

// hooks replace a step of the reference if they are not nil.
type hooks struct {
	attach func(r *reference, loop core.Loop) (core.Waker, error)
	turn   func(p *place) core.Status
	wake   func(p *place, by core.Waker)
	push   func(r *reference, e entry) // with mu held: e is ready
	more   func(r *reference, p *place)
	after  func(r *reference, p *place, left core.Status, exited bool) bool // false: that was all
	park   func(p *place, k *core.Parking)
	unpark func(p *place, k *core.Parking)
	enter  func(p *place, by core.Waker) bool
	leave  func(p *place)
	close  func(r *reference, ctx context.Context) error
}

// An entry is what waits for a slot: a turn to begin, or one that waited.
type entry struct {
	p      *place
	parked *parked
}

func newReference(slots int, h hooks) *reference {
	return &reference{hooks: h, free: slots, changed: make(chan struct{})}
}

// Attach implements core.Runtime.
func (r *reference) Attach(loop core.Loop) (core.Waker, error) {
	if h := r.hooks.attach; h != nil {
		return h(r, loop)
	}
	return r.attach(loop)
}

func (r *reference) attach(loop core.Loop) (core.Waker, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, core.ErrRuntimeClosed
	}
	r.attached++
	return &place{r: r, loop: loop}, nil
}

// Close implements core.Closer.
func (r *reference) Close(ctx context.Context) error {
	if h := r.hooks.close; h != nil {
		return h(r, ctx)
	}
	return r.close(ctx)
}

func (r *reference) close(ctx context.Context) error {
	for {
		r.mu.Lock()
		r.closed = true
		over := r.attached == 0 && r.goroutines == 0
		changed := r.changed
		r.mu.Unlock()
		if over {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// A place is one actor's. The fields below loop are for mutants.
type place struct {
	r    *reference
	loop core.Loop

	inTurn  atomic.Bool
	entered atomic.Int32
	count   atomic.Int32
	next    atomic.Pointer[place]
	last    atomic.Pointer[core.Parking]
}

var (
	_ core.Parker  = (*place)(nil)
	_ core.Inliner = (*place)(nil)
)

// notedTurn is a turn that a Wake during it can be told from others by.
func notedTurn(p *place) core.Status {
	p.inTurn.Store(true)
	defer p.inTurn.Store(false)
	return p.loop.Turn(budget)
}

// Wake implements core.Waker.
func (p *place) Wake(by core.Waker) {
	if h := p.r.hooks.wake; h != nil {
		h(p, by)
		return
	}
	p.wake()
}

func (p *place) wake() {
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	p.r.push(entry{p: p})
	p.r.dispatch()
}

func (r *reference) push(e entry) {
	if h := r.hooks.push; h != nil {
		h(r, e)
		return
	}
	r.ready = append(r.ready, e)
}

// dispatch gives free slots to what is ready, with mu held.
func (r *reference) dispatch() {
	for r.free > 0 && len(r.ready) > 0 {
		e := r.ready[0]
		r.ready = r.ready[1:]
		r.free--
		if e.parked != nil {
			e.parked.resume <- struct{}{}
			continue
		}
		r.goroutines++
		go r.run(e.p)
	}
}

func (r *reference) run(p *place) {
	left, exited := core.More, true
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.goroutines--
		if h := r.hooks.after; h == nil || h(r, p, left, exited) {
			r.after(p, left)
		}
		close(r.changed)
		r.changed = make(chan struct{})
	}()
	left = p.turn()
	exited = false
}

func (p *place) turn() core.Status {
	if h := p.r.hooks.turn; h != nil {
		return h(p)
	}
	return p.loop.Turn(budget)
}

const budget = 16

// after does what a Turn asked for, with mu held.
func (r *reference) after(p *place, left core.Status) {
	r.free++
	switch {
	case left == core.Ended:
		r.attached--
	case left == core.More && r.hooks.more != nil:
		r.hooks.more(r, p)
	case left == core.More:
		r.push(entry{p: p})
	}
	r.dispatch()
}

// parked is what a Parking's Data is; guarded by the runtime's mu.
type parked struct {
	waiting  bool
	token    bool // an Unpark came early
	slot     bool // the wait gave up a slot
	unparked int
	resume   chan struct{}
}

// state is the parked of k, with mu held.
func state(k *core.Parking) *parked {
	if k.Data == nil {
		k.Data = &parked{resume: make(chan struct{}, 1)}
	}
	return k.Data.(*parked)
}

// Park implements core.Parker.
func (p *place) Park(k *core.Parking) {
	if h := p.r.hooks.park; h != nil {
		h(p, k)
		return
	}
	p.park(k, core.OnTurn())
}

func (p *place) park(k *core.Parking, slot bool) {
	r := p.r
	r.mu.Lock()
	s := state(k)
	if s.token {
		s.token = false
		r.mu.Unlock()
		return
	}
	s.waiting, s.slot = true, slot
	if slot {
		r.free++
		r.dispatch()
	}
	r.mu.Unlock()
	<-s.resume
}

// Unpark implements core.Parker.
func (p *place) Unpark(k *core.Parking) {
	if h := p.r.hooks.unpark; h != nil {
		h(p, k)
		return
	}
	p.unpark(k)
}

func (p *place) unpark(k *core.Parking) {
	r := p.r
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.ready(state(k)) {
		r.dispatch()
	}
}

// ready makes s so, with mu held, and reports whether it now waits for a slot.
func (p *place) ready(s *parked) bool {
	if !s.waiting {
		s.token = true
		return false
	}
	s.waiting = false
	if !s.slot {
		s.resume <- struct{}{}
		return false
	}
	p.r.push(entry{p, s})
	return true
}

// Enter implements core.Inliner.
func (p *place) Enter(by core.Waker) bool {
	if h := p.r.hooks.enter; h != nil {
		return h(p, by)
	}
	if by != nil {
		if q, ok := by.(*place); !ok || q.r != p.r {
			return false
		}
	}
	return p.enter()
}

func (p *place) enter() bool {
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	if p.r.free == 0 {
		return false
	}
	p.r.free--
	return true
}

// Leave implements core.Inliner.
func (p *place) Leave() {
	if h := p.r.hooks.leave; h != nil {
		h(p)
		return
	}
	p.leave()
}

func (p *place) leave() {
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	p.r.free++
	p.r.dispatch()
}
