package conformance

import (
	"github.com/troupe-go/troupe/core"
)

var mixRules = []check{
	must("mix/calls-both-ways", "Actors of this runtime and of another call each other, however deep.", mixCallsBothWays),
}

func mixCallsBothWays(t *trial) {
	c := t.crew(t.runtime())
	var hands []hand
	for range 20 {
		hands = append(hands, c.spawn(), c.spawn(core.On(plain{t})))
	}
	for _, h := range hands {
		c.answers(h, "the first job of an actor beside those of another runtime")
	}
	if got := c.do(hands[0], "a chain of calls to and fro between two runtimes", chain(hands[1:])); got != len(hands) {
		t.Errorf("a chain of %d calls = %v, want %d", len(hands), got, len(hands))
	}
}

// A plain runtime is the other one: each Wake starts a goroutine, and turns
// wait on channels. Where a turn calls the runtime that is checked, and that
// panics, it has failed the rule.
type plain struct{ t *trial }

type plainPlace struct {
	t    *trial
	loop core.Loop
}

// Attach implements core.Runtime.
func (p plain) Attach(l core.Loop) (core.Waker, error) { return &plainPlace{p.t, l}, nil }

// Wake implements core.Waker.
func (p *plainPlace) Wake(core.Waker) { go p.run() }

func (p *plainPlace) run() {
	left := core.More
	defer func() {
		if !p.t.blame(recover()) && left == core.More { // the Turn ended the goroutine
			go p.run()
		}
	}()
	for left == core.More {
		left = p.loop.Turn(64)
	}
}
