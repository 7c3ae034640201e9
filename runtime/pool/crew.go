package pool

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/panjf2000/ants/v2"
)

// A crew is where workers come from: an ants pool, and plain goroutines where
// that has no room.
type crew struct {
	ants       *ants.Pool
	own        bool          // made by New, without a limit: it always has room
	work       func()        // what a worker does
	summon     func()        // Runtime.summon, made once: go r.summon() allocates
	submitting atomic.Int32  // goroutines in submit
	released   chan struct{} // closed when release is done
}

// call has a worker come. A pool of somebody else's is asked by a goroutine
// made for it: Submit of one that is full may block for as long as that
// likes. Our own has room, and is asked on the spot where that cannot block.
func (r *Runtime) call() {
	if r.crew.own && handsOver && r.crew.ants.Submit(r.crew.work) == nil {
		return
	}
	if !r.crew.own {
		r.watch() // it may be late
	}
	r.spawned.Add(1)
	go r.crew.summon()
}

// summon gets a worker from the ants pool, or is one.
func (r *Runtime) summon() {
	defer r.exited()
	if !r.crew.submit() {
		r.work()
	}
}

// handsOver tells whether a worker of ants has room for what it is given. It
// has none if there was one processor when ants was loaded, and then Submit
// blocks until that worker runs.
var handsOver = runtime.GOMAXPROCS(0) > 1

func (r *Runtime) callIf(call bool) {
	if call {
		r.call()
	}
}

// submit reports whether the ants pool took the worker. A pool of somebody
// else's is not asked while it keeps another goroutine of ours waiting.
func (c *crew) submit() bool {
	defer c.submitting.Add(-1)
	if c.submitting.Add(1) > 1 && !c.own {
		return false
	}
	return c.ants.Submit(c.work) == nil
}

// spawn runs f on a plain goroutine that Close waits for.
func (r *Runtime) spawn(f func()) {
	r.spawned.Add(1)
	go func() {
		defer r.exited()
		f()
	}()
}

func (r *Runtime) exited() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spawned.Add(-1)
	r.checkEnded()
}

// release ends the goroutines of a pool of our own, and closes released when
// they have ended. It is called once, and does not wait.
func (c *crew) release() {
	if !c.own {
		close(c.released)
		return
	}
	go func() {
		defer close(c.released)
		_ = c.ants.ReleaseContext(context.Background()) // which never ends
	}()
}
