package locked_test

import (
	"os"
	"runtime"
	"testing"

	"github.com/troupe-go/troupe/internal/testkit"
)

// A test that needs a process of its own runs its test binary again, with
// the name of a program in the environment.
const childVar = "LOCKED_TEST_CHILD"

var children = map[string]func(){}

func init() {
	if os.Getenv(childVar) != "" {
		runtime.LockOSThread() // as a program does that uses Main
	}
}

func TestMain(m *testing.M) {
	if child := children[os.Getenv(childVar)]; child != nil {
		child()
		return
	}
	testkit.Main(m)
}
