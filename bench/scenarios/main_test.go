package scenarios_test

import (
	"testing"

	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
