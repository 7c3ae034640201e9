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
	n        int // messages in it
	capacity int // 0: no limit
	policy   Policy
	waiting  []*seat[M] // senders, the first to come first
	broken   error      // what was wrong with the user's Inbox, once

	// What is asked for and not yet popped, if in is the user's: should it
	// fail, the askers still get an outcome. Else nil.
	asks map[*outcome]struct{}
}

func (b *box[M]) full() bool { return b.capacity > 0 && b.n >= b.capacity }

// push is Push of the user's, whose panic is an error.
func (b *box[M]) push(e Envelope[M]) (err error) {
	defer b.check(&err)
	b.in.Push(e)
	if n := b.in.Len(); n != b.n+1 {
		return fmt.Errorf("core: %T holds %d messages after a Push, want %d", b.in, n, b.n+1)
	}
	b.n++
	if e.o != nil && b.asks != nil {
		b.asks[e.o] = struct{}{}
	}
	return nil
}

// pop is Pop of the user's. It has to find a message if there is one.
func (b *box[M]) pop() (e Envelope[M], ok bool, err error) {
	defer b.check(&err)
	e, ok = b.in.Pop()
	left := b.n
	if ok {
		left--
		delete(b.asks, e.o)
	}
	if n := b.in.Len(); n != left || !ok && n > 0 {
		err = fmt.Errorf("core: %T holds %d messages after a Pop that returned %v, want %d", b.in, n, ok, left)
	}
	b.n = max(left, 0)
	return e, ok, err
}

// check is deferred around calls of the user's code. What goes wrong there is
// the actor's failure: its next turn ends it.
func (b *box[M]) check(err *error) {
	if p := recover(); p != nil {
		*err = &PanicError{p, debug.Stack()}
	}
	if *err != nil && b.broken == nil {
		b.broken = *err
	}
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

func (c *cell[M]) box() *box[M] { return c.ext.Load().box.(*box[M]) }

// sendBoxed is send for an actor with a box.
func (c *cell[M]) sendBoxed(ctx context.Context, e Envelope[M]) error {
	b := c.box()
	w := c.lock()
	switch {
	case w&(closed|stopping) != 0 || b.broken != nil:
		c.unlock(w)
		return &deadError{&c.actor, false}
	case !b.full():
		return c.put(ctx, b, e, w)
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
		oldest, ok, _ := b.pop()
		c.left = uint32(b.n)
		err := c.put(ctx, b, e, w)
		if ok {
			c.discard(oldest, ErrInboxFull)
		}
		return err
	}
	return c.waitForRoom(ctx, b, e, w)
}

// put pushes e with the lock held, unlocks and wakes. An Inbox that fails
// wakes the actor too, for its end.
func (c *cell[M]) put(ctx context.Context, b *box[M], e Envelope[M], w uint64) error {
	err := c.accept(b, e)
	wake := w&(queued|running) == 0
	w |= work
	if wake {
		w |= queued
	}
	c.unlock(w)
	if wake {
		c.waker.Wake(wakerOf(ctx))
	}
	return err
}

// accept pushes and counts e, under the lock.
func (c *cell[M]) accept(b *box[M], e Envelope[M]) error {
	if err := b.push(e); err != nil {
		return fmt.Errorf("core: message not sent, as the inbox failed: %w", err)
	}
	c.pushed++
	c.left++
	return nil
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
// to the first sender that waits. It returns the word, whom to unpark, and
// what is wrong with the Inbox.
func (t *turn[M]) fetchBoxed(w uint64) (uint64, []*seat[M], error) {
	c := t.c
	b := c.box()
	if e, ok, _ := b.pop(); ok {
		t.batch.n, t.batch.first, t.batch.one = 1, e, true
	}
	c.left = uint32(b.n)
	seats := c.admit(b, w)
	if b.broken != nil {
		t.leave(exit{err: b.broken, hook: failureHook})
	}
	if c.left == 0 {
		w &^= work
	}
	return w, seats, b.broken
}

// admit lets senders in while there is room, or turns them all away if the
// actor is to end, under the lock.
func (c *cell[M]) admit(b *box[M], w uint64) (seats []*seat[M]) {
	for len(b.waiting) > 0 {
		state := admitted
		switch {
		case w&(stopping|closed) != 0 || b.broken != nil:
			state = refused
		case b.full():
			return seats
		}
		s := b.waiting[0]
		b.waiting[0] = nil
		b.waiting = b.waiting[1:]
		if state == admitted && c.accept(b, s.e) != nil {
			state = refused
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

// drainBox takes the next of what is left, with the actor closed. What a
// broken Inbox does not give back is counted as dead.
func (t *turn[M]) drainBox(w uint64) []*seat[M] {
	c := t.c
	b := c.box()
	if b.n > 0 {
		if e, ok, _ := b.pop(); ok {
			t.batch.n, t.batch.first, t.batch.one = 1, e, true
			c.left = uint32(b.n)
			return nil
		}
	}
	c.kind.sys.dead.Add(uint64(b.n))
	b.n, c.left = 0, 0
	return c.admit(b, w)
}

// failLost gives an outcome to what was asked for and is lost in a broken
// Inbox, of an actor that is closed.
func (c *cell[M]) failLost() {
	if !c.traits.has(boxTrait) {
		return
	}
	for o := range c.box().asks {
		o.resolve(nil, &deadError{&c.actor, true})
	}
}
