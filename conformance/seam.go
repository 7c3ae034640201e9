package conformance

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

// runtime makes one with the factory. It is closed when the rule is over; how
// that goes is a matter of the rules on Close.
func (t *trial) runtime() core.Runtime {
	rt := t.make(t)
	if rt == nil {
		t.fatalf("the factory returned nil, want a Runtime")
	}
	if closer, ok := rt.(core.Closer); ok {
		t.Cleanup(func() {
			t.tidy(func(ctx context.Context) { _ = closer.Close(ctx) })
		})
	}
	return rt
}

// tidy calls f and waits for it, for a while and no longer: the verdict has
// been given. All that there is to tidy up shares that while.
func (t *trial) tidy(f func(context.Context)) {
	if t.tidying == nil {
		patience := t.limit / 2
		if t.failed() {
			patience = t.limit / 50
		}
		t.tidying = countdown(t.life, patience)
	}
	ctx := t.tidying
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { _ = recover() }()
		f(ctx)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// A loop is the suite's own, in place of an actor's. It keeps core's side of
// the contract, and counts the calls of Turn: those that were due, and those
// that were not.
type loop struct {
	t     *trial
	waker core.Waker
	body  func(turn int) core.Status
	news  chan struct{} // something below has changed

	turns  atomic.Int64 // that have returned, or ended their goroutine
	strays atomic.Int64 // that nothing had asked for
	ending atomic.Bool  // the next Turn is to return Ended, whatever body says
	ended  atomic.Bool

	mu      sync.Mutex // guards these
	queued  bool       // a Wake or a More has not been answered
	running bool
	work    bool // for the Turn that runs to say More
	began   int
}

var _ core.Loop = (*loop)(nil)

// attach attaches a loop whose Turns call body, with the number of the turn
// from 1 on. A nil body is always Idle.
func (t *trial) attach(rt core.Runtime, body func(turn int) core.Status) *loop {
	l, err := t.tryAttach(rt, body)
	if err != nil {
		t.refuse("Attach", err)
	}
	return l
}

func (t *trial) tryAttach(rt core.Runtime, body func(turn int) core.Status) (*loop, error) {
	l := &loop{t: t, body: body, news: make(chan struct{}, 1)}
	waker, err := rt.Attach(l)
	if err != nil {
		return l, err
	}
	if waker == nil {
		t.fatalf("Attach = nil, nil; want a Waker")
	}
	l.waker = waker
	t.mu.Lock()
	defer t.mu.Unlock()
	t.loops = append(t.loops, l)
	return l, nil
}

// attachMany attaches n loops, or as many as the runtime takes.
func (t *trial) attachMany(rt core.Runtime, n int, body func(turn int) core.Status) []*loop {
	loops := []*loop{t.attach(rt, body)}
	for range t.places(loops[0].waker, n-1) {
		l, err := t.tryAttach(rt, body)
		if err != nil {
			break
		}
		loops = append(loops, l)
	}
	return loops
}

// Turn implements core.Loop.
func (l *loop) Turn(int) (left core.Status) {
	n, due := l.begin()
	if !due {
		return core.Idle
	}
	left = core.More // which a Turn that ends its goroutine counts as
	defer func() { left = l.finish(left) }()
	if l.ending.Load() {
		left = core.Ended
	} else if l.body != nil {
		left = l.body(n)
	} else {
		left = core.Idle
	}
	return left
}

// begin answers a Wake or a More; false if this Turn has nothing to do.
func (l *loop) begin() (n int, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.queued {
		l.strays.Add(1)
		return 0, false
	}
	l.queued = false
	if l.running {
		return 0, false
	}
	l.running = true
	l.began++
	return l.began, true
}

func (l *loop) finish(left core.Status) core.Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	if left == core.Idle && l.work && l.running {
		left = core.More
	}
	l.work = false
	switch left {
	case core.More:
		l.queued = true
	case core.Ended:
		l.ended.Store(true)
	}
	l.running = false
	l.turns.Add(1)
	l.tell()
	return left
}

func (l *loop) tell() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// rest is for a body that is about to return Idle: from here on a Wake is one
// for another Turn.
func (l *loop) rest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running = false
}

// wake calls Wake on behalf of by, if it is time for one.
func (l *loop) wake(by core.Waker) {
	l.mu.Lock()
	l.work = true
	due := !l.queued && !l.running && !l.ended.Load()
	if due {
		l.queued, l.work = true, false
	}
	l.mu.Unlock()
	if due {
		callWake(l.waker, by)
	}
}

// callWake is a frame that onStack can find.
//
//go:noinline
func callWake(w, by core.Waker) { w.Wake(by) }

// onStack reports whether a function of this package is on the stack.
func onStack(name string) bool {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, "/conformance."+name) {
			return true
		}
		if !more {
			return false
		}
	}
}

// awaitTurns waits until n Turns have returned. One goroutine may wait.
func (l *loop) awaitTurns(n int64, what string, args ...any) {
	l.await(func() bool { return l.turns.Load() >= n }, what, args...)
}

// await waits for what a Turn brings about.
func (l *loop) await(cond func() bool, what string, args ...any) {
	for !cond() {
		select {
		case <-l.news:
		case <-l.t.ctx.Done():
			if !cond() {
				l.t.timeUp(what, args...)
			}
		}
	}
}

// poke wakes the loop and waits for its Turn.
func (l *loop) poke(what string, args ...any) {
	n := l.turns.Load()
	l.wake(nil)
	l.awaitTurns(n+1, what, args...)
}

// endLoops has all loops return Ended, and waits for it a while.
func (t *trial) endLoops() {
	t.mu.Lock()
	loops := t.loops
	t.mu.Unlock()
	t.tidy(func(ctx context.Context) {
		for _, l := range loops {
			l.ending.Store(true)
			l.tryWake()
		}
		for _, l := range loops {
			for !l.ended.Load() && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
		}
	})
}

// tryWake is wake where a runtime that panics is no longer of interest.
func (l *loop) tryWake() {
	defer func() { _ = recover() }()
	l.wake(nil)
}

// mustEnd is end for a rule that relies on it.
func (l *loop) mustEnd() {
	l.ending.Store(true)
	l.wake(nil)
	l.await(l.ended.Load, "the Turn that ends an actor, after a Wake,")
}

// A stranger is a Waker of a runtime that nobody knows.
type stranger struct{ _ []int } // not comparable

// Wake implements core.Waker.
func (stranger) Wake(core.Waker) {}
