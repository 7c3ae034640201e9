package testkit

import (
	"bytes"
	"context"
	"runtime"
	"strconv"
	"sync"
)

// Waiting returns a context like ctx and a channel that is closed once
// somebody has asked for the context's Done channel, which a wait does when
// all it has to do before it sleeps is done.
func Waiting(ctx context.Context) (context.Context, <-chan struct{}) {
	w := &waiting{Context: ctx, asked: make(chan struct{})}
	return w, w.asked
}

type waiting struct {
	context.Context
	asked chan struct{}
	once  sync.Once
}

func (w *waiting) Done() <-chan struct{} {
	w.once.Do(func() { close(w.asked) })
	return w.Context.Done()
}

// Goroutine is the number of the calling goroutine, for tests of what runs
// where.
func Goroutine() int {
	var buf [64]byte
	b := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	n, err := strconv.Atoi(string(b[:bytes.IndexByte(b, ' ')]))
	if err != nil {
		panic(err)
	}
	return n
}
