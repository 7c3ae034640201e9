package scenarios

import (
	"math"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAvailableIsTheLeastThatTheSystemTells(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	meminfo := file("MemTotal:       2000 kB\nMemFree:         500 kB\nMemAvailable:   1000 kB\n")
	for name, c := range map[string]struct {
		root fstest.MapFS
		want float64
	}{
		"nothing":   {fstest.MapFS{}, math.Inf(1)},
		"machine":   {fstest.MapFS{"proc/meminfo": meminfo}, 1000 * 1024},
		"unlimited": {fstest.MapFS{"proc/meminfo": meminfo, "sys/fs/cgroup/memory.max": file("max\n"), "sys/fs/cgroup/memory.current": file("9\n")}, 1000 * 1024},
		"limited":   {fstest.MapFS{"proc/meminfo": meminfo, "sys/fs/cgroup/memory.max": file("5000\n"), "sys/fs/cgroup/memory.current": file("2000\n")}, 3000},
	} {
		assert.InDelta(t, c.want, available(c.root), 0, name)
	}
}

func TestFitsSaysWhatIsMissing(t *testing.T) {
	require.NoError(t, fits(2e9, 2e9))
	require.EqualError(t, fits(28e9, 2e9), "28.0 GB needed, 2.0 GB available: choose fewer actors")
}
