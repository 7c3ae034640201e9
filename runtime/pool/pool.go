// Package pool runs many actors on a bounded pool of ants workers.
//
// A pool of n has n slots. A turn needs a slot to run, so at most n actors
// run at once, whatever the number of actors that are ready, and idle actors
// cost no goroutine. A turn that waits in core's sight (for a reply, a stop,
// room in an inbox, or in [core.Blocking]) gives its slot to others and takes
// one again before it goes on. Its goroutine stays with it, so that there are
// as many goroutines as there are slots and turns that wait.
//
// Nobody who sends a message waits for the pool. Submit of an ants pool that
// others use too, which may block, is called by goroutines made for it.
package pool

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/panjf2000/ants/v2"
	"github.com/troupe-go/troupe/core"
)

// A Runtime runs at most as many actors at once as it has slots. It is made
// by New or On; its methods may be called from any goroutine.
type Runtime struct {
	budget   int
	patience time.Duration
	crew     crew
	guests   guests
	seats    sync.Pool    // of *seat
	watched  atomic.Bool  // the monitor runs, or its timer
	spawned  atomic.Int32 // plain goroutines
	timer    *time.Timer  // used by whoever has set watched

	_     [64]byte // what follows is written all the time
	slots slots
	_     [64]byte

	mu       sync.Mutex // guards these
	queue    queue
	busy     workerList // those that no wait has made give a slot up
	spare    *worker    // a list by worker.next, of those that have left
	workers  int        // that have arrived and not left
	arrivals uint64     // of workers, ever
	missed   uint64     // arrivals when the monitor saw that one was coming, plus 1
	size     int
	lent     int
	loans    uint64
	waiting  int // turns without a slot
	attached int
	closed   bool
	named    map[string]bool // types of actors whose loan has been logged
	ended    chan struct{}   // closed when the last actor and worker have gone
}

var (
	_ core.Runtime = (*Runtime)(nil)
	_ core.Closer  = (*Runtime)(nil)
)

// MaxSize is how many slots a Runtime has at most.
const MaxSize = 1 << 30

// New makes a Runtime of size slots: of GOMAXPROCS if size is 0 or less, and
// of MaxSize if it is more than that.
func New(size int, opts ...Option) *Runtime {
	own, err := ants.NewPool(-1)
	if err != nil {
		panic("pool: " + err.Error()) // ants refuses options only, and has none
	}
	return newRuntime(size, own, true, opts)
}

// On makes a Runtime whose workers are those of p, a pool that others may use
// too. It has as many slots as p has room for, or GOMAXPROCS if that is
// without limit; see [Runtime.Resize]. Where p has no worker free, be it one
// that refuses then or one that blocks, plain goroutines are used. A turn
// that waits goes on occupying its worker of p.
//
// Close does not release p. On panics if p is nil.
func On(p *ants.Pool, opts ...Option) *Runtime {
	if p == nil {
		panic("pool: On of a nil ants pool; New makes a Runtime with a pool of its own")
	}
	return newRuntime(p.Cap(), p, false, opts)
}

func newRuntime(size int, p *ants.Pool, own bool, opts []Option) *Runtime {
	r := &Runtime{
		budget:   defaultBudget,
		patience: defaultPatience,
		named:    map[string]bool{},
		ended:    make(chan struct{}),
	}
	for _, opt := range opts {
		if opt != nil {
			opt.apply(r)
		}
	}
	r.crew.ants, r.crew.own = p, own
	r.crew.released = make(chan struct{})
	r.crew.work, r.crew.summon = r.work, r.summon
	r.guests.init()
	r.timer = time.AfterFunc(time.Hour, r.monitor)
	r.timer.Stop()
	r.Resize(size)
	return r
}

// Resize changes the number of slots: to GOMAXPROCS if size is 0 or less, and
// to MaxSize if it is more than that. Turns that run are not cut short: a pool
// that shrinks has more actors running until enough of their turns have ended.
func (r *Runtime) Resize(size int) {
	if size <= 0 {
		size = runtime.GOMAXPROCS(0)
	}
	size = min(size, MaxSize)
	r.mu.Lock()
	call := r.slots.resize(size - r.size)
	r.size = size
	r.mu.Unlock()
	r.callIf(call)
}

// Attach implements [core.Runtime].
func (r *Runtime) Attach(loop core.Loop) (core.Waker, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, core.ErrRuntimeClosed
	}
	r.attached++
	return &place{r: r, loop: loop}, nil
}

// Close implements [core.Closer]. Of the goroutines of ants it ends those of
// the pool that New made. Two that ants starts when it is imported, for a
// default pool that nobody here uses, stay until the process ends.
//
// A pool given to On is left alone; but where that pool blocks and is full, a
// goroutine of ours may be waiting in its Submit, and Close waits until it
// has room.
func (r *Runtime) Close(ctx context.Context) error {
	if ctx == nil {
		return fmt.Errorf("%w: Close with a nil context; context.Background() is the one that never ends", core.ErrInvalid)
	}
	r.mu.Lock()
	r.closed = true
	r.checkEnded()
	r.mu.Unlock()
	if err := wait(ctx, r.ended); err != nil {
		return err
	}
	return wait(ctx, r.crew.released)
}

// wait returns the cause of ctx if that ends before done is closed.
func wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// checkEnded closes ended if it is time, under mu, and has the crew go, be
// there a Close that waits for it or not.
func (r *Runtime) checkEnded() {
	if !r.closed || r.attached > 0 || r.workers > 0 || r.spawned.Load() > 0 ||
		r.slots.load().isComing() || r.watched.Load() {
		return
	}
	select {
	case <-r.ended:
	default:
		close(r.ended)
		r.crew.release()
	}
}
