package core

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A queueModel drives the inbox of one cell, which runs on nothing, beside a
// plain slice.
type queueModel struct {
	t    *testing.T
	c    *cell[int]
	b    batch[int]
	next int // the number to push
	want []int
	free *segment[int] // a segment got outside the lock and not needed
}

func newQueueModel(t *testing.T) *queueModel {
	c := new(cell[int])
	c.kind = new(kind)
	return &queueModel{t: t, c: c}
}

// push does what send does under the lock.
func (m *queueModel) push() {
	spare := m.free
	if spare == nil && !m.c.hasRoom() {
		spare = getSegment[int](&m.c.kind.segments, m.c.tail != nil)
	}
	m.c.push(Envelope[int]{Msg: m.next}, &spare)
	m.free = spare
	m.want = append(m.want, m.next)
	m.next++
	m.check()
}

// take begins a batch of at most n, with the last one given back.
func (m *queueModel) take(n int) {
	m.commit()
	m.c.take(&m.b, n)
	if m.b.n != min(n, len(m.want)) {
		m.t.Fatalf("a batch of %d, want %d of %d", m.b.n, n, len(m.want))
	}
	m.check()
}

// read reads one message of the batch, if it has one.
func (m *queueModel) read() {
	if m.b.n == 0 {
		return
	}
	if e := m.b.read(); e.Msg != m.want[0] {
		m.t.Fatalf("read %d, want %d", e.Msg, m.want[0])
	}
	m.want = m.want[1:]
	m.check()
}

func (m *queueModel) commit() {
	drained := m.c.commit(&m.b)
	for s := drained; s != nil; s = s.next {
		for _, slot := range s.slots {
			if slot != (Envelope[int]{}) {
				m.t.Fatal("a recycled segment that still holds a message")
			}
		}
	}
	m.c.recycle(drained)
	m.check()
}

func (m *queueModel) check() {
	if got := int(m.c.left) + m.b.n; got != len(m.want) || m.c.pushed != uint64(m.next) {
		m.t.Fatalf("%d left and %d pushed, want %d and %d", got, m.c.pushed, len(m.want), m.next)
	}
}

// drain reads all that is left.
func (m *queueModel) drain() {
	for len(m.want) > 0 {
		m.take(1 + len(m.want)/2)
		for m.b.n > 0 {
			m.read()
		}
	}
	m.commit()
}

// P45: pushes, partial batches and reads in any order keep the order and the count of messages.
func TestQueueAgainstASlice(t *testing.T) {
	for range 25 {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 0))
		m := newQueueModel(t)
		longest := []int{1, 2, smallSegment, smallSegment + 2, largeSegment, 3 * largeSegment}[r.IntN(6)]
		for range 400 {
			switch r.IntN(4) {
			case 0:
				for range r.IntN(longest + 1) {
					m.push()
				}
			case 1:
				m.take(1 + r.IntN(longest+1))
			case 2:
				for range r.IntN(longest + 1) {
					m.read()
				}
			case 3:
				m.push()
			}
			// A turn that is cut short gives a batch back of which it has read the first at least.
			if m.b.n > 0 && !m.b.one && r.IntN(8) == 0 {
				m.commit()
			}
			for m.b.one { // it always reads the first
				m.read()
			}
		}
		m.drain()
		require.Nil(t, m.c.tail, "an empty inbox holds no segment")
		require.Zero(t, m.c.one)
	}
}

// P45: at the boundaries of the slot in the cell and of small and large segments nothing is lost.
func TestQueueBoundaries(t *testing.T) {
	for _, n := range []int{
		0, 1, 2, smallSegment, smallSegment + 1, smallSegment + 2,
		smallSegment + largeSegment, smallSegment + largeSegment + 1, smallSegment + largeSegment + 2,
	} {
		for _, batch := range []int{1, 2, smallSegment, largeSegment, 2 * largeSegment} {
			m := newQueueModel(t)
			for range n {
				m.push()
			}
			for late := n; len(m.want) > 0; late-- {
				m.take(batch)
				if late > 0 { // while the batch is read
					m.push()
				}
				for m.b.n > 0 {
					m.read()
				}
			}
			m.commit()
			require.Nil(t, m.c.tail, "%d messages in batches of %d", n, batch)
		}
	}
}

// P48: one message needs no segment, a few need a small one, and many need large ones.
func TestQueueSegments(t *testing.T) {
	m := newQueueModel(t)
	m.push()
	require.Nil(t, m.c.tail)
	for range smallSegment {
		m.push()
	}
	require.Len(t, m.c.tail.slots, smallSegment)
	m.push()
	require.Len(t, m.c.tail.slots, largeSegment)
	require.NotEqual(t, m.c.tail, m.c.tail.next)
	m.drain()
	for range 10 { // messages that come and go one by one
		m.push()
		m.take(1)
		m.read()
		require.Nil(t, m.c.tail)
	}
}

// P68: a message that has been read, and a segment that has been given back, hold nothing.
func TestQueueLetsGo(t *testing.T) {
	m := newQueueModel(t)
	for range 3 * largeSegment {
		m.push()
	}
	m.take(len(m.want))
	for m.b.n > 0 {
		lo, seg := m.b.lo, m.b.seg
		m.read()
		if m.b.seg == seg && m.b.lo == lo+1 {
			if seg.slots[lo] != (Envelope[int]{}) {
				t.Fatal("a slot that has been read still holds its message")
			}
		}
	}
	m.commit()
	require.Zero(t, m.c.one)
	require.Zero(t, m.b.first)
}
