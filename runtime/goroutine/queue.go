package goroutine

// A queue is first in, first out. It is a ring that grows and does not
// shrink below what it once held.
type queue struct {
	ring []*place // its length is a power of two
	head int
	n    int
}

func (q *queue) empty() bool { return q.n == 0 }

func (q *queue) push(p *place) {
	if q.n == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = p
	q.n++
}

func (q *queue) grow() {
	ring := make([]*place, max(16, 2*len(q.ring)))
	n := copy(ring, q.ring[q.head:])
	copy(ring[n:], q.ring[:q.head])
	q.ring, q.head = ring, 0
}

func (q *queue) pop() *place {
	if q.n == 0 {
		return nil
	}
	p := q.ring[q.head]
	q.ring[q.head] = nil
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
	return p
}
