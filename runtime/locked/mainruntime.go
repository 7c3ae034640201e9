package locked

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/strand"
)

// ErrNotMain is returned by Run and Turns of a [MainRuntime] on another
// thread than the program's main thread. Only on Linux can that be told.
var ErrNotMain = errors.New("locked: not on the main thread; call runtime.LockOSThread in an init function and this in main")

// A MainRuntime runs its actors on the program's main thread, inside Run or
// Turns. It is made by Main.
//
// Go runs main on the main thread only if the program asks for it:
//
//	func init() { runtime.LockOSThread() }
//
// Calls of Run and Turns that follow each other have to be made alike: all by
// Go, or all in callbacks from C of the same depth; see package strand.
type MainRuntime struct {
	strand *strand.Strand
	ready  chan struct{}

	mu      sync.Mutex
	onReady func()
}

var _ placer = (*MainRuntime)(nil)

// Main makes a runtime for the program's main thread. There may be several;
// each runs while its own Run or Turns does.
func Main() *MainRuntime {
	m := &MainRuntime{ready: make(chan struct{}, 1), onReady: func() {}}
	m.strand = strand.New(m.wake)
	return m
}

func (m *MainRuntime) wake() {
	select {
	case m.ready <- struct{}{}:
	default: // Run has still to take the last
	}
	m.mu.Lock()
	f := m.onReady
	m.mu.Unlock()
	f()
}

// OnReady has f called when Turns is to be called, for an event loop that is
// not Go's: by OnReady at once, then whenever an actor becomes ready, and when
// a Turns left something. It is called from any goroutine, and must neither
// wait nor call Turns itself, but have the event loop do so.
func (m *MainRuntime) OnReady(f func()) {
	m.mu.Lock()
	m.onReady = f
	m.mu.Unlock()
	f()
}

// Run runs the actors until ctx is done, or the MainRuntime has been closed
// and its last actor has ended. It may be called again after that. The error
// is ErrNotMain or nil.
func (m *MainRuntime) Run(ctx context.Context) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if main, known := onMainThread(); known && !main {
		return ErrNotMain
	}
	for ctx.Err() == nil {
		m.strand.Run(100)
		select {
		case <-m.ready:
		case <-m.strand.Done():
			return nil
		case <-ctx.Done():
		}
	}
	return nil
}

// Turns runs what is ready, at most n turns, each to where it ends or waits,
// and returns how many it ran. Inside a turn, as from an event loop that a
// handler runs, it does nothing. The error is ErrNotMain or nil.
func (m *MainRuntime) Turns(n int) (ran int, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if main, known := onMainThread(); known && !main {
		return 0, ErrNotMain
	}
	return m.strand.Run(n), nil
}

// Attach implements [core.Runtime].
func (m *MainRuntime) Attach(loop core.Loop) (core.Waker, error) {
	return pinned(m.strand.Attach(loop))
}

// Close implements [core.Closer]. It needs Run, or Turns, to be called until
// the last actor has ended.
func (m *MainRuntime) Close(ctx context.Context) error { return m.strand.Close(ctx) }
