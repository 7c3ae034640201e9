package pool

import (
	"runtime"
	"time"
)

// slice is for how long a worker goes on as it likes. Then those in the queue
// come first, and the other goroutines of the program may have their turn: Go
// would take the processor from the worker only after ten milliseconds.
const slice = 5 * time.Microsecond

// maxDue is how long the other goroutines wait for their turn at most, unless
// they take longer.
const maxDue = 20 * slice

// maxStride bounds how far a worker trusts that turns remain as short as they
// were.
const maxStride = 64

// A pace measures the turns of a worker. To read the clock takes as long as a
// short turn does, so it is read after a stride: as many turns as should fill
// a slice.
type pace struct {
	stride int
	left   int           // of the stride
	read   time.Duration // when the clock was read last
	more   bool          // a turn of this stride used its budget up
	asked  bool          // a goroutine that may wait for its reply needs a processor
	budget int           // messages that a turn may handle: those of a slice
	ran    time.Duration // since the other goroutines had their turn
	due    time.Duration // after how long they have the next
}

var epoch = time.Now()

// start is for a worker that has arrived.
func (p *pace) start() {
	p.stride, p.budget = max(p.stride, 1), max(p.budget, 1)
	p.left = p.stride
	p.read = time.Since(epoch)
}

// over is called after each turn and reports whether the slice is over.
// A budget is at most limit.
func (p *pace) over(more bool, limit int) bool {
	p.more = p.more || more
	if p.left--; p.left > 0 {
		return false
	}
	took := p.lap()
	p.adapt(took, limit)
	if p.ran += took; p.ran >= p.due || p.asked {
		p.yield()
	}
	return true
}

// lap returns the time since the clock was read last.
func (p *pace) lap() time.Duration {
	before := p.read
	p.read = time.Since(epoch)
	return p.read - before
}

// adapt sets the next stride, and the budget, after a stride that took so
// long. Turns that left nothing behind say nothing about the budget.
func (p *pace) adapt(took time.Duration, limit int) {
	each := took / time.Duration(p.stride)
	switch {
	case !p.more:
	case each > slice:
		p.budget = max(1, int(time.Duration(p.budget)*slice/each))
	case each < slice/2:
		p.budget = min(2*p.budget, limit)
	}
	p.more = false
	fits := slice / max(each, 1)
	p.stride = max(1, min(int(fits), 2*p.stride, maxStride))
	p.left = p.stride
}

// yield lets the other goroutines of the program run.
func (p *pace) yield() {
	runtime.Gosched()
	p.yielded(p.lap())
}

// yielded sets when to yield next, after a yield that took so long. It is
// worth a tenth of the worker's time: where a processor is free nobody needs
// it, and yet it takes microseconds, as Go wakes that one up. Those who run
// until the processor is taken from them, after milliseconds, would leave the
// worker nothing: it runs for as long as they did.
func (p *pace) yielded(took time.Duration) {
	p.due = max(slice, min(10*took, maxDue), took)
	p.ran, p.asked = 0, false
}
