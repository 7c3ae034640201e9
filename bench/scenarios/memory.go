package scenarios

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/core"
)

// afterTrial has the body make a hundredth of the actors first, and fail if
// all of them would not fit into the memory: a machine that swaps measures its
// disk, and is of no use to others meanwhile.
func afterTrial(total int, prepare onSystem) onSystem {
	return func(r *harness.Run, sys *core.System) (harness.Job, func() int) {
		job, count := prepare(r, sys)
		few, before := max(r.Size(total)/100, 1), live()
		job(few)
		// Twice, as the collector lets the heap double before it runs.
		need := 2 * (live() - before) / float64(few) * float64(r.Size(total))
		r.CheckErr("memory", fits(need, available(os.DirFS("/"))))
		return job, count
	}
}

// live are the bytes of heap and stacks in use.
func live() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) + float64(m.StackInuse)
}

func fits(need, available float64) error {
	if need <= available {
		return nil
	}
	return fmt.Errorf("%.1f GB needed, %.1f GB available: choose fewer actors", need/1e9, available/1e9)
}

// available are the bytes that a process may still have, as far as Linux and
// its control groups tell; infinitely many where they do not.
func available(root fs.FS) float64 {
	free := math.Inf(1)
	for line := range strings.Lines(read(root, "proc/meminfo")) {
		var kilobytes float64
		if n, _ := fmt.Sscanf(line, "MemAvailable: %f kB", &kilobytes); n == 1 {
			free = kilobytes * 1024
		}
	}
	var limit, used float64
	bounded, _ := fmt.Sscan(read(root, "sys/fs/cgroup/memory.max"), &limit)
	told, _ := fmt.Sscan(read(root, "sys/fs/cgroup/memory.current"), &used)
	if bounded == 1 && told == 1 {
		free = min(free, limit-used)
	}
	return free
}

func read(root fs.FS, name string) string {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return string(text)
}
