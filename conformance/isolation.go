package conformance

import (
	"context"
	"sync/atomic"
)

var isolationRules = []check{
	should("isolation/one-blocked-actor", "An actor that blocks in a way that core cannot see, such as a mutex, holds up no other.", func(t *trial) { isolationBlocked(t, 1) }).brief(),
	should("isolation/many-blocked-actors", "Many actors that block in a way that core cannot see hold up no other.", func(t *trial) { isolationBlocked(t, crowd) }),
	should("isolation/one-spinning-actor", "An actor that computes for long, without a call, holds up no other.", isolationSpinning).brief(),
}

func isolationBlocked(t *trial, n int) {
	pass, _ := t.gate()
	isolation(t, n, "block", func() { <-pass })
}

// One spins in a rule of its own: many would have to share the processors with
// all others, and prove no more.
func isolationSpinning(t *trial) {
	var over atomic.Bool
	t.before(func() { over.Store(true) })
	isolation(t, 1, "spin", func() {
		for !over.Load() {
		}
	})
}

// isolation has another actor work beside n that are held up.
func isolation(t *trial, n int, how string, hold func()) {
	c := t.crew(t.runtime())
	other := c.spawn()
	begun := make(chan struct{}, n)
	held := c.spawnMany(n)
	for _, h := range held {
		c.tell(h, func(context.Context) { begun <- struct{}{}; hold() })
	}
	await(t, begun, "the start of an actor that is to %s", how)
	if n > 1 {
		t.quiet() // as not all need to begin before the other works
	}
	for range 3 {
		c.answers(other, "a job of an actor beside %d that %s", len(held), how)
	}
}
