package pool

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

// cacheLine is what the processors of today pass to each other, on amd64 and
// most of arm64. Two cores do not show what it costs to share one; many do.
const cacheLine = 64

// Every ready actor and every guest swaps the tally, so nothing that others
// only read may be in its line.
func TestTheSlotsHaveALineOfTheirOwn(t *testing.T) {
	var r Runtime
	begin := unsafe.Offsetof(r.slots)
	end := begin + unsafe.Sizeof(r.slots)
	assert.GreaterOrEqual(t, begin-(unsafe.Offsetof(r.timer)+unsafe.Sizeof(r.timer)), uintptr(cacheLine))
	assert.GreaterOrEqual(t, unsafe.Offsetof(r.mu)-end, uintptr(cacheLine))
}

// Callers of different actors take different guests, and are to meet nowhere
// but at the slots.
func TestGuestsShareNoLine(t *testing.T) {
	var g guests
	assert.GreaterOrEqual(t, unsafe.Sizeof(g[0])-unsafe.Sizeof(g[0].worker), uintptr(cacheLine))
}
