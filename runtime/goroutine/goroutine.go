// Package goroutine runs every actor that has something to do on a goroutine.
// An idle actor holds none.
package goroutine

import (
	"context"
	"fmt"

	"github.com/troupe-go/troupe/core"
)

// budget is how many messages an actor handles before it goes behind the
// others that are ready. Nobody waits for it, as every ready actor gets a
// goroutine; it only bounds how long one call of Turn can be.
const budget = 256

// A Runtime runs actors on goroutines, without any limit on how many run at
// once. It is made by New; its methods may be called from any goroutine.
//
// A goroutine that has finished a turn takes the next ready actor instead of
// ending, so that two actors that take turns need one goroutine and no
// switch (a message of ping-pong 217 to 91 ns). No actor waits for that: as long
// as one is ready a goroutine is on its way, and the first thing it does is to
// call the next.
type Runtime struct {
	mu       mutex
	ready    queue
	starting bool // a goroutine has been started that has not looked yet
	workers  int  // goroutines, that one included
	attached int
	closed   bool
	ended    chan struct{} // closed when the last goroutine and actor have gone
	begin    func()        // r.start, made once so that a go statement allocates nothing
}

var (
	_ core.Runtime = (*Runtime)(nil)
	_ core.Closer  = (*Runtime)(nil)
	_ core.Inliner = (*place)(nil)
)

// New makes a Runtime.
func New() *Runtime {
	r := &Runtime{ended: make(chan struct{})}
	r.begin = r.start
	return r
}

// Attach implements [core.Runtime].
func (r *Runtime) Attach(loop core.Loop) (core.Waker, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, core.ErrRuntimeClosed
	}
	r.attached++
	return &place{r, loop}, nil
}

// Close implements [core.Closer].
func (r *Runtime) Close(ctx context.Context) error {
	if ctx == nil {
		return fmt.Errorf("%w: Close with a nil context; context.Background() is the one that never ends", core.ErrInvalid)
	}
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		r.checkEnded()
	}
	r.mu.Unlock()
	select {
	case <-r.ended:
		return nil
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}

// checkEnded closes ended if it is time, under mu.
func (r *Runtime) checkEnded() {
	if r.closed && r.attached == 0 && r.workers == 0 {
		close(r.ended)
	}
}

// A place is one actor's.
type place struct {
	r    *Runtime
	loop core.Loop
}

// Wake implements [core.Waker].
func (p *place) Wake(core.Waker) {
	r := p.r
	r.mu.Lock()
	r.ready.push(p)
	r.callNext()
	r.mu.Unlock()
}

// Enter implements [core.Inliner]: a goroutine that is no actor's may run
// any actor's turn, and so may an actor of the same Runtime.
func (p *place) Enter(by core.Waker) bool {
	if by == nil {
		return true
	}
	caller, ok := by.(*place)
	return ok && caller.r == p.r
}

// Leave implements [core.Inliner].
func (p *place) Leave() {}

// callNext sees to it that a goroutine is on its way if an actor is ready,
// under mu.
func (r *Runtime) callNext() {
	if r.starting || r.ready.empty() {
		return
	}
	r.starting = true
	r.workers++
	go r.begin()
}

func (r *Runtime) start() {
	r.mu.Lock()
	r.starting = false
	p := r.take()
	r.mu.Unlock()
	r.work(p)
}

// work runs turns until no actor is ready. A turn that ends the goroutine
// goes on as one that returned More.
func (r *Runtime) work(p *place) {
	defer func() {
		if p != nil {
			r.mu.Lock()
			r.workers--
			r.ready.push(p)
			r.callNext()
			r.mu.Unlock()
		}
	}()
	for p != nil {
		p = r.next(p, p.loop.Turn(budget))
	}
}

// next returns what to run after a turn of p, or nil.
func (r *Runtime) next(p *place, left core.Status) *place {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch left {
	case core.More:
		r.ready.push(p)
	case core.Ended:
		r.attached--
	}
	return r.take()
}

// take takes the next ready actor; if there is none, a goroutine less runs.
// It is called under mu.
func (r *Runtime) take() *place {
	p := r.ready.pop()
	if p == nil {
		r.workers--
		r.checkEnded()
		return nil
	}
	r.callNext()
	return p
}
