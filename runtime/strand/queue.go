package strand

// A task is a thing to run: a turn of place, or the turn that waited on a
// coroutine.
type task struct {
	place  *place
	waited *coroutine
}

// A queue is first in, first out. It is a ring that grows and does not
// shrink below what it once held.
type queue struct {
	ring []task // its length is a power of two
	head int
	n    int
}

func (q *queue) empty() bool { return q.n == 0 }

func (q *queue) push(t task) {
	if q.n == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = t
	q.n++
}

func (q *queue) grow() {
	ring := make([]task, max(16, 2*len(q.ring)))
	n := copy(ring, q.ring[q.head:])
	copy(ring[n:], q.ring[:q.head])
	q.ring, q.head = ring, 0
}

// pop takes the first task, the zero task if there is none.
func (q *queue) pop() (t task) {
	if q.n == 0 {
		return t
	}
	t, q.ring[q.head] = q.ring[q.head], task{}
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
	return t
}
