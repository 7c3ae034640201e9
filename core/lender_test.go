package core_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A lender is a runtime that lends every turn, and calls none itself until
// the test says so. What happens first is then the test's to decide.
type lender struct {
	mu      sync.Mutex
	due     []core.Loop // for each a Turn is to be called
	free    bool        // turns are called as they fall due
	refuses bool        // nothing is lent
	loans   int         // ever
	lent    []int       // the goroutines that have entered, and not left
	strange int         // calls of Leave by a goroutine that has not
}

// newLender makes a lender and a system on it. At the end of the test turns
// are called, and all loans must have been given back.
func newLender(t *testing.T) (*lender, *core.System) {
	l := new(lender)
	t.Cleanup(func() {
		assert.Empty(t, l.lent, "goroutines that never left")
		assert.Zero(t, l.strange, "calls of Leave that no Enter came before")
	})
	sys := testkit.System(t, testkit.Runtime{Name: "lender", New: func() core.Runtime { return l }})
	t.Cleanup(l.release)
	return l, sys
}

// spawn spawns p and has it start, so that it is idle.
func (l *lender) spawn(t *testing.T, sys *core.System, p *testkit.Probe, opts ...core.Option) core.Ref[any] {
	t.Helper()
	ref := p.Spawn(t, sys, opts...)
	l.step(t, core.Idle)
	return ref
}

// step calls the one Turn that is due, on a goroutine of its own, and returns
// that goroutine.
func (l *lender) step(t *testing.T, want core.Status) (where int) {
	t.Helper()
	l.mu.Lock()
	due := l.due
	l.due = nil
	l.mu.Unlock()
	if !assert.Len(t, due, 1, "turns that are due") {
		t.FailNow()
	}
	done := make(chan core.Status, 1)
	go func() {
		where = testkit.Goroutine()
		done <- due[0].Turn(100)
	}()
	assert.Equal(t, want, testkit.Wait(t, done, "a turn"))
	return where
}

// release has turns called from now on.
func (l *lender) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = true
	for _, loop := range l.due {
		go l.serve(loop)
	}
	l.due = nil
}

func (l *lender) serve(loop core.Loop) {
	status := core.More // what a Turn that ends its goroutine counts as
	defer func() {
		if status == core.More {
			go l.serve(loop)
		}
	}()
	status = loop.Turn(100)
}

// wakes is how many turns are due.
func (l *lender) wakes() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.due)
}

// Attach implements core.Runtime.
func (l *lender) Attach(loop core.Loop) (core.Waker, error) { return &loan{l, loop}, nil }

// A loan is one actor's place.
type loan struct {
	l    *lender
	loop core.Loop
}

// Wake implements core.Waker.
func (p *loan) Wake(core.Waker) {
	p.l.mu.Lock()
	defer p.l.mu.Unlock()
	if p.l.free {
		go p.l.serve(p.loop)
	} else {
		p.l.due = append(p.l.due, p.loop)
	}
}

// Enter implements core.Inliner.
func (p *loan) Enter(core.Waker) bool {
	p.l.mu.Lock()
	defer p.l.mu.Unlock()
	if p.l.refuses {
		return false
	}
	p.l.loans++
	p.l.lent = append(p.l.lent, testkit.Goroutine())
	return true
}

// Leave implements core.Inliner.
func (p *loan) Leave() {
	p.l.mu.Lock()
	defer p.l.mu.Unlock()
	i := slices.Index(p.l.lent, testkit.Goroutine())
	if i < 0 {
		p.l.strange++
		return
	}
	p.l.lent = slices.Delete(p.l.lent, i, i+1)
}
