package testkit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/troupe-go/troupe/core"
)

// A Probe is an actor of any messages with every hook, which notes in Trace
// what core calls. A function that is nil does nothing.
type Probe struct {
	Trace  Trace
	Start  func(context.Context) error
	Handle func(context.Context, any) (any, error) // nil: the reply is the message
	Stop   func(context.Context) error
	Fail   func(context.Context, error)
}

// A Do is a message that a Probe handles by calling it.
type Do func(context.Context) (any, error)

// OnStart implements core.Starter.
func (p *Probe) OnStart(ctx context.Context) error {
	p.Trace.Add("start")
	if p.Start == nil {
		return nil
	}
	return p.Start(ctx)
}

// Receive implements core.Actor.
func (p *Probe) Receive(ctx context.Context, msg any) (any, error) {
	noteHandled(ctx)
	if do, ok := msg.(Do); ok {
		return do(ctx)
	}
	p.Trace.Add("handle %v", msg)
	if p.Handle == nil {
		return msg, nil
	}
	return p.Handle(ctx, msg)
}

// OnStop implements core.Stopper.
func (p *Probe) OnStop(ctx context.Context) error {
	p.Trace.Add("stop")
	if p.Stop == nil {
		return nil
	}
	return p.Stop(ctx)
}

// OnFailure implements core.FailureHandler.
func (p *Probe) OnFailure(ctx context.Context, err error) {
	p.Trace.Add("fail: %v", err)
	if p.Fail != nil {
		p.Fail(ctx, err)
	}
}

// Spawn spawns p, which must succeed.
func (p *Probe) Spawn(t testing.TB, sys *core.System, opts ...core.Option) core.Ref[any] {
	t.Helper()
	ref, err := core.Spawn(sys, p, opts...)
	if err != nil {
		t.Fatalf("Spawn = %v", err)
	}
	if c := countOf(sys); c != nil {
		c.spawned.Add(1)
	}
	return ref
}

// Hold has the Probe that ref addresses run a handler until the gate is open,
// and returns once it does.
func Hold(t testing.TB, ref core.Ref[any]) *Gate {
	t.Helper()
	gate, entered := NewGate(t), make(chan struct{})
	err := ref.Tell(Context(t), Do(func(ctx context.Context) (any, error) {
		close(entered)
		gate.PassIn(ctx)
		return nil, nil
	}))
	if err != nil {
		t.Fatalf("Tell = %v", err)
	}
	Wait(t, entered, "the handler that holds the actor")
	return gate
}

// A Trace is a list of what happened, in order. The zero Trace is ready for
// use by any goroutine.
type Trace struct {
	mu     sync.Mutex
	events []string
}

// Add appends an event.
func (tr *Trace) Add(format string, args ...any) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.events = append(tr.events, fmt.Sprintf(format, args...))
}

// All are the events so far.
func (tr *Trace) All() []string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return slices.Clone(tr.events)
}

// Letters keeps dead letters.
type Letters struct {
	mu      sync.Mutex
	letters []core.DeadLetter
}

// Option has a system hand its dead letters to l.
func (l *Letters) Option() core.SystemOption { return core.WithDeadLetters(l.add) }

func (l *Letters) add(d core.DeadLetter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.letters = append(l.letters, d)
}

// All are the dead letters so far.
func (l *Letters) All() []core.DeadLetter {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.letters)
}

// Messages are what they carry.
func (l *Letters) Messages() (all []any) {
	for _, d := range l.All() {
		all = append(all, d.Msg)
	}
	return all
}
