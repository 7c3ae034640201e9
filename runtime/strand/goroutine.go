package strand

import (
	"bytes"
	"runtime"
)

// A goroutine is what can be told of one. Leaving a coroutine from another
// goroutine than its own, or with its thread held, ends the process, so both
// are proved first. A frame of core's on the stack is no proof that a turn is
// this one, and Go has no other way than the header of a stack trace:
//
//	goroutine 7 [running, locked to thread]:
type goroutine struct {
	id     string
	locked bool
}

func thisGoroutine() goroutine {
	var buf [64]byte
	header := buf[:runtime.Stack(buf[:], false)]
	if end := bytes.IndexByte(header, '\n'); end >= 0 {
		header = header[:end]
	}
	id, state, _ := bytes.Cut(bytes.TrimPrefix(header, []byte("goroutine ")), []byte(" "))
	return goroutine{string(id), bytes.Contains(state, []byte("locked to thread"))}
}
