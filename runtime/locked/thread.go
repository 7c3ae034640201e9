package locked

import (
	"errors"
	"fmt"
	"runtime"
)

// A starter starts threads.
type starter struct {
	onThread func() (stop func(), err error)
	quota    *quota
}

// start runs body on a goroutine that has a thread to itself, which ends with
// body. It returns when body is about to run, or with the reason why not. If
// body ran, over is called in the end.
func (s *starter) start(body, over func()) error {
	if err := s.quota.take(); err != nil {
		return err
	}
	started := make(chan error, 1)
	go pin(func() {
		stop, err := s.hook(started)
		if err != nil {
			return
		}
		defer over()
		defer s.quota.give()
		if stop != nil {
			defer stop()
		}
		body()
	})
	err := <-started
	if err != nil {
		s.quota.give()
	}
	return err
}

// pin locks the goroutine to its thread, for good, and runs f there: the
// thread ends with the goroutine. The main thread would not; it is held until
// another goroutine has found another thread.
func pin(f func()) {
	runtime.LockOSThread()
	if main, known := onMainThread(); !main || !known {
		f()
		return
	}
	found := make(chan struct{})
	go pin(func() { close(found); f() })
	<-found
	runtime.UnlockOSThread()
}

var errExit = errors.New("locked: the start function of OnThread called runtime.Goexit")

// hook calls the start function of OnThread and sends its error, whatever
// that function does.
func (s *starter) hook(started chan<- error) (stop func(), err error) {
	err = errExit
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("locked: the start function of OnThread panicked: %v", p)
		}
		started <- err
	}()
	if s.onThread == nil {
		return nil, nil
	}
	return s.onThread()
}
