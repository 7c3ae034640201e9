package conformance_test

import (
	"testing"

	"github.com/troupe-go/troupe/conformance"
)

func BenchmarkGoroutine(b *testing.B) { conformance.Bench(b, right) }
