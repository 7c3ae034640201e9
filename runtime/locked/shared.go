package locked

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/strand"
)

// shared places actors on a fixed number of threads.
type shared struct {
	*starter

	mu      sync.Mutex
	threads []*sharedThread
	closed  bool
}

func newShared(s *starter, n int) *shared {
	sh := &shared{starter: s, threads: make([]*sharedThread, n)}
	for i := range sh.threads {
		sh.threads[i] = newSharedThread()
	}
	return sh
}

// Attach implements [core.Runtime].
func (sh *shared) Attach(loop core.Loop) (core.Waker, error) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.closed {
		return nil, core.ErrRuntimeClosed
	}
	t := slices.MinFunc(sh.threads, func(a, b *sharedThread) int { return cmp.Compare(a.actors, b.actors) })
	if !t.started {
		if err := sh.start(t.run, t.over); err != nil {
			return nil, err
		}
		t.started = true
	}
	t.actors++
	return pinned(t.strand.Attach(&leavingLoop{loop, func() { sh.leave(t) }}))
}

func (sh *shared) leave(t *sharedThread) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	t.actors--
}

// Close implements [core.Closer].
func (sh *shared) Close(ctx context.Context) error {
	sh.mu.Lock()
	sh.closed = true
	sh.mu.Unlock()
	for _, t := range sh.threads {
		if err := t.close(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A sharedThread is started for its first actor and ends when the Runtime is
// closed.
type sharedThread struct {
	strand *strand.Strand
	ready  chan struct{}
	ended  chan struct{}

	started bool // these two under shared.mu
	actors  int
}

func newSharedThread() *sharedThread {
	t := &sharedThread{ready: make(chan struct{}, 1), ended: make(chan struct{})}
	t.strand = strand.New(func() { t.ready <- struct{}{} })
	return t
}

func (t *sharedThread) run() {
	for {
		select {
		case <-t.ready:
			t.strand.Run(100)
		case <-t.strand.Done():
			return
		}
	}
}

func (t *sharedThread) over() { close(t.ended) }

func (t *sharedThread) close(ctx context.Context) error {
	if err := t.strand.Close(ctx); err != nil || !t.started {
		return err
	}
	return await(ctx, t.ended)
}

// A leavingLoop tells when its actor has ended.
type leavingLoop struct {
	core.Loop
	leave func()
}

// Turn implements [core.Loop].
func (l *leavingLoop) Turn(budget int) core.Status {
	left := l.Loop.Turn(budget)
	if left == core.Ended {
		l.leave()
	}
	return left
}

// A place is one actor's on a thread that it shares.
type place struct{ strandWaker }

type strandWaker interface {
	core.Waker
	core.Parker
}

var _ core.Pinner = place{}

// Pinned implements [core.Pinner].
func (place) Pinned() bool { return true }

// pinned makes a place of what a Strand's Attach returns.
func pinned(w core.Waker, err error) (core.Waker, error) {
	if err != nil {
		return nil, err
	}
	return place{w.(strandWaker)}, nil
}
