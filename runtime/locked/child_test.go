package locked_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// run runs one of the children and returns what it printed.
func run(t *testing.T, cmd *exec.Cmd, child string) (out string, err error) {
	t.Helper()
	cmd.Env = append(os.Environ(), childVar+"="+child)
	text, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(text)), err
}

func self(t *testing.T) *exec.Cmd { return exec.CommandContext(t.Context(), os.Args[0]) }
