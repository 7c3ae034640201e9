package core

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"
)

// shutdown is how a system ends. One goroutine of the system's own stops the
// actors, so that it goes on whoever asked for it and however long they wait.
type shutdown struct {
	done   chan struct{} // closed when it begins; by a fatal error too
	begun  bool          // under System.mu, as what follows
	fatal  []error
	forced error         // the cause of the contexts that were ended, if any were
	inside bool          // an actor has called Shutdown
	joined chan struct{} // closed, and made anew, when one does

	others outcome // settled when every actor has ended that is not inside Shutdown
	all    outcome // settled when all have, and the runtime is closed
}

func (d *shutdown) init() {
	d.done = make(chan struct{})
	d.joined = make(chan struct{})
}

// Done is closed when the system begins to shut down, be it that somebody
// called Shutdown or that an actor failed with a fatal error.
func (s *System) Done() <-chan struct{} { return s.shutdown.done }

// Run waits until ctx is done, or the system shuts down for another reason,
// and then shuts it down within grace. It returns what [System.Shutdown]
// does; that ctx is done is no error.
func (s *System) Run(ctx context.Context, grace time.Duration) error {
	if ctx == nil {
		return errNilContext
	}
	select {
	case <-ctx.Done():
	case <-s.Done():
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return s.Shutdown(within)
}

// Shutdown stops every actor as [Ref.Stop] does, the newest first and each
// fully before the next, and then closes the runtime that the system was made
// with. From its first moment on Spawn returns ErrShutdown; messages between
// actors that still run are handled.
//
// If ctx ends first, all actors that are left are asked to stop at once,
// their contexts end with the cause of ctx, and Shutdown returns an error that
// wraps that cause and names who still runs. The system goes on stopping them.
//
// Shutdown waits for a shutdown that is under way, and may be called again.
// An actor of the system may call it, with any context: the other actors are
// stopped and waited for, except those that wait for this one with their own
// contexts; the actor itself is asked to stop, and stops when its handler has
// returned. A goroutine that a handler started counts as the actor if it has
// its context. Shutdown returns the fatal errors that there were.
func (s *System) Shutdown(ctx context.Context) error {
	if ctx == nil {
		return errNilContext
	}
	over := &s.shutdown.all
	if inside := s.callersOf(ctx); len(inside) > 0 {
		over = s.joinFromInside(inside, over)
		ctx = context.WithValue(ctx, callerKey{}, inside[0]) // whose wait it is
	}
	s.begin()
	if err := over.await(ctx); err != nil {
		return errors.Join(append(s.fatalErrors(), s.force(err))...)
	}
	if over.err != nil {
		return errors.Join(append(s.fatalErrors(), over.err)...)
	}
	return errors.Join(s.fatalErrors()...)
}

// addFatal keeps a fatal error for Shutdown to return. It comes before the
// actor is forgotten and its Done closed: a shutdown that finds nobody any more,
// or waits for no more than that, has it.
func (s *System) addFatal(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shutdown.fatal = append(s.shutdown.fatal, err)
}

// fail is what a fatal error leads to: the system shuts itself down.
func (s *System) fail() {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.grace)
		defer cancel()
		_ = s.Shutdown(ctx) // what it returns, Run or the next Shutdown returns too
	}()
}

func (s *System) fatalErrors() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]error(nil), s.shutdown.fatal...)
}

// begin starts the goroutine that stops everything, once.
func (s *System) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shutdown.begun {
		return
	}
	s.shutdown.begun = true
	close(s.shutdown.done)
	go s.stopAll(append(s.leaving.all(), s.live.all()...))
}

// stopAll stops all, the last first. It runs no turn itself: runtime.Goexit
// in an OnStop must not end it.
func (s *System) stopAll(all []*actor) {
	var inside []*actor
	for i := len(all) - 1; i >= 0; i-- {
		a := all[i]
		a.requestStop(notClaimed)
		if !s.awaitEnd(a) {
			inside = append(inside, a)
		}
	}
	s.shutdown.others.resolve(nil, nil)
	for _, a := range inside {
		<-a.doneChan()
	}
	s.shutdown.all.resolve(nil, s.closeRuntime())
}

func (s *System) closeRuntime() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{p, debug.Stack()}
		}
	}()
	if c, ok := s.runtime.(Closer); ok && !isNil(s.runtime) {
		return c.Close(context.Background())
	}
	return nil
}

// awaitEnd waits until the actor has ended, and returns true; or until it
// waits itself for the others to end, and then returns false.
func (s *System) awaitEnd(a *actor) bool {
	for {
		s.mu.Lock()
		joined, anybody := s.shutdown.joined, s.shutdown.inside
		s.mu.Unlock()
		if a.waitsInside(map[*actor]bool{}) {
			return false
		}
		var again <-chan time.Time
		if anybody { // whom it may yet begin to wait for, of which nobody tells
			again = time.After(insideInterval)
		}
		select {
		case <-a.doneChan():
			return true
		case <-joined:
		case <-again:
		}
	}
}

const insideInterval = 10 * time.Millisecond

// waitsInside reports whether the actor waits in Shutdown, or for one that
// does.
func (a *actor) waitsInside(seen map[*actor]bool) bool {
	if seen[a] {
		return false
	}
	seen[a] = true
	if a.extra().inside.Load() {
		return true
	}
	for _, w := range a.openWaits() {
		if w.on.waitsInside(seen) {
			return true
		}
	}
	return false
}

// force asks every actor that is left to stop and ends their contexts.
func (s *System) force(cause error) error {
	s.mu.Lock()
	if s.shutdown.forced == nil {
		s.shutdown.forced = cause
	}
	s.mu.Unlock()
	left := s.unended()
	for _, a := range left {
		a.requestStop(notClaimed)
		a.endLife(cause)
	}
	return fmt.Errorf("core: shutdown gave up waiting: %w; still running: %s", cause, listActors(left))
}

// isForced reports whether err is how a handler says that its context was
// ended by a shutdown that had run out of time.
func (a *actor) isForced(err error) bool {
	s := a.kind.sys
	s.mu.Lock()
	cause := s.shutdown.forced
	s.mu.Unlock()
	return cause != nil && quietly(func() bool { return errors.Is(err, cause) || errors.Is(err, context.Canceled) })
}

func listActors(all []*actor) string {
	const most = 10
	if len(all) == 0 {
		return "none"
	}
	var names []string
	for i, a := range all {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(all)-most))
			break
		}
		names = append(names, a.String())
	}
	return strings.Join(names, ", ")
}

// callersOf are the actors that wait while this goroutine is in Shutdown: those
// that ctx names, and those whose turns are on the goroutine.
func (s *System) callersOf(ctx context.Context) []*actor {
	named := stackOf(callerOf(ctx))
	return append(named, turnsHere(named, s)...)
}

// joinFromInside is for a call of Shutdown by actors: those of the system are
// not waited for, as they wait themselves.
func (s *System) joinFromInside(callers []*actor, over *outcome) *outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range callers {
		if a.kind.sys == s {
			a.extra().inside.Store(true)
			s.shutdown.inside = true
			over = &s.shutdown.others
		}
	}
	close(s.shutdown.joined)
	s.shutdown.joined = make(chan struct{})
	return over
}
