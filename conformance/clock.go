package conformance

import (
	"context"
	"time"
)

// tick is how finely the time of a rule is measured.
const tick = 5 * time.Millisecond

// countdown makes a context that ends with its parent, or after d, counted in
// ticks. Each takes what its goroutine waits for a processor, too: a machine
// that is busy with others holds up a rule and its deadline alike, and does not
// make a right runtime look as if it hung.
func countdown(parent context.Context, d time.Duration) context.Context {
	ctx, cancel := context.WithCancelCause(parent)
	each := max(1, min(tick, d/20))
	go func() {
		timer := time.NewTimer(each)
		defer timer.Stop()
		for range d / each {
			select {
			case <-timer.C:
				timer.Reset(each)
			case <-ctx.Done():
				return
			}
		}
		cancel(context.DeadlineExceeded)
	}()
	return ctx
}
