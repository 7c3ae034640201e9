package conformance

import (
	"context"

	"github.com/troupe-go/troupe/core"
)

var inlineRules = []check{
	must("inline/enter-does-not-wait", "Enter returns though every actor's Turn blocks.", inlineEnterDoesNotWait),
	must("inline/leave-gives-back", "Leave gives back all that Enter took.", inlineLeaveGivesBack),
	must("inline/enter-takes-any-caller", "Enter may be asked on behalf of any Waker, one of another runtime too.", inlineEnterTakesAnyCaller),
	must("inline/not-for-another-runtime", "Enter says no to an actor of another Runtime value, which would hold a place that it cannot give up.", inlineNotForAnotherRuntime),
	must("inline/wake-before-leave", "A Wake that comes between Enter and Leave is answered by a Turn.", inlineWakeBeforeLeave),
	must("inline/may-wait", "A turn that a caller runs may wait, and lets other actors run meanwhile.", inlineMayWait),
}

func (l *loop) inliner() core.Inliner {
	in, ok := l.waker.(core.Inliner)
	if !ok {
		l.t.lacks("Inliner")
	}
	return in
}

func inlineEnterDoesNotWait(t *trial) {
	rt := t.runtime()
	in := t.attach(rt, nil).inliner()
	pass, _ := t.gate()
	for _, l := range t.attachMany(rt, 2*crowd, func(int) core.Status { <-pass; return core.Idle }) {
		l.wake(nil)
	}
	t.quiet()
	t.returns(func() {
		if in.Enter(nil) {
			in.Leave()
		}
	}, "the return of Enter while every other actor's Turn blocks")
}

func inlineLeaveGivesBack(t *trial) {
	rt := t.runtime()
	idle := t.attach(rt, nil)
	in := idle.inliner()
	t.returns(func() {
		for range t.upTo(5000, wrapping) {
			if in.Enter(nil) {
				in.Leave()
			}
		}
	}, "the end of Enter and Leave, again and again")
	for _, l := range t.attachMany(rt, 4, nil) {
		l.poke("the Turn of an actor after Enter and Leave of another, again and again")
	}
}

func inlineEnterTakesAnyCaller(t *trial) {
	rt := t.runtime()
	idle, other, dead := t.attach(rt, nil), t.attach(rt, nil), t.attach(rt, nil)
	in := idle.inliner()
	dead.mustEnd()
	for _, by := range []core.Waker{nil, idle.waker, other.waker, dead.waker, stranger{}} {
		if in.Enter(by) {
			in.Leave()
		}
	}
	idle.poke("the Turn after Enter and Leave")
}

func inlineNotForAnotherRuntime(t *trial) {
	in := t.attach(t.runtime(), nil).inliner()
	others := map[string]core.Waker{
		"a foreign runtime":                      stranger{},
		"another Runtime value of the same type": t.attach(t.runtime(), nil).waker,
	}
	for name, by := range others {
		if in.Enter(by) {
			in.Leave()
			t.Errorf("Enter on behalf of an actor of %s = true, want false", name)
		}
	}
}

func inlineWakeBeforeLeave(t *trial) {
	l := t.attach(t.runtime(), nil)
	in := l.inliner()
	entered := false
	for range 10 {
		if entered = in.Enter(nil); entered {
			l.wake(nil)
			in.Leave()
			break
		}
		t.quiet()
	}
	if !entered {
		t.lacks("Enter that says yes")
	}
	l.awaitTurns(1, "the Turn after a Wake between Enter and Leave")
}

func inlineMayWait(t *trial) {
	c := t.crew(t.runtime())
	h, other := c.spawn(), c.spawn()
	if _, ok := h.waker.(core.Inliner); !ok {
		t.lacks("Inliner")
	}
	var p core.Promise[int]
	done := c.waitInCall(h, p.Future())
	c.do(other, "a job while a turn waits that a caller runs", func(context.Context) (any, error) { return nil, p.Resolve(1) })
	if err := await(t, done, "the end of a call that waited"); err != nil {
		t.Errorf("Call = %v, want no error", err)
	}
	c.answers(other, "a job after a call that waited")
}

// waitInCall has a caller run a turn of the actor, which waits for f. A call
// that comes before the actor has become idle is not run by its caller: such
// a one does nothing, and is followed by another.
func (c *crew) waitInCall(h hand, f core.Future[int]) (done <-chan error) {
	for range 10 {
		c.answers(h, "a job before a call")
		c.t.quiet()
		ended, inline := make(chan error, 1), make(chan bool, 1)
		c.t.start(func() { ended <- callHere(h, f, inline) })
		if await(c.t, inline, "the turn of a call") {
			c.t.quiet()
			return ended
		}
		await(c.t, ended, "the end of a call")
	}
	c.t.lacks("Enter that says yes")
	return nil
}

// callHere is a frame that its own job can find on the stack.
//
//go:noinline
func callHere(h hand, f core.Future[int], inline chan<- bool) error {
	_, err := h.Call(context.Background(), func(ctx context.Context) (any, error) {
		here := onStack("callHere")
		inline <- here
		if !here {
			return nil, nil
		}
		return f.Get(ctx)
	})
	return err
}
