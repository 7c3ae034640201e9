package scenarios

import (
	"testing"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) {
	harness.Child(faultyScenarios())
	testkit.Main(m)
}
