package single_test

import (
	"testing"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/examples/customruntime/single"
)

func TestConformance(t *testing.T) {
	conformance.Run(t, func(conformance.TB) core.Runtime { return single.New() })
}
