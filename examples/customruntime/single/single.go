// Package single is a runtime whose actors all share one goroutine. It is a
// complete one: its actors may wait for each other as on any other runtime.
package single

import (
	"context"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/strand"
)

// A Runtime runs one turn at a time. It is made by New.
type Runtime struct {
	strand *strand.Strand
	ready  chan struct{}
	ended  chan struct{}
}

// New makes a Runtime and starts its goroutine, which Close ends.
func New() *Runtime {
	r := &Runtime{ready: make(chan struct{}, 1), ended: make(chan struct{})}
	r.strand = strand.New(r.wake)
	go r.run()
	return r
}

// wake never waits: there is one call for each Run.
func (r *Runtime) wake() { r.ready <- struct{}{} }

func (r *Runtime) run() {
	defer close(r.ended)
	for {
		select {
		case <-r.ready:
			r.strand.Run(100)
		case <-r.strand.Done():
			return
		}
	}
}

// Attach implements core.Runtime.
func (r *Runtime) Attach(loop core.Loop) (core.Waker, error) { return r.strand.Attach(loop) }

// Close implements core.Closer.
func (r *Runtime) Close(ctx context.Context) error {
	if err := r.strand.Close(ctx); err != nil {
		return err
	}
	<-r.ended
	return nil
}
