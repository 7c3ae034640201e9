package testkit

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is wrong no more is forgotten; what stays wrong is said.
func TestInTime(t *testing.T) {
	calls := 0
	check := func() error {
		if calls++; calls < 3 {
			return assert.AnError
		}
		return nil
	}
	assert.NoError(t, inTime(check, Patience))
	assert.Equal(t, 3, calls)
	assert.Same(t, assert.AnError, inTime(func() error { return assert.AnError }, 0))
}
