package pool

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// steady lets turns of one kind go on until the pace has found its stride.
func steady(p *pace, more bool, turn func(budget int) time.Duration) {
	for range 20 {
		var took time.Duration
		for range p.stride {
			took += turn(p.budget)
		}
		p.more = more
		p.adapt(took, 64)
	}
}

func TestPaceFindsStrideAndBudget(t *testing.T) {
	for _, test := range []struct {
		name           string
		message        time.Duration
		stride, budget int
	}{
		{"no time at all", 0, maxStride, 64},
		{"short", 10 * time.Nanosecond, 7, 64},
		{"a slice in fewer than the budget", slice / 10, 1, 10},
		{"a slice each", slice, 1, 1},
		{"longer than a slice", 20 * time.Millisecond, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			full := func(budget int) time.Duration { return time.Duration(budget) * test.message }
			var p pace
			p.start()
			steady(&p, true, full)
			assert.Equal(t, test.stride, p.stride, "stride")
			assert.InDelta(t, test.budget, p.budget, float64(test.budget)/2, "budget")
			assert.Equal(t, p.stride, p.left)
		})
	}
}

// An actor with one message at a time says nothing about how many are too
// many for one that always has more.
func TestPaceLearnsFromFullTurnsOnly(t *testing.T) {
	var p pace
	p.start()
	single := func(d time.Duration) func(int) time.Duration {
		return func(int) time.Duration { return d }
	}
	assert.Equal(t, 1, p.budget)
	steady(&p, true, single(0))
	assert.Equal(t, 64, p.budget)
	steady(&p, false, single(time.Second))
	assert.Equal(t, 64, p.budget)
	steady(&p, true, single(time.Second))
	assert.Equal(t, 1, p.budget)
	steady(&p, false, single(0))
	assert.Equal(t, 1, p.budget)
	steady(&p, true, single(0))
	assert.Equal(t, 64, p.budget)
}

// A slice is over after each long turn, and after a stride of short ones.
func TestPaceOver(t *testing.T) {
	var p pace
	p.start()
	for range 3 {
		for end := time.Now().Add(2 * slice); time.Now().Before(end); {
		}
		assert.True(t, p.over(false, 64), "after a long turn")
	}
	p.stride, p.left = 3, 3
	assert.False(t, p.over(false, 64))
	assert.False(t, p.over(false, 64))
	assert.True(t, p.over(false, 64))
}

// The program's other goroutines have their turn after a slice or soon after,
// however long the last one took.
func TestPaceYields(t *testing.T) {
	p := pace{stride: 1, left: 1, ran: maxDue}
	p.due = maxDue
	p.over(false, 64)
	assert.Zero(t, p.ran, "since the turn of the others")
	assert.GreaterOrEqual(t, p.due, slice)
	before := p.due
	p.left, p.stride, p.read = 1, 1, time.Since(epoch)+time.Hour // it seems to take no time
	p.over(false, 64)
	assert.Equal(t, before, p.due, "no yield before it is due")
	p.left, p.ran, p.due, p.asked = 1, 0, time.Hour, true
	p.over(false, 64)
	assert.Less(t, p.due, time.Hour, "a yield that was asked for")
	assert.False(t, p.asked)
}

// Yields take a tenth of the time, less where that is too long for the others
// to wait, and half where the others do not let go.
func TestPaceOfYields(t *testing.T) {
	for took, due := range map[time.Duration]time.Duration{
		0:                     slice,
		time.Microsecond:      10 * time.Microsecond,
		50 * time.Microsecond: maxDue,
		40 * time.Millisecond: 40 * time.Millisecond,
	} {
		p := pace{ran: time.Second}
		p.yielded(took)
		assert.Equal(t, due, p.due, took)
		assert.Zero(t, p.ran)
	}
}
