package mutants

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/troupe-go/troupe/core"
)

// A letter is the message of the inboxes here.
type letter struct {
	Urgent bool
	Text   string
}

// write writes the letter number i.
func write(i int) letter { return letter{Urgent: i%3 == 0, Text: fmt.Sprint("letter ", i)} }

type envelope = core.Envelope[letter]

// A box is a right inbox, first in, first out. The hooks of a mutant replace
// its methods if they are not nil.
type box struct {
	all  []envelope
	push func(b *box, e envelope)
	pop  func(b *box) (envelope, bool)
	len  func(b *box) int

	last  envelope // for mutants, as is what follows
	count int
}

// Push implements core.Inbox.
func (b *box) Push(e envelope) {
	if b.push != nil {
		b.push(b, e)
		return
	}
	b.add(e)
}

// Pop implements core.Inbox.
func (b *box) Pop() (envelope, bool) {
	if b.pop != nil {
		return b.pop(b)
	}
	return b.take()
}

// Len implements core.Inbox.
func (b *box) Len() int {
	if b.len != nil {
		return b.len(b)
	}
	return len(b.all)
}

func (b *box) add(e envelope) { b.all = append(b.all, e) }

func (b *box) take() (e envelope, ok bool) {
	if len(b.all) == 0 {
		return e, false
	}
	e, b.all = b.all[0], b.all[1:]
	return e, true
}

// alter makes a mutant of the box.
func alter(name string, b box, caught ...string) mutant {
	return contrive(name, func() core.Inbox[letter] { c := b; return &c }, caught...)
}

func pushing(f func(b *box, e envelope)) box      { return box{push: f} }
func popping(f func(b *box) (envelope, bool)) box { return box{pop: f} }

// onlyInbox gives the same inbox to everybody who asks while there are three
// messages in it.
func onlyInbox() func() core.Inbox[letter] {
	var shared *box
	return func() core.Inbox[letter] {
		if shared == nil || len(shared.all) != 3 {
			shared = new(box)
		}
		return shared
	}
}

var inboxMutants = []mutant{
	contrive("gives an inbox out twice", onlyInbox(), "factory/a-new-one-each-time"),
	contrive("starts a goroutine", func() core.Inbox[letter] {
		go func() { select {} }()
		return new(box)
	}, "factory/starts-no-goroutine"),
	alter("counts one message too many", box{len: func(b *box) int { return len(b.all) + 1 }}, "len/zero-when-new"),
	alter("counts one until something is pushed", box{
		push: func(b *box, e envelope) { b.count++; b.add(e) },
		len:  func(b *box) int { return max(len(b.all), 1-b.count) },
	}, "len/zero-when-new"),
	alter("counts sixteen twice", box{len: func(b *box) int {
		n := len(b.all)
		if n == 17 {
			n = 16
		}
		return n
	}}, "len/counts-pushes"),
	alter("counts up to ten", box{len: func(b *box) int { return min(len(b.all), 10) }}, "len/counts-pushes", "len/counts-pops"),
	alter("counts what was pushed and not what was popped", box{
		push: func(b *box, e envelope) { b.add(e); b.count++ },
		len:  func(b *box) int { return b.count },
	}, "len/counts-pops"),
	alter("counts a Pop of nothing", box{
		push: func(b *box, e envelope) { b.add(e); b.count++ },
		pop:  func(b *box) (envelope, bool) { b.count--; return b.take() },
		len:  func(b *box) int { return b.count },
	}, "len/not-below-zero"),
	alter("waits in Push when there are a thousand", pushing(func(b *box, e envelope) {
		if len(b.all) == 1000 {
			select {}
		}
		b.add(e)
	}), "push/takes-many"),
	alter("drops what is beyond a thousand", pushing(func(b *box, e envelope) {
		if len(b.all) < 1000 {
			b.add(e)
		}
	}), "push/takes-many", "pop/loses-none"),
	alter("drops what is beyond sixty thousand", pushing(func(b *box, e envelope) {
		if len(b.all) < 60_000 {
			b.add(e)
		}
	}), "push/takes-many", "pop/loses-none").unhurried(),
	alter("drops what is beyond ten thousand, and counts it", box{
		push: func(b *box, e envelope) {
			if b.count++; len(b.all) < 10_000 {
				b.add(e)
			}
		},
		pop: func(b *box) (envelope, bool) {
			if len(b.all) > 0 {
				b.count--
			}
			return b.take()
		},
		len: func(b *box) int { return b.count },
	}, "pop/loses-none").unhurried(),
	alter("takes sixty thousand messages and no more", pushing(func(b *box, e envelope) {
		if b.count++; b.count <= 60_000 {
			b.add(e)
		}
	}), "pop/after-refill").unhurried(),
	alter("drops one message in a thousand", pushing(func(b *box, e envelope) {
		if b.count++; b.count%1000 != 0 {
			b.add(e)
		}
	}), "pop/loses-none"),
	alter("drops a message equal to the last", pushing(func(b *box, e envelope) {
		if b.count++; b.count > 1 && e.Msg == b.last.Msg && e.Msg != (letter{}) {
			return
		}
		b.last = e
		b.add(e)
	}), "push/takes-equal-messages"),
	alter("takes the zero message for none", popping(func(b *box) (envelope, bool) {
		e, ok := b.take()
		return e, ok && e.Msg != (letter{})
	}), "push/takes-the-zero-message"),
	alter("waits in Pop for the first message", popping(func(b *box) (envelope, bool) {
		if len(b.all) == 0 && b.count == 0 {
			select {}
		}
		b.count++
		return b.take()
	}), "pop/nothing-when-new"),
	alter("gives out a zero message when it is new", popping(func(b *box) (envelope, bool) {
		e, ok := b.take()
		b.count++
		return e, ok || b.count == 1
	}), "pop/nothing-when-new"),
	alter("gives out the last message again when it is empty", popping(func(b *box) (envelope, bool) {
		e, ok := b.take()
		if ok {
			b.last = e
			b.count++
			return e, true
		}
		return b.last, b.count > 0
	}), "pop/nothing-when-empty", "pop/repeats-none"),
	alter("says now and then that it is empty", popping(func(b *box) (envelope, bool) {
		if b.count++; b.count%8 == 0 {
			return envelope{}, false
		}
		return b.take()
	}), "pop/true-while-any-is-left"),
	alter("says that it is empty when there are twenty", popping(func(b *box) (envelope, bool) {
		if b.count++; b.count == 1 && len(b.all) == 20 {
			return envelope{}, false
		}
		return b.take()
	}), "pop/true-while-any-is-left"),
	alter("gives out each tenth message twice", popping(func(b *box) (envelope, bool) {
		if b.count++; b.count%10 == 0 && len(b.all) > 0 {
			return b.all[0], true
		}
		return b.take()
	}), "pop/repeats-none"),
	alter("changes a message", pushing(func(b *box, e envelope) {
		if e.Msg.Text != "" {
			e.Msg.Text += "!"
		}
		b.add(e)
	}), "pop/changes-none"),
	alter("takes nothing more once it has been emptied four times", popping(func(b *box) (envelope, bool) {
		if len(b.all) == 0 {
			b.count++
		}
		if b.count > 4 {
			b.all = nil
		}
		return b.take()
	}), "pop/after-refill"),
	alter("loses the message that is pushed after the hundredth Pop", box{
		pop: func(b *box) (envelope, bool) { b.count++; return b.take() },
		push: func(b *box, e envelope) {
			if b.count >= 100 && b.last == (envelope{}) {
				b.last = e
				return
			}
			b.add(e)
		},
	}, "pop/between-pushes"),
	alter("keeps what it has given out", popping(func(b *box) (envelope, bool) {
		if b.count == len(b.all) {
			return envelope{}, false
		}
		b.count++
		return b.all[b.count-1], true
	}), "pop/lets-go", "len/counts-pops"),
	alter("has no order", popping(func(b *box) (envelope, bool) {
		rand.Shuffle(len(b.all), func(i, j int) { b.all[i], b.all[j] = b.all[j], b.all[i] })
		return b.take()
	}), "order/same-again"),
	alter("makes envelopes of its own", pushing(func(b *box, e envelope) { b.add(envelope{Msg: e.Msg}) }),
		"ask/is-answered", "ask/functions-are-called"),
	alter("panics at a message without text", pushing(func(b *box, e envelope) {
		_ = e.Msg.Text[0]
		b.add(e)
	}), "ask/functions-are-called", "push/takes-the-zero-message"),
}

// oddInboxes are right ones with an order of their own.
var oddInboxes = []mutant{
	alter("is first in, first out", box{}),
	alter("is last in, first out", pushing(func(b *box, e envelope) { b.all = slices.Insert(b.all, 0, e) })),
	alter("has urgent letters first", popping(func(b *box) (envelope, bool) {
		if i := slices.IndexFunc(b.all, func(e envelope) bool { return e.Msg.Urgent }); i > 0 {
			b.all[0], b.all[i] = b.all[i], b.all[0]
		}
		return b.take()
	})),
	contrive("is a linked list", func() core.Inbox[letter] { return new(list) }),
}

// A list is an inbox of linked nodes.
type list struct {
	first, last *node
	n           int
}

type node struct {
	e    envelope
	next *node
}

func (l *list) Push(e envelope) {
	n := &node{e: e}
	if l.last == nil {
		l.first = n
	} else {
		l.last.next = n
	}
	l.last = n
	l.n++
}

func (l *list) Pop() (e envelope, ok bool) {
	if l.first == nil {
		return e, false
	}
	e, l.first = l.first.e, l.first.next
	if l.first == nil {
		l.last = nil
	}
	l.n--
	return e, true
}

func (l *list) Len() int { return l.n }
