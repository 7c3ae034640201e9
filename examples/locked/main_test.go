//go:build linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.MainOf(m, main) }

// base is how nice this process is, and with it the program.
func base(t *testing.T) int {
	t.Helper()
	th, err := thisThread()
	require.NoError(t, err)
	return th.Nice
}

// cameras are the threads that the program is to have.
func cameras(t *testing.T) (all []Thread) {
	t.Helper()
	for i := 1; i <= 3; i++ {
		all = append(all, Thread{fmt.Sprintf("camera-%d", i), min(base(t)+i, 19)})
	}
	return all
}

func TestPrints(t *testing.T) {
	var want strings.Builder
	for _, c := range cameras(t) {
		fmt.Fprintf(&want, "%s runs on %v\n", c.Name, c)
	}
	for _, c := range slices.Backward(cameras(t)) {
		fmt.Fprintf(&want, "%s ends on %v\n", c.Name, c)
	}
	testkit.RunsOn(t, []string{"locked", "locked:max=3", "locked:threads=3"}, func(string) string { return want.String() })
}

func TestRefusesARuntimeThatMovesActors(t *testing.T) {
	for spec, want := range map[string]string{
		"goroutine":        `runtime "goroutine" does not keep actors on their threads; locked does`,
		"pool:size=4":      `runtime "pool:size=4" does not keep actors on their threads; locked does`,
		"locked:threads=2": "camera-3 would share the thread of camera-1",
	} {
		out, err := testkit.Command(t, "-runtime", spec).CombinedOutput()
		assert.Error(t, err, spec)
		assert.Contains(t, string(out), want, spec)
	}
}

// The threads are looked at from outside the program, while its actors live.
func TestThreadsFromOutside(t *testing.T) {
	cmd := testkit.Command(t, "-look")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())

	want, lines := cameras(t), bufio.NewScanner(out)
	for range want {
		require.True(t, lines.Scan())
	}
	cameras, others := threads(t, cmd.Process.Pid)
	assert.ElementsMatch(t, want, cameras)
	for _, other := range others {
		assert.Equal(t, base(t), other.Nice, "the priority of %v", other)
	}
	require.NoError(t, in.Close())
	for lines.Scan() {
	}
	require.NoError(t, cmd.Wait())
}

// threads are those of a process: those that are named after cameras, and the
// others.
func threads(t *testing.T, pid int) (cameras, others []Thread) {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		switch th, err := parse(string(text)); {
		case err != nil:
			t.Error(err)
		case strings.HasPrefix(th.Name, "camera-"):
			cameras = append(cameras, th)
		default:
			others = append(others, th)
		}
	}
	return cameras, others
}
