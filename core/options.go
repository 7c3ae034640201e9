package core

import (
	"reflect"
	"strings"
)

// An Option configures one actor at Spawn. The same Option may be used for
// any number of actors.
type Option interface{ apply(*options) error }

type options struct {
	name     string
	runtime  Runtime
	quick    bool
	capacity int
	policy   Policy
	newInbox any          // func() Inbox[M]
	messages reflect.Type // that M
}

type optionFunc func(*options) error

func (f optionFunc) apply(o *options) error { return f(o) }

// Named gives the actor a name that is unique in its system while the actor
// lives. It must not be empty or begin with urn:uuid:, which is an address of
// another kind.
func Named(name string) Option {
	return optionFunc(func(o *options) error {
		if name == "" || strings.HasPrefix(name, urnPrefix) {
			return invalid("name %q; a name is not empty and does not begin with %s", name, urnPrefix)
		}
		o.name = name
		return nil
	})
}

// On places the actor on rt instead of its system's runtime. Whoever made rt
// closes it.
func On(rt Runtime) Option {
	return optionFunc(func(o *options) error {
		if isNil(rt) {
			return invalid("On of a nil runtime; On takes one, and without On the actor is on its system's")
		}
		o.runtime = rt
		return nil
	})
}

// Quick promises that the actor's handlers and hooks return soon, whatever
// they are sent. Then a caller whose context has a deadline may run them
// itself too, which it could not leave at the deadline.
func Quick() Option {
	return optionFunc(func(o *options) error { o.quick = true; return nil })
}

// A Policy says what becomes of a send to a full inbox.
type Policy int

const (
	// Wait has the sender wait for room, or for its context to end. Senders
	// get in in the order in which they began to wait.
	Wait Policy = iota
	// Refuse has the send fail with ErrInboxFull.
	Refuse
	// DropNewest makes the message that is sent a dead letter, and Tell
	// return nil; an Ask gets ErrInboxFull.
	DropNewest
	// DropOldest makes the message that is next in the inbox a dead letter
	// (or fails its asker with ErrInboxFull), and takes the new one in. In
	// an inbox that is first in, first out, that is the oldest.
	DropOldest
)

// Bounded limits the inbox to n messages, not counting the one that is being
// handled, and says what becomes of a send when it is full. It goes with any
// inbox.
func Bounded(n int, full Policy) Option {
	return optionFunc(func(o *options) error {
		if n < 1 {
			return invalid("inbox of %d messages; the least is 1", n)
		}
		if full < Wait || full > DropOldest {
			return invalid("policy %d; the policies are Wait, Refuse, DropNewest and DropOldest", full)
		}
		o.capacity, o.policy = n, full
		return nil
	})
}

// WithInbox gives the actor an inbox made by newInbox. Spawn fails if M is
// not the actor's.
func WithInbox[M any](newInbox func() Inbox[M]) Option {
	return optionFunc(func(o *options) error {
		if newInbox == nil {
			return invalid("WithInbox of a nil function; it takes one that makes an Inbox")
		}
		o.newInbox, o.messages = newInbox, reflect.TypeFor[M]()
		return nil
	})
}

// Priority gives the actor an inbox ordered by before, which reports whether
// a is to be handled before b, and by arrival among equals.
func Priority[M any](before func(a, b M) bool) Option {
	if before == nil {
		return optionFunc(func(*options) error {
			return invalid("Priority of a nil function; it takes one that says whether a comes before b")
		})
	}
	return WithInbox(func() Inbox[M] {
		return &priorityInbox[M]{envelopeHeap[M]{before: before}}
	})
}

// noOptions spares most actors the allocation.
var noOptions options

// collect applies opts; the result is not to be changed.
func collect(opts []Option) (*options, error) {
	if len(opts) == 0 {
		return &noOptions, nil
	}
	o := new(options)
	for _, opt := range opts {
		if opt == nil {
			return nil, invalid("nil Option; leave it out, or give one, such as Named")
		}
		if err := opt.apply(o); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// newBox makes the box that o asks for, nil if the queue will do.
func newBox[M any](o *options) (*box[M], error) {
	if o.newInbox == nil && o.capacity == 0 {
		return nil, nil
	}
	b := &box[M]{capacity: o.capacity, policy: o.policy}
	switch make := o.newInbox.(type) {
	case nil:
		b.in = new(ring[M])
	case func() Inbox[M]:
		b.asks = map[*outcome]struct{}{}
		if b.in = make(); isNil(b.in) {
			return nil, invalid("the function given to WithInbox returned nil; it makes a new Inbox each time")
		}
	default:
		return nil, invalid("an inbox for messages of type %s, and an actor that takes %s; both have to be the same", o.messages, reflect.TypeFor[M]())
	}
	return b, nil
}
