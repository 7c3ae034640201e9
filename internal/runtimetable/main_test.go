package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestTable(t *testing.T) {
	result := func(id, failure, skipped, lacks string) conformance.Result {
		return conformance.Result{Rule: conformance.Rule{ID: id, Must: true}, Failure: failure, Skipped: skipped, Lacks: lacks}
	}
	good := &conformance.Report{Results: []conformance.Result{result("wake/a", "", "", ""), result("wait/b", "", "", "Parker")}}
	bad := &conformance.Report{Results: []conformance.Result{result("wake/a", "no", "", ""), result("wait/b", "", "why", "")}}
	const want = `| area | goroutine | pool | locked | customruntime |
| --- | --- | --- | --- | --- |
| wake | ✓ | ✗ | ✓ | ✓ |
| wait | – | ✓ MUST | – | – |
`
	assert.Equal(t, want, table([]*conformance.Report{good, bad, good, good}))
}

func TestRewrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(file, []byte("before\n"+begin+"old\n"+end+"\nafter\n"), 0o600))
	require.NoError(t, rewrite(file, "new\n"))
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "before\n"+begin+"new\n"+end+"\nafter\n", string(got))

	require.NoError(t, os.WriteFile(file, []byte("nothing"), 0o600))
	assert.ErrorContains(t, rewrite(file, "new\n"), "has no markers for the table")
	assert.Error(t, rewrite(filepath.Join(t.TempDir(), "none"), ""))
}
