package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// goSources is the folder of Go's own source.
func goSources(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(root)) + "/src"
}

// countTree counts the files below dir, one after the other, by plainCount.
func countTree(t *testing.T, dir string) (counts map[string]int64, total report) {
	t.Helper()
	counts = map[string]int64{}
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := fs.ReadFile(tree, path)
		if err != nil || !plainText(string(text)) {
			total.skipped++
			return nil
		}
		some, words := plainCount(string(text))
		for word, n := range some {
			counts[word] += n
		}
		total.files++
		total.words += words
		total.bytes += int64(len(text))
		return nil
	})
	require.NoError(t, err)
	return counts, total
}

// On Go's own source tree the program agrees with a count of another kind, in
// every word.
func TestGoSourceTree(t *testing.T) {
	if testing.Short() || testkit.Race {
		t.Skip("reads 100 MB twice")
	}
	dir := goSources(t)
	counts, want := countTree(t, dir)

	cfg, err := parse([]string{"-top", "100000000", dir}, new(bytes.Buffer))
	require.NoError(t, err)
	cfg.stderr = new(bytes.Buffer)
	got, err := count(t.Context(), core.NewSystem(goroutine.New()), cfg)
	require.NoError(t, err)
	assert.Equal(t, want.files, got.files)
	assert.Equal(t, want.skipped, got.skipped)
	assert.Equal(t, want.bytes, got.bytes)
	assert.Equal(t, want.words, got.words)
	require.Len(t, got.top, len(counts))
	for _, f := range got.top {
		require.Equal(t, counts[f.word], f.n, f.word)
	}
	t.Logf("%d files, %d words, %d bytes, %d skipped, %d different words", got.files, got.words, got.bytes, got.skipped, len(counts))
}

// A generator makes text out of a few words, and watches the heap while that
// is read.
type generator struct {
	left  int
	line  []byte
	peak  uint64
	since int
}

func (g *generator) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && g.left > 0 {
		k := copy(p[n:min(len(p), n+g.left)], g.line)
		n, g.left = n+k, g.left-k
	}
	if g.since += n; g.since >= 1<<20 {
		g.since = 0
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		g.peak = max(g.peak, m.HeapAlloc)
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// The memory that the program takes does not grow with its input.
func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("counts 200 MB")
	}
	size := 200 << 20
	if testkit.Race {
		size = 20 << 20
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	g := &generator{left: size, line: []byte("The quick brown fox jumps over the lazy dog; 42 times, or so they say.\n")}
	var stdout bytes.Buffer // no deadline, as so much takes its time on a busy machine
	exit := run(t.Context(), []string{"-workers", "4", "-"}, g, &stdout, io.Discard)
	assert.Equal(t, exitOK, exit)
	assert.Contains(t, stdout.String(), fmt.Sprintf("bytes=%d skipped=0", size))
	assert.Less(t, int64(g.peak)-int64(before.HeapAlloc), int64(24<<20), "peak of the heap, above what it was")
}
