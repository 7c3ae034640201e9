package locked

import (
	"context"

	"github.com/troupe-go/troupe/core"
)

// budget is how many messages one call of Turn handles. Nobody waits for the
// thread; it only bounds how long the call can be.
const budget = 256

// own gives each actor a thread.
type own struct {
	*starter
	roll *roll
}

func newOwn(s *starter) *own { return &own{s, newRoll()} }

// Attach implements [core.Runtime].
func (o *own) Attach(loop core.Loop) (core.Waker, error) {
	if err := o.roll.enter(); err != nil {
		return nil, err
	}
	t := &thread{loop, make(chan struct{}, 1)}
	if err := o.start(func() { t.serve(false) }, o.roll.leave); err != nil {
		o.roll.leave()
		return nil, err
	}
	return t, nil
}

// Close implements [core.Closer].
func (o *own) Close(ctx context.Context) error {
	o.roll.close()
	return o.roll.wait(ctx)
}

// A thread is one actor's. It is no core.Parker: a turn that waits keeps
// nobody from running.
type thread struct {
	loop  core.Loop
	woken chan struct{}
}

var (
	_ core.Waker  = (*thread)(nil)
	_ core.Pinner = (*thread)(nil)
)

// Wake implements [core.Waker]. It does not wait, as no other Wake comes
// before Turn has been called.
func (t *thread) Wake(core.Waker) { t.woken <- struct{}{} }

// Pinned implements [core.Pinner].
func (t *thread) Pinned() bool { return true }

// serve calls Turn until the actor has ended. A turn that ends the goroutine
// left more: that is done in a deferred call, for another goroutine would
// have another thread.
func (t *thread) serve(more bool) {
	ended := false
	defer func() {
		if ended {
			return
		}
		if p := recover(); p != nil {
			panic(p)
		}
		t.serve(true)
	}()
	for !ended {
		if !more {
			<-t.woken
		}
		left := t.loop.Turn(budget)
		more, ended = left == core.More, left == core.Ended
	}
}
