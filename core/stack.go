package core

import (
	"bytes"
	"fmt"
	"reflect"
	"runtime"
	"slices"
)

// What a goroutine's stack tells of the turns on it. Only the goroutine itself
// can look, and looking is slow: microseconds, where a message takes a
// fraction of one. So it is done for verdicts only.

// host is the one frame of each turn by which a stack trace names the actor:
// a trace shows the receiver. A turn is run until it is done; each panic of
// the actor's makes it one more run.
//
//go:noinline
func (a *actor) host(run func() (done bool)) {
	for !run() {
	}
	runtime.KeepAlive(a) // a trace may be wrong about an argument that is needed no more
}

var (
	pkgPath   = reflect.TypeFor[actor]().PkgPath()
	hostFrame = pkgPath + ".(*actor).host"
	hostLine  = []byte(hostFrame + "(")
)

// OnTurn reports whether the calling goroutine is running a turn, and not
// one that a handler started and gave its context to. It looks at the stack,
// which takes about a microsecond. A [Parker] whose turns share a goroutine
// asks it before it gives that goroutine away.
func OnTurn() bool { return turnsOnStack() > 0 }

func turnsOnStack() int {
	return onStack(func(name string) bool { return name == hostFrame })
}

// onStack counts the frames of this goroutine whose function match likes.
func onStack(match func(name string) bool) int {
	var pcs [64]uintptr
	found := 0
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		for _, pc := range pcs[:n] {
			if f := runtime.FuncForPC(pc - 1); f != nil && match(f.Name()) {
				found++
			}
		}
		if n < len(pcs) {
			return found
		}
	}
}

// turnsHere returns the actors whose turns are on this goroutine, the
// innermost first: those of guess, and others of sys.
//
// A trace leaves out the middle of a stack of more than a hundred frames.
// Turns there are believed to be those of guess if guess is right about the
// innermost and all others that can be seen; else they are left out.
func turnsHere(guess []*actor, sys *System) []*actor {
	n := turnsOnStack()
	top, bottom := turnAddresses()
	if len(top) > 0 && len(guess) == n && areAt(guess[:len(top)], top) && areAt(guess[n-len(bottom):], bottom) {
		return guess
	}
	var here []*actor
	for _, address := range append(top, bottom...) {
		a := actorAt(address, guess)
		if a == nil {
			a = actorAt(address, sys.unended())
		}
		if a != nil {
			here = append(here, a)
		}
	}
	return here
}

func areAt(actors []*actor, addresses []string) bool {
	return slices.EqualFunc(actors, addresses, (*actor).isAt)
}

func (a *actor) isAt(address string) bool { return fmt.Sprintf("%p", a) == address }

func actorAt(address string, actors []*actor) *actor {
	i := slices.IndexFunc(actors, func(a *actor) bool { return a.isAt(address) })
	if i < 0 {
		return nil
	}
	return actors[i]
}

// turnAddresses returns where the actors are whose turns are on this
// goroutine, the innermost first, above and below what a trace leaves out. In
// a trace that is
//
//	github.com/troupe-go/troupe/core.(*actor).host(0xc000114000, 0xc000053f28)
//	...
//	...12 frames elided...
func turnAddresses() (top, bottom []string) {
	trace := make([]byte, 64<<10)
	trace = trace[:runtime.Stack(trace, false)]
	upper, lower, _ := bytes.Cut(trace, []byte("\n..."))
	return addressesIn(upper), addressesIn(lower)
}

func addressesIn(trace []byte) (addresses []string) {
	for line := range bytes.Lines(trace) {
		if arguments, ok := bytes.CutPrefix(line, hostLine); ok {
			address, _, _ := bytes.Cut(arguments, []byte(","))
			addresses = append(addresses, string(address))
		}
	}
	return addresses
}
