// Package strand is for runtimes whose turns share a goroutine, or a thread.
//
// A turn that waits must not keep the goroutine from the others: what it
// waits for may be one of them. A [Strand] runs each turn in a coroutine, so
// that a turn that waits is set aside, and is resumed, in any order, when its
// wait is over. All that is left to a runtime is to lend it a goroutine:
//
//	s := strand.New(func() { go s.Run(100) })
//
// makes a runtime whose actors run one at a time.
//
// # What handlers must not do
//
// Turns that share a goroutine also share what belongs to it. A handler that
// calls runtime.LockOSThread must call UnlockOSThread before it returns or
// waits, and must not wait inside a callback from C. Go would end the process
// ("coro: OS thread locking must match"), for a coroutine cannot be left with
// its thread held. Where the Strand's own goroutine holds no thread, such a
// wait panics instead, which fails the handler alone.
package strand

import (
	"context"
	"fmt"
	"sync"

	"github.com/troupe-go/troupe/core"
)

const (
	// budget is how many messages an actor handles before it goes behind the
	// others that are ready.
	budget = 64
	// maxIdle is how many coroutines are kept for further turns.
	maxIdle = 32
)

// A Strand runs the turns of its actors one at a time, on the goroutine that
// calls Run: it is a [core.Runtime] that lacks nothing else. It is made by
// New; its methods may be called from any goroutine.
//
// What is ready is in one queue, first in, first out: actors that have been
// woken, and turns whose wait is over. An actor is in one of these states:
//
//	idle     nothing to do; Wake makes it ready
//	ready    in the queue; Run gives it a coroutine and starts a turn
//	running  until the turn returns (idle, or ready again if it left work,
//	         or ended) or waits
//	waiting  set aside with its coroutine; Unpark makes it resumed
//	resumed  in the queue; Run goes on with its coroutine: running
//	ended    forgotten; with the last of them go the idle coroutines
type Strand struct {
	ready func()

	mu       sync.Mutex
	queue    queue
	current  *coroutine   // that runs, inside Run
	idle     []*coroutine // without a turn
	driven   bool         // somebody is inside Run
	called   bool         // ready has been called and Run has not begun since
	attached int
	closed   bool
	done     chan struct{}
}

var (
	_ core.Runtime = (*Strand)(nil)
	_ core.Closer  = (*Strand)(nil)
)

// New makes a Strand that calls ready to have Run called: once when something
// becomes ready, and again when a Run left something. It calls ready from any
// goroutine; ready must neither wait nor call Run itself.
func New(ready func()) *Strand {
	return &Strand{ready: ready, done: make(chan struct{})}
}

// Attach implements [core.Runtime].
func (s *Strand) Attach(loop core.Loop) (core.Waker, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, core.ErrRuntimeClosed
	}
	s.attached++
	return &place{s, loop}, nil
}

// Run runs what is ready, n things at most, on the calling goroutine, and
// returns how many it ran. A thing is a turn, up to where it ends or waits.
//
// Run does nothing and returns 0 while another Run is at work, be it around
// the caller or on another goroutine. If one call of Run is made with its
// thread locked, all have to be, to the same thread and as often.
func (s *Strand) Run(n int) (ran int) {
	if n <= 0 || !s.begin() {
		return 0
	}
	defer s.end()
	for ran < n && s.step() {
		ran++
	}
	return ran
}

func (s *Strand) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.driven {
		return false
	}
	s.driven = true
	s.called = false
	return true
}

func (s *Strand) end() {
	s.mu.Lock()
	s.driven = false
	s.checkDone()
	s.unlock()
}

// unlock unlocks, and then calls ready if it is time.
func (s *Strand) unlock() {
	call := !s.driven && !s.called && !s.queue.empty()
	s.called = s.called || call
	s.mu.Unlock()
	if call {
		s.ready()
	}
}

// step runs the next thing, if there is one.
func (s *Strand) step() bool {
	co := s.take()
	if co == nil {
		return false
	}
	s.settle(co, co.resume())
	return true
}

// take takes the next thing from the queue: it makes its coroutine current.
func (s *Strand) take() *coroutine {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch t := s.queue.pop(); {
	case t.waited != nil:
		s.current = t.waited
	case t.place != nil:
		s.current = s.coroutine()
		s.current.place = t.place
	}
	return s.current
}

// coroutine returns one without a turn, under mu.
func (s *Strand) coroutine() *coroutine {
	n := len(s.idle)
	if n == 0 {
		return newCoroutine()
	}
	co := s.idle[n-1]
	s.idle[n-1] = nil
	s.idle = s.idle[:n-1]
	return co
}

// settle does what follows from how co has come back.
func (s *Strand) settle(co *coroutine, o outcome) {
	s.mu.Lock()
	s.current = nil
	switch {
	case o.waits:
		s.mu.Unlock()
		return
	case o.status == core.More:
		s.queue.push(task{place: co.place})
	case o.status == core.Ended:
		s.attached--
	}
	spare := s.keep(co, o)
	s.mu.Unlock()
	for _, co := range spare {
		co.stop()
	}
}

// keep keeps co for another turn, and returns the coroutines that are not
// needed any more. It is called under mu.
func (s *Strand) keep(co *coroutine, o outcome) (spare []*coroutine) {
	switch {
	case o.exited:
	case len(s.idle) < maxIdle:
		s.idle = append(s.idle, co)
	default:
		spare = append(spare, co)
	}
	if s.attached == 0 {
		spare = append(spare, s.idle...)
		s.idle = nil
	}
	return spare
}

// Close implements [core.Closer]. It needs somebody to call Run until the
// last actor has ended.
func (s *Strand) Close(ctx context.Context) error {
	if ctx == nil {
		return fmt.Errorf("%w: Close with a nil context; context.Background() is the one that never ends", core.ErrInvalid)
	}
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		s.checkDone()
	}
	s.mu.Unlock()
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}

// Done is closed when Close has been called, the last actor has ended, and
// nothing is left to Run.
func (s *Strand) Done() <-chan struct{} { return s.done }

// checkDone closes done if it is time, under mu.
func (s *Strand) checkDone() {
	if !s.closed || s.attached > 0 || s.driven {
		return
	}
	select {
	case <-s.done:
	default:
		close(s.done)
	}
}
