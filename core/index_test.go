package core_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A nosyIndex uses the system in each of its methods.
type nosyIndex struct {
	sys *core.System

	mu    sync.Mutex
	calls []string
}

func (n *nosyIndex) Register(ref core.Ref[any])   { n.note("register ", ref) }
func (n *nosyIndex) Unregister(ref core.Ref[any]) { n.note("unregister ", ref) }

func (n *nosyIndex) note(what string, ref core.Ref[any]) {
	n.sys.Stats()
	n.sys.Find(ref.Name())
	n.sys.Find(ref.URN())
	for range n.sys.Actors() {
		break
	}
	_ = ref.Tell(context.Background(), what)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls = append(n.calls, what+ref.Name())
}

// P117: an index is told with no lock held, of actors that there are, start and end.
func TestIndexIsToldWithoutALock(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		index := &nosyIndex{sys: sys}
		done := make(chan struct{})
		go func() {
			defer close(done)
			first := (&testkit.Probe{}).Spawn(t, sys, core.Named("first"))
			sys.Index(func() core.Index { return index })
			second := (&testkit.Probe{}).Spawn(t, sys, core.Named("second"))
			for _, ref := range []core.Ref[any]{second, first} {
				_, err := ref.Stop(testkit.Context(t))
				assert.NoError(t, err)
			}
		}()
		testkit.Wait(t, done, "an index that uses its system")
		index.mu.Lock()
		defer index.mu.Unlock()
		assert.Equal(t, []string{"register first", "register second", "unregister second", "unregister first"}, index.calls)
	})
}

// A lateIndex notes an actor only when that has ended, as if the goroutine
// that tells of it had been held up for so long.
type lateIndex struct {
	t     *testing.T
	mu    sync.Mutex
	known map[core.Ref[any]]bool
}

func (l *lateIndex) Register(ref core.Ref[any]) {
	ref.AskStop()
	testkit.Wait(l.t, ref.Done(), "the end of an actor")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known[ref] = true
}

func (l *lateIndex) Unregister(ref core.Ref[any]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.known, ref)
}

// P104: an actor that ends while the index is first told of those that live
// is not left in it.
func TestIndexForgetsWhatEndsAsItIsTold(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for range 3 {
			(&testkit.Probe{}).Spawn(t, sys)
		}
		index := &lateIndex{t: t, known: map[core.Ref[any]]bool{}}
		sys.Index(func() core.Index { return index })
		index.mu.Lock()
		defer index.mu.Unlock()
		assert.Empty(t, index.known)
	})
}
