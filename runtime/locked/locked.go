// Package locked runs actors on OS threads of their own: for C libraries and
// graphics toolkits that are bound to a thread, and for what the kernel keeps
// for each thread, such as its priority, its namespaces or its name.
//
// Every turn of an actor runs on one thread, OnStart and OnStop included, and
// nothing but turns and the hooks of [OnThread] ever runs there:
//
//   - [New] gives each actor a thread, which ends when the actor does.
//   - New with [Threads] places all actors on a fixed number of threads.
//   - [Main] places them on the program's main thread.
//
// Where actors share a thread, one that waits (for a reply, a stop, room in
// an inbox) lets the others run. Package strand says what handlers must not do
// there: wait, or return, while they hold a runtime.LockOSThread of their own.
//
// No actor of this package runs another actor's turn inside its own, nor does
// a caller run the turn of one of these. Importing the package locks no
// thread and starts none.
package locked

import (
	"context"
	"fmt"

	"github.com/troupe-go/troupe/core"
)

// A Runtime runs all turns of an actor on one OS thread. It is made by New;
// its methods may be called from any goroutine.
type Runtime struct{ placer placer }

// A placer decides which thread an actor gets.
type placer interface {
	core.Runtime
	core.Closer
}

var _ placer = (*Runtime)(nil)

// New makes a Runtime with one thread for each actor, or as opts say. It
// starts no thread before there is an actor.
func New(opts ...Option) *Runtime {
	o := options{quota: &processQuota}
	for _, opt := range opts {
		if opt != nil {
			opt.apply(&o)
		}
	}
	s := &starter{o.onThread, o.quota}
	if o.threads > 0 {
		return &Runtime{newShared(s, o.threads)}
	}
	return &Runtime{newOwn(s)}
}

// Attach implements [core.Runtime]. It waits for the actor's thread to start.
// It returns a [*LimitError] if that would be a thread too many, and what
// [OnThread]'s start returns if that fails.
func (r *Runtime) Attach(loop core.Loop) (core.Waker, error) { return r.placer.Attach(loop) }

// Close implements [core.Closer]. The threads end with it.
func (r *Runtime) Close(ctx context.Context) error {
	if ctx == nil {
		return fmt.Errorf("%w: Close with a nil context; context.Background() is the one that never ends", core.ErrInvalid)
	}
	return r.placer.Close(ctx)
}
