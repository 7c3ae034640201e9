package core

import (
	"errors"
	"fmt"
	"reflect"
)

var (
	// ErrDead is the outcome of a message that an ended actor did not
	// handle. The error's text says whether the actor was dead when the
	// message was sent, or ended while the message waited.
	ErrDead = errors.New("core: actor is dead")

	// ErrUnhandled is what Receive returns for a message that it does not
	// know. It is logged as a warning and reaches an asker; it is no
	// failure, and the actor lives on.
	ErrUnhandled = errors.New("core: message not handled")

	// ErrStop, returned by Receive or OnStart, stops the actor after what it
	// has accepted so far. It is no failure: an asker gets the reply and a
	// nil error.
	ErrStop = errors.New("core: stop this actor")

	// ErrInboxFull is returned by a send to an inbox that is full and
	// refuses, and is the reason of a dead letter that a full inbox dropped.
	ErrInboxFull = errors.New("core: inbox is full")

	// ErrDeadlock is returned by a wait of one actor for another that could
	// never end, because the other waits, directly or through others, for
	// the first. The error's text names them all. Of the actors in such a
	// ring exactly one gets it.
	ErrDeadlock = errors.New("core: deadlock")

	// ErrNameTaken is returned by Spawn for a name that a living actor of
	// the system has. The error's text says which actor.
	ErrNameTaken = errors.New("core: name is taken")

	// ErrShutdown is returned by Spawn on a system that is shutting down or
	// has shut down.
	ErrShutdown = errors.New("core: system is shut down, and takes no more actors; NewSystem makes another")

	// ErrResolved is returned by the second completion of a [Promise]. The
	// first one stays.
	ErrResolved = errors.New("core: promise is already resolved; its first outcome stays")

	// ErrRuntimeClosed is returned by Attach, and so by Spawn, when the
	// runtime has been closed.
	ErrRuntimeClosed = errors.New("core: runtime is closed, and takes no more actors; make another")

	// ErrInvalid is returned for an argument that can never be right, such
	// as a nil actor, or a value of the wrong type. The error's text says
	// what was given and what would be right.
	ErrInvalid = errors.New("core: invalid argument")

	errGoexit = errors.New("core: handler ended its goroutine with runtime.Goexit")
)

// A PanicError is a panic that core recovered from an actor.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // the stack of the goroutine that panicked
}

// Error returns the text of the panic's value, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("core: panic: %v", e.Value) }

// Unwrap returns the panic's value if that is an error, else nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Fatal marks err as fatal to the system: a handler or hook that returns it
// ends its actor in the orderly way, and then its whole system. A nil err
// stays nil.
func Fatal(err error) error {
	if err == nil {
		return nil
	}
	return &fatalError{err}
}

type fatalError struct{ err error }

func (e *fatalError) Error() string { return e.err.Error() }
func (e *fatalError) Unwrap() error { return e.err }

// A repliedError is an error that another actor returned. It reads like that
// error to errors.Is and errors.As, but it has no Unwrap: what steers one
// actor's loop (ErrStop, ErrUnhandled, Fatal) must not steer its asker's.
type repliedError struct{ err error }

func (e *repliedError) Error() string        { return e.err.Error() }
func (e *repliedError) Is(target error) bool { return errors.Is(e.err, target) }
func (e *repliedError) As(target any) bool   { return errors.As(e.err, target) }

// forAsker returns err as an asker may have it. An error that steers nothing
// is handed on as it is.
func forAsker(err error) error {
	if steers(err) {
		return &repliedError{err}
	}
	return err
}

func steers(err error) bool { return obeys(err, ErrStop) || obeys(err, ErrUnhandled) || isFatal(err) }

// obeys reports whether err is target by its chain of Unwrap alone.
// errors.Is would also ask an Is method, and so obey another actor's error.
// A panic is a failure, whatever it panics with, and at most fatal.
func obeys(err, target error) bool {
	if _, panicked := err.(*PanicError); panicked {
		return false
	}
	return inChain(err, func(err error) bool { return err == target })
}

func isFatal(err error) bool {
	return inChain(err, func(err error) bool { _, ok := err.(*fatalError); return ok })
}

// inChain reports whether match likes err, or what Unwrap finds in it. The
// methods of an error are its maker's, and those of a nil pointer may panic:
// then there is nothing in it.
func inChain(err error, match func(error) bool) bool {
	return err != nil && quietly(func() bool { return inThisOrBelow(err, match) })
}

// quietly is f, or false if f panics.
func quietly(f func() bool) (ok bool) {
	defer func() { _ = recover() }()
	return f()
}

func inThisOrBelow(err error, match func(error) bool) bool {
	if comparable := reflect.TypeOf(err).Comparable(); comparable && match(err) {
		return true
	}
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		return inChain(err.Unwrap(), match)
	case interface{ Unwrap() []error }:
		for _, err := range err.Unwrap() {
			if inChain(err, match) {
				return true
			}
		}
	}
	return false
}

// A deadError is ErrDead with the actor's identity, which is put into words
// only if somebody reads it.
type deadError struct {
	to     *actor
	queued bool // it ended while the message waited
}

func (e *deadError) Error() string {
	if e.queued {
		return fmt.Sprintf("%v: %v ended before it handled the message", ErrDead, e.to)
	}
	return fmt.Sprintf("%v: %v not found", ErrDead, e.to)
}

func (e *deadError) Unwrap() error { return ErrDead }

// invalid is ErrInvalid with what was wrong.
func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...)
}
