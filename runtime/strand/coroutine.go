package strand

import (
	"iter"

	"github.com/troupe-go/troupe/core"
)

// A coroutine runs one turn after another, each up to where it waits.
type coroutine struct {
	goroutine goroutine
	place     *place // whose turn it runs; set while it does not run
	next      func() (outcome, bool)
	stop      func()
	yield     func(outcome) bool
}

// An outcome is why a coroutine has come back.
type outcome struct {
	waits  bool        // its turn waits; else the turn is over
	status core.Status // of the turn
	exited bool        // the turn has ended its goroutine, which is the coroutine's
}

// exited is what a coroutine panics with when its turn calls runtime.Goexit.
// Without a panic iter.Pull would have the resumer's goroutine exit too.
type exited struct{}

func newCoroutine() *coroutine {
	co := new(coroutine)
	co.next, co.stop = iter.Pull(co.run)
	co.next() // until it knows its goroutine
	return co
}

// run is what the coroutine's goroutine does.
func (co *coroutine) run(yield func(outcome) bool) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if p := recover(); p != nil {
			panic(p)
		}
		panic(exited{})
	}()
	co.yield = yield
	co.goroutine = thisGoroutine()
	for o := (outcome{}); yield(o); {
		o = outcome{status: co.place.loop.Turn(budget)}
	}
	returned = true
}

// resume runs the coroutine's turn on, up to where it ends or waits. A turn
// that has ended its goroutine left more.
func (co *coroutine) resume() (o outcome) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case exited{}:
			o = outcome{status: core.More, exited: true}
		default:
			panic(p)
		}
	}()
	o, _ = co.next()
	return o
}

// here reports whether the calling goroutine is the coroutine's. It panics if
// that holds a thread that was not held when the coroutine was made.
func (co *coroutine) here() bool {
	g := thisGoroutine()
	if g.id != co.goroutine.id {
		return false
	}
	if g.locked && !co.goroutine.locked {
		panic("strand: a handler waits while it holds its thread (runtime.LockOSThread); let it run on runtime/locked, one thread per actor")
	}
	return true
}

// wait sets the turn aside until resume. It is called on the coroutine's
// goroutine.
func (co *coroutine) wait() { co.yield(outcome{waits: true}) }
