package conformance_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

func TestStressRunsARuleManyTimes(t *testing.T) {
	var made atomic.Int64
	factory := func(conformance.TB) core.Runtime {
		made.Add(1)
		return goroutine.New()
	}
	r := conformance.Check(factory, conformance.Only("wake/during-a-turn"), conformance.Stress(20))
	assert.True(t, r.OK(), r)
	assert.EqualValues(t, 20, made.Load())
}

// A rule that a runtime always breaks is run once, in the time of one run; one
// that it breaks now and then is not begun again.
func TestStressEndsWhenARuleIsBroken(t *testing.T) {
	var made atomic.Int64
	only, deadline := conformance.Only("wake/takes-any-hint"), conformance.Deadline(soon)
	r := conformance.Check(func(conformance.TB) core.Runtime { made.Add(1); return deaf{} }, only, conformance.Stress(50), deadline)
	assert.EqualValues(t, 1, made.Load())
	assert.Contains(t, r.Results[0].Failure, "did not happen within 50ms")
	assert.Contains(t, r.Results[0].Failure, "failed 1 of 1 times")

	made.Store(0)
	r = conformance.Check(func(tb conformance.TB) core.Runtime {
		if made.Add(1) > 1 {
			tb.Errorf("it cannot be made again")
		}
		return goroutine.New()
	}, only, conformance.Stress(50))
	assert.NotEmpty(t, r.Broken())
	assert.LessOrEqual(t, made.Load(), int64(11), "it was begun again")
}

// Ten at a time are enough to meet each other, and few enough for the race
// detector. Behind the one that is alone they wait until they are ten.
func TestStressRunsTenAtOnce(t *testing.T) {
	var made, now, most atomic.Int64
	ctx, full := context.WithCancel(testkit.Context(t))
	factory := func(tb conformance.TB) core.Runtime {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		tb.Cleanup(func() { now.Add(-1) })
		if n == 10 {
			full()
		}
		if made.Add(1) > 1 {
			<-ctx.Done()
		}
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
	r := conformance.Check(l.make, conformance.Only("wake/takes-any-hint"))
	assert.Contains(t, r.Results[0].Failure, "wake/takes-any-hint: Attach = "+errLimit.Error()+", want an actor")
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
