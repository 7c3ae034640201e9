package main

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// A report is what the program prints, and how it went.
type report struct {
	result
	files, skipped int64
	runtime        string
	start          time.Time
	interrupted    bool
	badPaths       int // arguments that could not be read
}

func (r report) print(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, f := range r.top {
		fmt.Fprintln(out, f.word, f.n)
	}
	elapsed := time.Since(r.start).Round(time.Millisecond)
	fmt.Fprintf(out, "files=%d words=%d bytes=%d skipped=%d runtime=%s elapsed=%v\n",
		r.files, r.words, r.bytes, r.skipped, r.runtime, elapsed)
	return out.Flush()
}
