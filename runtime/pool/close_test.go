package pool

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startClosing calls Close while it has something to wait for.
func startClosing(t *testing.T, r *Runtime) {
	t.Helper()
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	require.Error(t, r.Close(ended))
	select {
	case <-r.ended:
		t.Fatal("Close does not wait")
	default:
	}
}

// Close waits for each of these, though there is none of the others.
func TestCloseWaits(t *testing.T) {
	for what, add := range map[string]func(r *Runtime, n int){
		"for an actor":           func(r *Runtime, n int) { r.attached += n },
		"for a worker":           func(r *Runtime, n int) { r.workers += n },
		"for a plain goroutine":  func(r *Runtime, n int) { r.spawned.Add(int32(n)) },
		"for the monitor":        func(r *Runtime, n int) { r.watched.Store(n > 0) },
		"for a worker to arrive": func(r *Runtime, n int) { r.slots.word.Add(uint64(n) * uint64(coming)) },
	} {
		t.Run(what, func(t *testing.T) {
			r := New(1)
			add(r, 1)
			startClosing(t, r)
			add(r, -1)
			assert.NoError(t, r.Close(closing(t)))
		})
	}
}

// Close hears of a goroutine of the pool's that ends last.
func TestCloseWaitsForGoroutine(t *testing.T) {
	r := New(1)
	release := make(chan struct{})
	r.spawn(func() { <-release })
	startClosing(t, r)
	close(release)
	assert.NoError(t, r.Close(closing(t)))
}

// Close hears of a worker that arrives last, and finds nobody.
func TestCloseWaitsForArrival(t *testing.T) {
	r := New(1)
	r.slots.word.Add(uint64(coming))
	startClosing(t, r)
	r.work()
	assert.NoError(t, r.Close(closing(t)))
}
