package core

import (
	"crypto/rand"
	"fmt"
	"slices"
)

func (a *actor) name() string {
	if x := a.ext.Load(); x != nil {
		return x.name
	}
	return ""
}

// String is the actor's type and URN.
func (a *actor) String() string {
	if a == nil {
		return "zero Ref"
	}
	return a.kind.name + " (" + a.urn() + ")"
}

// urn makes the URN on first use: one that nobody has asked for is known to
// nobody, and a million actors that are never asked need none (spawn on pool
// 547 to 314 ns).
func (a *actor) urn() string {
	if urn := a.knownURN(); urn != "" {
		return urn
	}
	return a.kind.sys.giveURN(a, newURN())
}

// knownURN is the URN if somebody has asked for it, else empty.
func (a *actor) knownURN() string {
	x := a.extra()
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.urn
}

const urnPrefix = "urn:uuid:"

// newURN is a version 4 UUID as a URN (RFC 9562).
func newURN() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%s%x-%x-%x-%x-%x", urnPrefix, b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (a *actor) doneChan() <-chan struct{} {
	x := a.extra()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.over {
		return closedChan
	}
	if x.done == nil {
		x.done = make(chan struct{})
	}
	return x.done
}

func (a *actor) exitErr() error {
	x := a.extra()
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.over {
		return nil
	}
	return x.exit.err
}

func (a *actor) onDone(f func(error)) (stop func() bool) {
	x := a.extra()
	x.mu.Lock()
	if x.over {
		x.mu.Unlock()
		f(x.exit.err)
		return func() bool { return false }
	}
	x.onDone = append(x.onDone, &f)
	x.mu.Unlock()
	return func() bool {
		x.mu.Lock()
		defer x.mu.Unlock()
		i := slices.Index(x.onDone, &f)
		if i < 0 {
			return false
		}
		x.onDone = slices.Delete(x.onDone, i, i+1)
		return true
	}
}
