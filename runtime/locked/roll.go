package locked

import (
	"context"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// A roll counts the threads that a Close has to wait for.
type roll struct {
	mu     sync.Mutex
	n      int // that run, or are about to be started
	closed bool
	ended  chan struct{} // closed when the roll is closed and nobody is on it
}

func newRoll() *roll { return &roll{ended: make(chan struct{})} }

// open is core.ErrRuntimeClosed after close.
func (r *roll) open() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return core.ErrRuntimeClosed
	}
	return nil
}

// enter adds a thread, if the roll is open.
func (r *roll) enter() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return core.ErrRuntimeClosed
	}
	r.n++
	return nil
}

func (r *roll) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n--
	r.checkEnded()
}

func (r *roll) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.closed = true
		r.checkEnded()
	}
}

func (r *roll) checkEnded() {
	if r.closed && r.n == 0 {
		close(r.ended)
	}
}

// wait waits until the roll is closed and all have left.
func (r *roll) wait(ctx context.Context) error {
	select {
	case <-r.ended:
		return nil
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}
