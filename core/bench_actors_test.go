package core_test

import (
	"context"
	"sync"
	"testing"

	"github.com/troupe-go/troupe/core"
)

// last is the message that is to be answered on the meter's channel.
const last = -1

// A meter counts messages, and tells how many there were at the last.
type meter struct {
	n    int
	done chan int
}

func (c *meter) Receive(_ context.Context, msg int) (any, error) {
	c.n++
	if msg == last {
		c.done <- c.n
		c.n = 0
	}
	return 1, nil
}

// produce has k producers send n messages among them, and one more.
func produce(k, n int, send func(int)) {
	var all sync.WaitGroup
	for i := range k {
		all.Go(func() {
			for range n/k + min(1, max(0, n%k-i)) {
				send(0)
			}
		})
	}
	all.Wait()
	send(last)
}

func checkCount(b testing.TB, what string, got, want int) {
	b.Helper()
	if got != want {
		b.Fatalf("%s: %d, want %d", what, got, want)
	}
}

func must[T any](b testing.TB) func(T, error) T {
	return func(v T, err error) T {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
}

func spawnMeter(b testing.TB, sys *core.System, opts ...core.Option) (core.Ref[int], *meter) {
	c := &meter{done: make(chan int, 1)}
	ref := must[core.Ref[int]](b)(core.Spawn(sys, c, opts...))
	must[any](b)(ref.Call(context.Background(), 0)) // it has started
	c.n = 0
	return ref, c
}

// A slicebox is the inbox that one writes by hand.
type slicebox struct {
	mu     sync.Mutex
	cond   sync.Cond
	queue  []int
	closed bool
}

func newSlicebox() *slicebox {
	s := new(slicebox)
	s.cond.L = &s.mu
	return s
}

func (s *slicebox) push(msg int) {
	s.mu.Lock()
	s.queue = append(s.queue, msg)
	s.mu.Unlock()
	s.cond.Signal()
}

func (s *slicebox) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cond.Signal()
}

// swap waits for messages and takes them all; none are left if it returns
// none. The slice that it is given is used again.
func (s *slicebox) swap(empty []int) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) == 0 && !s.closed {
		s.cond.Wait()
	}
	full := s.queue
	s.queue = empty[:0]
	return full
}

// serve handles until the box is closed.
func (s *slicebox) serve(c *meter) {
	var batch []int
	for {
		batch = s.swap(batch)
		if len(batch) == 0 {
			return
		}
		for _, msg := range batch {
			_, _ = c.Receive(context.Background(), msg)
		}
	}
}

// A desk is a goroutine that answers what comes in by a channel.
type desk struct{ in, out chan int }

func openDesk(b testing.TB) desk {
	d := desk{make(chan int), make(chan int)}
	go func() {
		for range d.in {
			d.out <- 1
		}
	}()
	b.Cleanup(func() { close(d.in) })
	return d
}

// lockedCall is a call as it is without actors.
type lockedCall struct {
	mu sync.Mutex
	c  meter
}

func (l *lockedCall) call() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, _ := l.c.Receive(context.Background(), 0)
	return v.(int)
}
