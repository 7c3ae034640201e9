package conformance_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/conformance"
)

// TestRed is what the next test runs in another process: it must fail.
func TestRed(t *testing.T) {
	if os.Getenv("CONFORMANCE_RED") == "" {
		t.Skip("it is there to fail")
	}
	conformance.Run(t, wrong, conformance.Deadline(soon),
		conformance.Only("wake/none-is-lost", "attach/calls-no-turn", "pinned/one-thread"),
		conformance.Skip("attach/calls-no-turn", "it never calls it"))
}

// A broken rule turns go test red, and its output says which.
func TestGoTestTurnsRed(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRed$", "-test.v")
	cmd.Env = append(os.Environ(), "CONFORMANCE_RED=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "%s", out)
	assert.Equal(t, 1, exit.ExitCode())
	for _, want := range []string{
		"--- FAIL: TestRed/wake/none-is-lost",
		"wake/none-is-lost: the Turn after Wake 1 did not happen within 50ms (rule: Each Wake is answered by a Turn, however many there are.) [wake.go:",
		"--- SKIP: TestRed/attach/calls-no-turn",
		"attach/calls-no-turn is skipped: it never calls it",
	} {
		assert.Contains(t, string(out), want)
	}
}
