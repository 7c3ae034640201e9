package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
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

// A module of somebody else's checks a runtime of its own: what the page on
// how to write one begins with, word for word.
func TestRunsOutsideThisModule(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	_, here, _, _ := runtime.Caller(0)
	root := filepath.Dir(filepath.Dir(here))
	dir := t.TempDir()
	goMod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	_, requires, _ := strings.Cut(string(goMod), "require")
	write(t, dir, "go.mod", strings.ReplaceAll(outsideMod, "ROOT", root)+"\nrequire"+requires)
	goSum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	write(t, dir, "go.sum", string(goSum))
	page := goBlocks(t, filepath.Join(root, "docs", "runtimes.md"))
	write(t, dir, "mine.go", page[0])
	write(t, dir, "mine_test.go", page[1])
	cmd := exec.CommandContext(t.Context(), "go", "test", "-mod=mod", "-v", "-run", "Conformance", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "--- PASS: TestConformance/wait/deep-chain")
}

var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// goBlocks are the Go files that a page shows.
func goBlocks(t *testing.T, file string) (blocks []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, m := range goBlock.FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

const outsideMod = `module example.com/mine

go 1.25

require github.com/troupe-go/troupe v0.0.0

replace github.com/troupe-go/troupe => ROOT
`
