package goroutine_test

import (
	"testing"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

func TestConformance(t *testing.T) {
	conformance.Run(t, func(conformance.TB) core.Runtime { return goroutine.New() }, conformance.Strict())
}
