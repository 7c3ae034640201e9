package conformance_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

func TestStressRunsARuleManyTimes(t *testing.T) {
	var made atomic.Int64
	factory := func(conformance.TB) core.Runtime {
		if made.Add(1)%5 == 0 {
			return deaf{}
		}
		return goroutine.New()
	}
	r := conformance.Check(factory, conformance.Only("wake/during-a-turn"), conformance.Stress(20), conformance.Deadline(300*time.Millisecond))
	assert.EqualValues(t, 20, made.Load())
	require.Len(t, r.Results, 1)
	assert.Contains(t, r.Results[0].Failure, "wake/during-a-turn: failed 4 of 20 times")
}

// Ten at a time are enough to meet each other, and few enough for the race
// detector.
func TestStressRunsTenAtOnce(t *testing.T) {
	var now, most atomic.Int64
	factory := func(tb conformance.TB) core.Runtime {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		tb.Cleanup(func() { now.Add(-1) })
		return goroutine.New()
	}
	r := conformance.Check(factory, conformance.Only("attach/calls-no-turn"), conformance.Stress(30))
	assert.True(t, r.OK(), r)
	assert.EqualValues(t, 10, most.Load())
}

// Runtimes that share a limit, as those of package locked share that of
// threads, are not accused of what they refuse each other.
func TestStressOfRuntimesThatShareALimit(t *testing.T) {
	l := &limit{free: 4}
	r := conformance.Check(l.make, conformance.Only("attach/calls-no-turn", "attach/from-a-turn", "wake/takes-any-hint"),
		conformance.Stress(20))
	assert.True(t, r.OK(), r)
	assert.Positive(t, l.refused, "it was never at its limit")
	assert.Equal(t, 4, l.free)
}

// One that refuses what a rule needs when it is alone is accused.
func TestStressOfRuntimesThatTakeTooFew(t *testing.T) {
	l := &limit{free: 2}
	r := conformance.Check(l.make, conformance.Only("wake/takes-any-hint"), conformance.Stress(3))
	assert.Contains(t, r.Results[0].Failure, "wake/takes-any-hint: Attach = "+errLimit.Error()+", want an actor")
	assert.Contains(t, r.Results[0].Failure, "wake/takes-any-hint: failed 3 of 3 times")
}

var errLimit = errors.New("no more")

// A limit is on the actors of all runtimes that it makes.
type limit struct {
	mu            sync.Mutex
	free, refused int
}

func (l *limit) make(conformance.TB) core.Runtime { return limited{goroutine.New(), l} }

func (l *limit) take() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free == 0 {
		l.refused++
		return errLimit
	}
	l.free--
	return nil
}

func (l *limit) give() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free++
}

type limited struct {
	*goroutine.Runtime
	limit *limit
}

func (r limited) Attach(l core.Loop) (core.Waker, error) {
	if err := r.limit.take(); err != nil {
		return nil, err
	}
	return r.Runtime.Attach(counted{l, r.limit})
}

type counted struct {
	core.Loop
	limit *limit
}

func (c counted) Turn(budget int) core.Status {
	left := c.Loop.Turn(budget)
	if left == core.Ended {
		c.limit.give()
	}
	return left
}
