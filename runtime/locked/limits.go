package locked

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

const (
	goLimit = 10_000 // threads, beyond which Go ends the process
	mostMax = 1_000
)

// defaultMax is half of what the limits leave. It reads them from the files
// in which Linux shows them, below root; a limit that is not there is none.
func defaultMax(root fs.FS) int {
	left := goLimit
	if limit, ok := processLimit(root); ok {
		left = min(left, limit-threadsOf(root, os.Getuid()))
	}
	for _, dir := range controlGroups(root) {
		limit, ok := readInt(root, dir+"/pids.max")
		used, known := readInt(root, dir+"/pids.current")
		if ok && known {
			left = min(left, limit-used)
		}
	}
	return min(max(left, 0)/2, mostMax)
}

// processLimit is the user's limit of processes, which on Linux counts
// threads.
func processLimit(root fs.FS) (limit int, ok bool) {
	text, err := fs.ReadFile(root, "proc/self/limits")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "Max processes"); found {
			soft, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			limit, err := strconv.Atoi(soft)
			return limit, err == nil // it may be "unlimited"
		}
	}
	return 0, false
}

// threadsOf counts the threads of all processes of a user.
func threadsOf(root fs.FS, uid int) (n int) {
	processes, err := fs.Glob(root, "proc/[0-9]*/status")
	if err != nil {
		return 0
	}
	for _, name := range processes {
		text, err := fs.ReadFile(root, name)
		if err == nil && statusField(text, "Uid:") == uid {
			n += max(statusField(text, "Threads:"), 0)
		}
	}
	return n
}

// statusField is the first number in a line of a process's status, -1 if
// there is none.
func statusField(text []byte, name string) int {
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == name {
			if n, err := strconv.Atoi(fields[1]); err == nil {
				return n
			}
		}
	}
	return -1
}

// controlGroups are the directories of those groups that may limit the
// process: its own and all above it, in both versions of the hierarchy.
func controlGroups(root fs.FS) (dirs []string) {
	text, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		mount := ""
		switch controllers {
		case "":
			mount = "sys/fs/cgroup"
		case "pids":
			mount = "sys/fs/cgroup/pids"
		default:
			continue
		}
		for ; group != "/" && group != "." && group != ""; group = path.Dir(group) {
			dirs = append(dirs, path.Join(mount, group))
		}
		dirs = append(dirs, mount)
	}
	return dirs
}

// readInt reads a number from a file; it may be "max", which is none.
func readInt(root fs.FS, name string) (n int, ok bool) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return 0, false
	}
	n, err = strconv.Atoi(strings.TrimSpace(string(text)))
	return n, err == nil
}
