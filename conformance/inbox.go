package conformance

import (
	"testing"

	"github.com/troupe-go/troupe/core"
)

// RunInbox checks the inboxes that newInbox makes, one subtest for each rule.
// They are filled with messages made by msg: for each i from 0 on, a message
// that is always the same for the same i. It need not differ from the others.
//
//	conformance.RunInbox(t, NewTray, func(i int) Letter { return Letter{Urgent: i%3 == 0} })
//
// An inbox decides on the order, so no rule asks for one.
func RunInbox[M any](t *testing.T, newInbox func() core.Inbox[M], msg func(i int) M, opts ...Option) {
	t.Helper()
	runAll(t, inboxChecks(newInbox, msg), nil, opts)
}

// CheckInbox is RunInbox without a testing.T.
func CheckInbox[M any](newInbox func() core.Inbox[M], msg func(i int) M, opts ...Option) *Report {
	return checkAll(inboxChecks(newInbox, msg), nil, opts)
}

// A tray is the inbox that is checked, and what it is filled with.
type tray[M any] struct {
	*trial
	make func() core.Inbox[M]
	msg  func(i int) M
}

// fresh makes an inbox.
func (t *tray[M]) fresh() core.Inbox[M] {
	in := t.make()
	if in == nil {
		t.fatalf("the factory returned nil, want an Inbox")
	}
	return in
}

// filled makes an inbox with the messages 0 to n-1 in it.
func (t *tray[M]) filled(n int) core.Inbox[M] {
	in := t.fresh()
	for i := range n {
		t.push(in, t.msg(i))
	}
	return in
}

// push pushes m, and fails if Push does not return.
func (t *tray[M]) push(in core.Inbox[M], m M) { in.Push(core.Envelope[M]{Msg: m}) }

// drain pops all that is left, up to a few more than there can be.
func (t *tray[M]) drain(in core.Inbox[M], most int) (all []M) {
	for range most {
		e, ok := in.Pop()
		if !ok {
			break
		}
		all = append(all, e.Msg)
	}
	return all
}

// inboxChecks are all checks of an inbox.
func inboxChecks[M any](newInbox func() core.Inbox[M], msg func(i int) M) []check {
	bind := func(id, promise string, must bool, run func(*tray[M])) check {
		return check{Rule: Rule{id, promise, must}, run: func(t *trial) { run(&tray[M]{t, newInbox, msg}) }}
	}
	return []check{
		bind("factory/a-new-one-each-time", "The factory makes a new inbox each time; two share nothing.", true, factoryANewOne[M]),
		bind("factory/starts-no-goroutine", "An inbox has no goroutine: nothing tells it that its actor has ended.", true, factoryStartsNoGoroutine[M]),
		bind("len/zero-when-new", "Len of a new inbox is 0.", true, lenZeroWhenNew[M]),
		bind("len/counts-pushes", "Each Push makes Len greater by one.", true, lenCountsPushes[M]),
		bind("len/counts-pops", "Each Pop that gives out a message makes Len less by one.", true, lenCountsPops[M]),
		bind("len/not-below-zero", "A Pop that gives out nothing leaves Len at 0.", true, lenNotBelowZero[M]),
		bind("push/takes-many", "An inbox takes any number of messages; Bounded limits them, and not the inbox.", true, pushTakesMany[M]),
		bind("push/takes-equal-messages", "Two equal messages are two messages.", true, pushTakesEqual[M]),
		bind("push/takes-the-zero-message", "The zero value of M is a message.", true, pushTakesZero[M]),
		bind("pop/nothing-when-new", "Pop of a new inbox returns at once, and false.", true, popNothingWhenNew[M]),
		bind("pop/nothing-when-empty", "Pop returns at once, and false, when everything has been popped.", true, popNothingWhenEmpty[M]),
		bind("pop/true-while-any-is-left", "Pop returns true as long as anything is left.", true, popTrueWhileAny[M]),
		bind("pop/loses-none", "Every message that is pushed is popped.", true, popLosesNone[M]),
		bind("pop/repeats-none", "No message is popped twice.", true, popRepeatsNone[M]),
		bind("pop/changes-none", "A message is popped as it was pushed.", true, popChangesNone[M]),
		bind("pop/after-refill", "An inbox that has been emptied takes messages as a new one does.", true, popAfterRefill[M]),
		bind("pop/between-pushes", "Push and Pop may come in any order.", true, popBetweenPushes[M]),
		bind("pop/lets-go", "A message that was popped is not kept in memory.", false, popLetsGo[M]),
		bind("order/same-again", "The same calls give the same order.", false, orderSameAgain[M]),
		bind("ask/is-answered", "An envelope is popped whole, so that whoever asked is answered.", true, askIsAnswered[M]),
		bind("ask/functions-are-called", "An envelope that carries a function, and the zero message, is popped as any other.", true, askFunctions[M]),
	}
}
