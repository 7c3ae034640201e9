package conformance

import (
	"iter"
	"runtime"
	"time"

	"github.com/troupe-go/troupe/core"
)

// await waits for an event. One that does not come within the rule's time is
// a failure, shown with the goroutines of the trial.
func await[T any](t *trial, done <-chan T, what string, args ...any) (v T) {
	select {
	case v = <-done:
		return v
	case <-t.ctx.Done():
	}
	select {
	case v = <-done:
	default:
		t.timeUp(what, args...)
	}
	return v
}

func (t *trial) timeUp(what string, args ...any) {
	args = append(args, t.limit, t.goroutines())
	t.fatalf(what+" did not happen within %v\n%s", args...)
}

// eventually waits for what has no event.
func (t *trial) eventually(cond func() bool, what string, args ...any) {
	if !t.until(cond) {
		t.timeUp(what, args...)
	}
}

// until waits for cond, which may be costly, and reports whether it came true.
func (t *trial) until(cond func() bool) bool {
	for pause := time.Millisecond; !cond(); pause = min(2*pause, 50*time.Millisecond) {
		if t.ctx.Err() != nil {
			return false
		}
		time.Sleep(pause)
	}
	return true
}

// quiet gives a runtime the time to do what it must not do.
func (t *trial) quiet() {
	for range 10 {
		for range 10 {
			runtime.Gosched()
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// wrapping is more often than a counter of 16 bits can tell apart.
const wrapping = 70_000

// upTo counts to most, or to least and then on while it has time to spare: some
// faults show only after thousands of times. A Stress leaves it no more than
// one run has, as there are many.
func (t *trial) upTo(least, most int) iter.Seq[int] {
	return func(yield func(int) bool) {
		began := time.Now()
		for i := range most {
			if i >= least && time.Since(began) > t.spare || !yield(i) {
				return
			}
		}
	}
}

// start calls f on a goroutine of its own. A runtime that panics there has
// failed the rule, and does not end the process. What start returns is closed
// when f has ended, and its panic has been noted.
func (t *trial) start(f func()) (over <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer t.recover()
		f()
	}()
	return done
}

// places counts to n. Where w is of a runtime that pins, each place may cost a
// thread: then it counts on from 48 only while there is time to spare.
func (t *trial) places(w core.Waker, n int) iter.Seq[int] {
	if pins(w) {
		return t.upTo(min(n, 48), n)
	}
	return t.upTo(n, n)
}

// pins reports whether the turns of w's actor stay on one thread. It may have
// that to itself, and each turn may be a change of threads, which on a busy
// machine takes milliseconds.
func pins(w core.Waker) bool {
	p, ok := w.(core.Pinner)
	return ok && p.Pinned()
}

// returns calls f on a goroutine of its own, and waits for it.
func (t *trial) returns(f func(), what string, args ...any) {
	await(t, t.start(f), what, args...)
}
