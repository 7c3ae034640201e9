package locked_test

import (
	"testing"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/locked"
)

func TestConformance(t *testing.T) {
	t.Run("own-threads", func(t *testing.T) {
		conformance.Run(t, func(conformance.TB) core.Runtime { return locked.New() })
	})
	t.Run("shared-threads", func(t *testing.T) {
		conformance.Run(t, func(conformance.TB) core.Runtime { return locked.New(locked.Threads(2)) })
	})
}
