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
	roll *roll
	most int

	mu      sync.Mutex
	threads []*sharedThread // those that an actor has been placed on, under mu
}

func newShared(s *starter, most int) *shared {
	return &shared{starter: s, roll: newRoll(), most: most}
}

// Attach implements [core.Runtime]. A thread that takes its time to start
// keeps only those waiting who are placed on it.
func (sh *shared) Attach(loop core.Loop) (core.Waker, error) {
	t := sh.place()
	w, err := sh.attach(t, loop)
	if err != nil {
		sh.leave(t)
		return nil, err
	}
	return w, nil
}

func (sh *shared) place() *sharedThread {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	t := sh.emptiest()
	t.actors++
	return t
}

// emptiest is the thread with the fewest actors, under mu. One that nobody was
// placed on yet has none.
func (sh *shared) emptiest() *sharedThread {
	if len(sh.threads) > 0 {
		t := slices.MinFunc(sh.threads, func(a, b *sharedThread) int { return cmp.Compare(a.actors, b.actors) })
		if t.actors == 0 || len(sh.threads) == sh.most {
			return t
		}
	}
	t := newSharedThread()
	sh.threads = append(sh.threads, t)
	return t
}

func (sh *shared) leave(t *sharedThread) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	t.actors--
}

func (sh *shared) attach(t *sharedThread, loop core.Loop) (core.Waker, error) {
	if err := sh.ensure(t); err != nil {
		return nil, err
	}
	return pinned(t.strand.Attach(&leavingLoop{loop, func() { sh.leave(t) }}))
}

// ensure starts t, unless that has been done.
func (sh *shared) ensure(t *sharedThread) error {
	t.starting.Lock()
	defer t.starting.Unlock()
	if t.started {
		return sh.roll.open()
	}
	if err := sh.roll.enter(); err != nil {
		return err
	}
	if err := sh.start(t.run, sh.roll.leave); err != nil {
		sh.roll.leave()
		return err
	}
	t.started = true
	return nil
}

// Close implements [core.Closer]. Every thread is told, though ctx may end
// while the first is waited for: it ends when its actors have, waited for or
// not. A thread that an Attach adds meanwhile is refused by the roll.
func (sh *shared) Close(ctx context.Context) error {
	sh.roll.close()
	sh.mu.Lock()
	threads := slices.Clone(sh.threads)
	sh.mu.Unlock()
	var err error
	for _, t := range threads {
		err = cmp.Or(err, t.strand.Close(ctx))
	}
	return cmp.Or(err, sh.roll.wait(ctx))
}

// A sharedThread is started for its first actor and ends when the Runtime is
// closed.
type sharedThread struct {
	strand *strand.Strand
	ready  chan struct{}

	starting sync.Mutex
	started  bool // under starting
	actors   int  // under shared.mu
}

func newSharedThread() *sharedThread {
	t := &sharedThread{ready: make(chan struct{}, 1)}
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
