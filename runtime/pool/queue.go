package pool

// An entry of the queue is an actor that is ready to run, or a turn that has
// waited and is ready to go on; one of the two is nil.
type entry struct {
	place   *place
	seat    *seat
	outside bool // no actor of the Runtime made it ready
}

const blockSize = 128

type block struct {
	entries [blockSize]entry
	next    *block
}

// A queue is first in, first out. It keeps no more memory than what is in it
// needs, and one block.
type queue struct {
	head, tail *block // nil until something has been pushed
	first, end int    // in head, and in tail
	spare      *block
}

func (q *queue) push(e entry) {
	if q.tail == nil || q.end == blockSize {
		q.grow()
	}
	q.tail.entries[q.end] = e
	q.end++
}

func (q *queue) grow() {
	b := q.spare
	q.spare = nil
	if b == nil {
		b = new(block)
	}
	if q.tail == nil {
		q.head = b
	} else {
		q.tail.next = b
	}
	q.tail, q.end = b, 0
}

// pop returns the first entry, the zero entry if there is none.
func (q *queue) pop() (e entry) {
	if q.head == nil || q.head == q.tail && q.first == q.end {
		return e
	}
	e = q.head.entries[q.first]
	q.head.entries[q.first] = entry{}
	q.first++
	switch {
	case q.head == q.tail && q.first == q.end:
		q.first, q.end = 0, 0
	case q.first == blockSize:
		done := q.head
		q.head, q.first = done.next, 0
		done.next = nil
		q.spare = done
	}
	return e
}
