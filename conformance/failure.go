package conformance

import (
	"context"
	"errors"
	"runtime"

	"github.com/troupe-go/troupe/core"
)

var failureRules = []check{
	must("failure/goexit-ends-the-actor", "A handler that calls runtime.Goexit ends its actor in order: OnStop runs, and what was asked has its outcome.", failureGoexit),
}

func failureGoexit(t *trial) {
	c := t.crew(t.runtime())
	h, other := c.spawn(), c.spawn()
	c.tell(h, func(ctx context.Context) {
		core.Blocking(ctx, func() { t.quiet() })
		runtime.Goexit()
	})
	left := h.Ask(t.ctx, func(context.Context) (any, error) { return nil, nil })
	await(t, h.Done(), "the end of an actor whose handler called runtime.Goexit")
	if _, err := left.Get(t.ctx); !errors.Is(err, core.ErrDead) {
		t.Errorf("Ask behind a message whose handler called runtime.Goexit = %v, want %v", err, core.ErrDead)
	}
	await(t, other.Done(), "the end of the other actors of the system")
}
