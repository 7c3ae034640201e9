package core

import (
	"context"
	"sync"
	"sync/atomic"
)

// An outcome is the one place where a value, an error, or the absence of
// both is kept until somebody wants it: behind a Promise, the reply to an
// ask, a request to stop. It moves from pending to resolved, either at once
// or by way of lazy: then the first that wants it has to compute it.
type outcome struct {
	phase   atomic.Uint32 // changes under mu
	call    bool          // the sender waits, and at a deadlock takes the message back
	seq     uint64        // of an actor's call: its place among the waits
	mu      sync.Mutex
	value   any
	err     error
	waiters *Parking // linked by Parking.next
	done    chan struct{}
	to      *actor       // who will resolve it, nil if that can be anybody
	lazy    *computation // of a lazy one
	request *request     // what the actor is to call, in place of Receive
}

const (
	pending uint32 = iota
	lazy
	resolved
)

// closedChan serves every Done that has nothing to wait for.
var closedChan = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (o *outcome) settled() bool { return o.phase.Load() == resolved }

// stirred is what a wait for a pending outcome ends with: there may be one,
// or one to compute.
type stirred outcome

func (o *stirred) settled() bool { return o.phase.Load() != pending }

// newCall makes the outcome of a Call. An actor's gets its place among the waits
// before its message is sent: whatever the handler then waits for comes later,
// even if the caller has yet to begin.
func newCall(ctx context.Context, to *actor) *outcome {
	o := &outcome{to: to, call: true}
	if callerOf(ctx) != nil {
		o.seq = waitSeq.Add(1)
	}
	return o
}

// resolve is the one transition. It reports whether this call made it.
func (o *outcome) resolve(value any, err error) bool {
	o.mu.Lock()
	if o.settled() {
		o.mu.Unlock()
		return false
	}
	waiters := o.settle(value, err)
	o.mu.Unlock()
	unparkAll(waiters)
	return true
}

// settle makes the transition under mu and returns whom to wake.
func (o *outcome) settle(value any, err error) *Parking {
	o.value, o.err = value, err
	o.phase.Store(resolved)
	return o.stir()
}

// stir tells those who wait for a pending outcome, under mu, and returns whom
// to wake.
func (o *outcome) stir() *Parking {
	if o.done != nil {
		close(o.done)
		o.done = nil
	}
	waiters := o.waiters
	o.waiters = nil
	return waiters
}

func unparkAll(p *Parking) {
	for p != nil {
		next := p.next // p may be used for another wait once it is unparked
		p.next = nil
		p.unpark()
		p = next
	}
}

// enlist puts p among those woken when the phase changes, unless it has.
func (o *outcome) enlist(p *Parking, phase uint32) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.phase.Load() != phase {
		return false
	}
	p.next, o.waiters = o.waiters, p
	return true
}

// delist takes p out again and reports whether it was still in.
func (o *outcome) delist(p *Parking) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for at := &o.waiters; *at != nil; at = &(*at).next {
		if *at == p {
			*at, p.next = p.next, nil
			return true
		}
	}
	return false
}

// await returns nil once the outcome is there, else why it gave up.
func (o *outcome) await(ctx context.Context) error {
	if ctx == nil {
		return errNilContext
	}
	if o.settled() {
		return nil
	}
	by := callerOf(ctx)
	if o.to != nil {
		o.to.claimFor(ctx, by, o)
	}
	for {
		switch o.phase.Load() {
		case resolved:
			return nil
		case lazy:
			return o.compute(ctx)
		}
		if err := o.park(ctx, by); err != nil {
			return err
		}
	}
}

func (o *outcome) park(ctx context.Context, by *actor) error {
	p := newParking(by, o.to)
	if !o.enlist(p, pending) {
		p.free()
		return nil
	}
	err := park(ctx, by, o.to, p, (*stirred)(o))
	if o.delist(p) {
		p.free()
		return err
	}
	p.collect() // whoever settled o still holds p
	return nil
}

func (o *outcome) doneChan() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch o.phase.Load() {
	case resolved:
		return closedChan
	case lazy:
		if o.lazy.ready == nil {
			return closedChan
		}
		return o.lazy.ready()
	}
	if o.done == nil {
		o.done = make(chan struct{})
	}
	return o.done
}

func (o *outcome) describe() string {
	switch {
	case !o.settled():
		return "pending"
	case o.err != nil:
		return "error: " + o.err.Error()
	}
	return "resolved"
}
