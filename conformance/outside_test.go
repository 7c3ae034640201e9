package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var outside atomic.Bool

// A module of somebody else's checks the runtimes of the page on how to write
// one, word for word, as the page has them after each step.
func TestRunsOutsideThisModule(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds modules")
	}
	if outside.Swap(true) {
		t.Skip("it has run: -cpu and -count change nothing in a module outside")
	}
	page := goBlocks(t, "../docs/runtimes.md")
	require.Len(t, page, 5)
	first, suite, slots, parker, inliner := page[0], page[1], page[2], page[3], page[4]
	ofSlots := strings.ReplaceAll(suite, "mine.Runtime{}", "mine.New(2)")

	t.Run("least", func(t *testing.T) {
		t.Parallel()
		out, err := testOutside(t, "Conformance", map[string]string{"mine.go": first, "mine_test.go": suite})
		require.NoError(t, err, "%s", out)
		assert.Contains(t, out, "--- PASS: TestConformance/wait/deep-chain")
	})
	t.Run("slots", func(t *testing.T) {
		t.Parallel()
		out, err := testOutside(t, "Conformance/(close|wait)/(again|gives-its-place)",
			map[string]string{"mine.go": slots, "mine_test.go": ofSlots})
		require.Error(t, err, "%s", out)
		assert.Contains(t, out, "--- PASS: TestConformance/close/again")
		assert.Contains(t, out, "--- FAIL: TestConformance/wait/gives-its-place")
	})
	t.Run("complete", func(t *testing.T) {
		t.Parallel()
		out, err := testOutside(t, "Conformance", map[string]string{
			"mine.go": slots, "park.go": parker, "inline.go": inliner, "mine_test.go": ofSlots,
		})
		require.NoError(t, err, "%s", out)
		for _, id := range []string{"close/again", "wait/gives-its-place", "park/parks-again", "inline/may-wait"} {
			assert.Contains(t, out, "--- PASS: TestConformance/"+id)
		}
	})
}

// testOutside runs the tests of a module with those files.
func testOutside(t *testing.T, run string, files map[string]string) (out string, err error) {
	t.Helper()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	for name, text := range files {
		write(t, dir, name, text)
	}
	_, requires, _ := strings.Cut(read(t, root, "go.mod"), "require")
	write(t, dir, "go.mod", strings.ReplaceAll(outsideMod, "ROOT", root)+"\nrequire"+requires)
	write(t, dir, "go.sum", read(t, root, "go.sum"))
	cmd := exec.CommandContext(t.Context(), "go", "test", "-mod=mod", "-v", "-run", run, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	text, err := cmd.CombinedOutput()
	return string(text), err
}

var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// goBlocks are the Go files that a page shows.
func goBlocks(t *testing.T, file string) (blocks []string) {
	t.Helper()
	for _, m := range goBlock.FindAllStringSubmatch(read(t, "", file), -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(text)
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
