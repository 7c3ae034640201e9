package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A module with one rule that is tested, and one that only seems to be.
const (
	goMod  = "module tiny\n\ngo 1.25\n"
	source = `package tiny

func Double(n int) int { return 2 * n }

func Triple(n int) int { return 3 * n }

func Wait(ready chan int) int { return <-ready }
`
	tests = `package tiny

import "testing"

func TestDouble(t *testing.T) {
	if Double(2) != 4 {
		t.Fatal("wrong")
	}
}

func TestTriple(t *testing.T) { Triple(2) }

func TestWait(t *testing.T) {
	ready := make(chan int, 1)
	ready <- 1
	Wait(ready)
}
`
)

func newEngine(t *testing.T) (*engine, *strings.Builder) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for name, text := range map[string]string{"go.mod": goMod, "tiny.go": source, "tiny_test.go": tests} {
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o600))
	}
	out := new(strings.Builder)
	return &engine{root: root, pkg: ".", timeout: 2 * time.Second, jobs: 2, out: out}, out
}

func TestEngine(t *testing.T) {
	wrong := mutant{"rule", "tiny.go", "2 * n", "2 + n + 1", "TestDouble"}
	hangs := mutant{"rule", "tiny.go", "<-ready", "<-ready + <-ready", "TestTriple|TestWait"}
	unseen := mutant{"rule", "tiny.go", "3 * n", "4 * n", "TestTriple"}
	tests := []struct {
		name   string
		all    []mutant
		killed bool
		says   string
	}{
		{"killed", []mutant{wrong, hangs}, true, "2 of 2 mutants killed"},
		{"survives", []mutant{wrong, unseen}, false, "survived: TestTriple passed"},
		{"oldTextGone", []mutant{{"rule", "tiny.go", "5 * n", "n", "TestDouble"}}, false, "there 0 times, want 1"},
		{"oldTextTwice", []mutant{{"rule", "tiny.go", " * n", " + n", "TestDouble"}}, false, "there 2 times, want 1"},
		{"doesNotBuild", []mutant{{"rule", "tiny.go", "2 * n", "2 * m", "TestDouble"}}, false, "does not build"},
		{"noSuchFile", []mutant{{"rule", "gone.go", "2 * n", "n", "TestDouble"}}, false, "gone.go"},
		{"noSuchTest", []mutant{{"rule", "tiny.go", "2 * n", "n", "TestDouble|TestGone"}}, false, `there is no test "TestGone"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e, out := newEngine(t)
			assert.Equal(t, test.killed, e.run(test.all), out.String())
			assert.Contains(t, out.String(), test.says)
		})
	}
}

// Tests that are red already kill nothing.
func TestEngineWantsAGreenBaseline(t *testing.T) {
	e, out := newEngine(t)
	path := filepath.Join(e.root, "tiny.go")
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(source, "2 * n", "7", 1)), 0o600))
	assert.False(t, e.run([]mutant{{"rule", "tiny.go", "3 * n", "n", "TestDouble"}}))
	assert.Contains(t, out.String(), "the tests fail with nothing broken")
}

// The list itself is sound as far as that can be seen without running it.
func TestMutants(t *testing.T) {
	root, err := moduleRoot()
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(mutants), 41)
	for _, m := range mutants {
		src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.file)))
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(string(src), m.old), "the old text of %v", m)
		assert.NotEqual(t, m.old, m.new, "%v", m)
		assert.NotEmpty(t, m.tests, "%v", m)
	}
}
