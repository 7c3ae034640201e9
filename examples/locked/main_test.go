//go:build linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/internal/testkit"
)

// TestMain is the program itself in a child of the test.
func TestMain(m *testing.M) {
	if os.Getenv("LOCKED_MAIN") != "" {
		main()
		return
	}
	testkit.Main(m)
}

// The names are read from outside the program, while its actors live.
func TestThreadNames(t *testing.T) {
	cmd := exec.CommandContext(testkit.Context(t), os.Args[0], "-look")
	cmd.Env = append(os.Environ(), "LOCKED_MAIN=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())

	lines := bufio.NewScanner(out)
	for i := range 3 {
		require.True(t, lines.Scan())
		assert.Equal(t, fmt.Sprintf("runs on camera-%d", i+1), lines.Text())
	}
	names := threadNames(t, cmd.Process.Pid)
	for i := range 3 {
		assert.Equal(t, 1, names[fmt.Sprintf("camera-%d", i+1)], "threads with the name, of %v", names)
	}
	require.NoError(t, in.Close())
	require.True(t, lines.Scan())
	assert.Equal(t, "3 threads ended", lines.Text())
	require.NoError(t, cmd.Wait())
}

// threadNames counts the threads of a process by name.
func threadNames(t *testing.T, pid int) map[string]int {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/comm", pid))
	require.NoError(t, err)
	names := map[string]int{}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil { // else it has ended
			names[strings.TrimSpace(string(text))]++
		}
	}
	return names
}
