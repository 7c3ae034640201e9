package scenarios

import (
	"sync/atomic"

	"github.com/troupe-go/troupe/bench/harness"
)

// A finish is what a job waits for: that all who are expected are done, or that
// one of them has got what it should not have. The job then fails at once,
// though others may never be done.
type finish struct {
	left atomic.Int64
	said chan string
}

func newFinish() *finish { return &finish{said: make(chan string, 1)} }

// expect adds n who are to be done.
func (f *finish) expect(n int) { f.left.Add(int64(n)) }

// done says that one of them is.
func (f *finish) done() {
	if f.left.Add(-1) == 0 {
		f.say("")
	}
}

// wrong says what one of them should not have got. Only the first is heard.
func (f *finish) wrong(what string) { f.say(what) }

func (f *finish) say(what string) {
	select {
	case f.said <- what:
	default:
	}
}

// wait waits until all are done, and fails if one of them got something wrong.
func (f *finish) wait(r *harness.Run) {
	if what := <-f.said; what != "" {
		r.Failf("%s", what)
	}
}

// end fails if something wrong came after the last wait.
func (f *finish) end(r *harness.Run) {
	select {
	case what := <-f.said:
		r.Failf("%s", what)
	default:
	}
}

// notItsOwn is said of a message that is another actor's, or out of its order,
// or there twice, or that comes where one was lost.
const notItsOwn = "a message was lost, or sent twice, to another actor or out of order"
