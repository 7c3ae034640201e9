package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// A progress is how far the walk has come. The walker writes it, and anybody
// may read it.
type progress struct {
	files, skipped, bytes atomic.Int64

	mu      sync.Mutex // guards these
	out     io.Writer
	shown   bool // a progress line is on the terminal
	stopped chan struct{}
	ticking sync.WaitGroup
}

// newProgress writes to out, a line of progress only if that is a terminal.
func newProgress(out io.Writer) *progress {
	p := &progress{out: out, stopped: make(chan struct{})}
	if isTerminal(out) {
		p.ticking.Go(p.tick)
	}
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *progress) tick() {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.show()
		case <-p.stopped:
			return
		}
	}
}

const eraseLine = "\r\x1b[K"

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = true
	fmt.Fprintf(p.out, eraseLine+"%d files, %d MB", p.files.Load(), p.bytes.Load()>>20)
}

// erase takes the progress line away, under mu.
func (p *progress) erase() {
	if p.shown {
		p.shown = false
		fmt.Fprint(p.out, eraseLine)
	}
}

// skip counts and names a file that is not counted.
func (p *progress) skip(name string, why error) {
	p.skipped.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	fmt.Fprintf(p.out, "wordcount: skipped %s: %v\n", name, why)
}

// stop takes the progress line away for good.
func (p *progress) stop() {
	close(p.stopped)
	p.ticking.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
}
