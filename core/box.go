package core

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"
)

// A box is an inbox of any other kind than the queue: an Inbox, how many
// messages may be in it, and the senders that wait for room. All of it is
// guarded by the actor's lock.
//
// Positions mean nothing in an order of the user's own, so a request to stop
// cannot be a mark in it: from the request on, a box takes nothing more.
type box[M any] struct {
	in       Inbox[M]
	capacity int // 0: no limit
	policy   Policy
	waiting  []*seat[M] // senders, the first to come first
}

// A seat is one sender's wait for room. Whoever makes room puts the message
// in for it, so that the first to wait is the first to get in.
type seat[M any] struct {
	e     Envelope[M]
	p     *Parking
	state atomic.Uint32
}

const (
	standing uint32 = iota
	admitted
	refused
)

func (s *seat[M]) settled() bool { return s.state.Load() != standing }

func (b *box[M]) full() bool { return b.capacity > 0 && b.in.Len() >= b.capacity }

func (c *cell[M]) box() *box[M] { return c.ext.Load().box.(*box[M]) }

// sendBoxed is send for an actor with a box.
func (c *cell[M]) sendBoxed(ctx context.Context, e Envelope[M]) error {
	b := c.box()
	w := c.lock()
	switch {
	case w&(closed|stopping) != 0:
		c.unlock(w)
		return &deadError{&c.actor, false}
	case !b.full():
		c.put(ctx, b, e, w)
		return nil
	}
	switch b.policy {
	case Refuse:
		c.unlock(w)
		return ErrInboxFull
	case DropNewest:
		c.pushed++
		c.unlock(w)
		c.discard(e, ErrInboxFull)
		return nil
	case DropOldest:
		oldest, ok := b.in.Pop()
		c.left--
		c.put(ctx, b, e, w)
		if ok {
			c.discard(oldest, ErrInboxFull)
		}
		return nil
	}
	return c.waitForRoom(ctx, b, e, w)
}

// put pushes e with the lock held, unlocks and wakes. Should the user's Push
// panic, so does the send, and nothing was sent.
func (c *cell[M]) put(ctx context.Context, b *box[M], e Envelope[M], w uint64) {
	next := w
	defer func() {
		c.unlock(next)
		if next&^w&queued != 0 {
			c.waker.Wake(wakerOf(ctx))
		}
	}()
	b.in.Push(e)
	c.pushed++
	c.left++
	next |= work
	if w&(queued|running) == 0 {
		next |= queued
	}
}

// waitForRoom waits, with the lock held on entry, until the message is in.
func (c *cell[M]) waitForRoom(ctx context.Context, b *box[M], e Envelope[M], w uint64) error {
	by := callerOf(ctx)
	s := &seat[M]{e: e, p: newParking(by, nil)}
	b.waiting = append(b.waiting, s)
	c.unlock(w)
	err := park(ctx, by, &c.actor, s.p, s)
	if s.settled() || !c.giveUpSeat(b, s) {
		if s.state.Load() == refused {
			return &deadError{&c.actor, false}
		}
		return nil
	}
	return err
}

// giveUpSeat reports whether s was still waiting.
func (c *cell[M]) giveUpSeat(b *box[M], s *seat[M]) bool {
	w := c.lock()
	defer c.unlock(w)
	for i, other := range b.waiting {
		if other == s {
			b.waiting = append(b.waiting[:i], b.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// fetchBoxed is fetch for an actor with a box: one message, and its room goes
// to the first sender that waits. It returns the word and whom to unpark.
func (t *turn[M]) fetchBoxed(w uint64) (uint64, []*seat[M]) {
	c := t.c
	b := c.box()
	before := int(c.left)
	e, ok, err := b.pop()
	c.left = uint32(b.in.Len())
	switch {
	case err != nil:
		t.leave(exit{err: err, hook: failureHook})
	case !ok && before > 0:
		c.kind.sys.dead.Add(uint64(before))
		t.leave(exit{err: fmt.Errorf("core: inbox %T lost %d messages", b.in, before), hook: failureHook})
	case ok:
		t.batch.n, t.batch.first, t.batch.one = 1, e, true
	}
	seats := c.admit(b, w)
	if c.left == 0 {
		w &^= work
	}
	return w, seats
}

// pop is Pop of the user's, whose panic is an error.
func (b *box[M]) pop() (e Envelope[M], ok bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{p, debug.Stack()}
		}
	}()
	e, ok = b.in.Pop()
	return e, ok, nil
}

// admit lets senders in while there is room, or turns them all away if the
// actor is to stop, under the lock.
func (c *cell[M]) admit(b *box[M], w uint64) (seats []*seat[M]) {
	state := admitted
	if w&(stopping|closed) != 0 {
		state = refused
	}
	for len(b.waiting) > 0 && (state == refused || !b.full()) {
		s := b.waiting[0]
		b.waiting[0] = nil
		b.waiting = b.waiting[1:]
		if state == admitted {
			b.in.Push(s.e)
			c.pushed++
			c.left++
		}
		s.state.Store(state)
		seats = append(seats, s)
	}
	return seats
}

func unparkSeats[M any](seats []*seat[M]) {
	for _, s := range seats {
		s.p.unpark()
	}
}

// drainBox takes the next of what is left, with the actor closed.
func (t *turn[M]) drainBox(w uint64) []*seat[M] {
	b := t.c.box()
	if e, ok, err := b.pop(); ok && err == nil {
		t.batch.n, t.batch.first, t.batch.one = 1, e, true
		t.c.left = uint32(b.in.Len())
		return nil
	}
	if t.c.left > 0 { // the inbox lost them
		t.c.kind.sys.dead.Add(uint64(t.c.left))
		t.c.left = 0
	}
	return t.c.admit(b, w)
}
