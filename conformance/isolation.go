package conformance

import "context"

var isolationRules = []check{
	should("isolation/one-blocked-actor", "An actor that blocks in a way that core cannot see, such as a mutex, holds up no other.", func(t *trial) { isolationBlocked(t, 1) }),
	should("isolation/many-blocked-actors", "Many actors that block in a way that core cannot see hold up no other.", func(t *trial) { isolationBlocked(t, crowd) }),
}

func isolationBlocked(t *trial, n int) {
	c := t.crew(t.runtime())
	pass, _ := t.gate()
	other := c.spawn()
	blocked := c.spawnMany(n)
	for _, h := range blocked {
		c.tell(h, func(context.Context) { <-pass })
	}
	t.quiet()
	for range 3 {
		c.answers(other, "a job of an actor beside %d that block", len(blocked))
	}
}
