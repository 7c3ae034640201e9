package core

import (
	"context"
	"fmt"
	"reflect"
)

// A delivery is how a message is sent: for whom, and with what outcome.
type delivery struct {
	ctx context.Context
	o   *outcome // nil for a tell
}

// An Invoke is a message that every actor takes: core calls it with the
// actor's own context and the actor itself, in its turn, in place of Receive.
// What it returns is treated as what Receive returns. It is sent through a
// Ref[any]; see [Ref.Any]. It keeps its place among the messages of a
// first-in, first-out inbox and comes before those of [Priority]. A nil Invoke
// is ErrInvalid.
type Invoke func(ctx context.Context, actor any) (any, error)

// A request is the function of an Invoke, where the outcome of its call goes.
type request struct {
	f    Invoke
	told bool // nobody wants the outcome
}

func (o *outcome) told() bool { return o.request != nil && o.request.told }

// send puts a message into the inbox.
func (c *cell[M]) send(ctx context.Context, e Envelope[M]) error {
	if c.traits.has(boxTrait) {
		return c.sendBoxed(ctx, e)
	}
	var spare *segment[M]
	w := c.lock()
	for w&closed == 0 && spare == nil && !c.hasRoom() {
		large := c.tail != nil
		c.unlock(w)
		spare = getSegment[M](&c.kind.segments, large)
		w = c.lock()
	}
	if w&closed != 0 {
		c.unlock(w)
		return &deadError{&c.actor, false}
	}
	c.push(e, &spare)
	if w&(queued|running) == 0 {
		c.unlock(w | work | queued)
		c.waker.Wake(wakerOf(ctx))
	} else {
		c.unlock(w | work)
	}
	if spare != nil {
		putSegment(&c.kind.segments, spare)
	}
	return nil
}

// functionIn returns the Invoke in a message sent through a Ref[any], else
// nil. A message of any other M is not looked at, which would box it.
func functionIn[M any](msg *M) (f Invoke, ok bool) {
	if m, isAny := any(msg).(*any); isAny {
		f, ok = (*m).(Invoke)
	}
	return f, ok
}

var errNilInvoke = invalid("nil Invoke; an Invoke is the function that the actor is to call")

func (c *cell[M]) tell(ctx context.Context, msg M) error {
	if f, ok := functionIn(&msg); ok {
		return c.sendFunc(delivery{ctx: ctx}, f)
	}
	return c.send(ctx, Envelope[M]{Msg: msg})
}

func (c *cell[M]) ask(ctx context.Context, msg M, o *outcome) error {
	if f, ok := functionIn(&msg); ok {
		return c.sendFunc(delivery{ctx, o}, f)
	}
	return c.send(ctx, Envelope[M]{Msg: msg, o: o})
}

// sendAny sends a message whose type is not known to be M.
func (c *cell[M]) sendAny(d delivery, msg any) error {
	if f, ok := msg.(Invoke); ok {
		return c.sendFunc(d, f)
	}
	m, ok := assert[M](msg)
	if !ok {
		return wrongMessage[M](&c.actor, msg)
	}
	return c.send(d.ctx, Envelope[M]{Msg: m, o: d.o})
}

// assert is msg.(M), where nil is a value of any interface type.
func assert[M any](msg any) (M, bool) {
	m, ok := msg.(M)
	return m, ok || msg == nil && any(m) == nil
}

func wrongMessage[M any](a *actor, msg any) error {
	return forAsker(fmt.Errorf("%w: %s takes messages of type %s, not %T", ErrUnhandled, a.kindName(), reflect.TypeFor[M](), msg))
}

func (c *cell[M]) sendFunc(d delivery, f Invoke) error {
	if f == nil {
		return errNilInvoke
	}
	return c.send(d.ctx, Envelope[M]{o: d.forFunc(f)})
}

func (d delivery) forFunc(f Invoke) *outcome {
	if d.o == nil {
		return &outcome{request: &request{f: f, told: true}}
	}
	d.o.request = &request{f: f}
	return d.o
}
