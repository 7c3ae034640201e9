package core

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// A receiver reads a batch while senders push. On many processors that is
// quick only if it writes to nothing of the actor meanwhile, as each write
// takes the line away from the senders: it keeps its place in the batch.
func TestReadingABatchWritesNothingOfTheActor(t *testing.T) {
	m := newQueueModel(t)
	for range 3 * largeSegment {
		m.push()
	}
	m.c.take(&m.b, len(m.want))
	image := unsafe.Slice((*byte)(unsafe.Pointer(m.c)), unsafe.Sizeof(*m.c))
	before := string(image)
	for m.b.n > 0 {
		m.b.read()
	}
	require.True(t, before == string(image), "the actor is as it was")
}
