package locked

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
)

func TestDefaultMax(t *testing.T) {
	limits := func(soft string) string {
		return "Limit                     Soft Limit           Hard Limit           Units\n" +
			"Max cpu time              unlimited            unlimited            seconds\n" +
			"Max processes             " + soft + "                  96364                processes\n"
	}
	status := func(uid, threads int) string {
		return fmt.Sprintf("Name:\tx\nUid:\t%d\t0\t0\t0\nThreads:\t%d\n", uid, threads)
	}
	me := os.Getuid()
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int
	}{
		{"NothingKnown", nil, 1000},
		{"Unlimited", map[string]string{"proc/self/limits": limits("unlimited")}, 1000},
		{"Processes", map[string]string{"proc/self/limits": limits("200")}, 100},
		{"ProcessesLessWhatIsUsed", map[string]string{
			"proc/self/limits": limits("200"),
			"proc/1/status":    status(me, 30),
			"proc/27/status":   status(me, 10),
			"proc/28/status":   status(me+1, 1000),
			"proc/29/status":   "garbage",
			"proc/self/status": status(me, 10), // again
		}, 80},
		{"MoreUsedThanAllowed", map[string]string{
			"proc/self/limits": limits("20"),
			"proc/1/status":    status(me, 30),
		}, 0},
		{"ControlGroup", map[string]string{
			"proc/self/cgroup":                      "0::/a/b\n",
			"sys/fs/cgroup/a/b/pids.max":            "max\n",
			"sys/fs/cgroup/a/b/pids.current":        "3\n",
			"sys/fs/cgroup/a/pids.max":              "103\n",
			"sys/fs/cgroup/a/pids.current":          "3\n",
			"sys/fs/cgroup/other/pids.max":          "1\n",
			"sys/fs/cgroup/other/pids.current":      "1\n",
			"sys/fs/cgroup/a/b/below/pids.max":      "1\n",
			"sys/fs/cgroup/a/b/below/pids.current":  "1\n",
			"sys/fs/cgroup/a/without/pids.max":      "1\n",
			"sys/fs/cgroup/pids/ignored/pids.max":   "1\n",
			"sys/fs/cgroup/pids/ignored/pids.count": "1\n",
		}, 50},
		{"ControlGroupOfItsOwnNamespace", map[string]string{
			"proc/self/cgroup":           "0::/\n",
			"sys/fs/cgroup/pids.max":     "64\n",
			"sys/fs/cgroup/pids.current": "4\n",
		}, 30},
		{"ControlGroupOfTheFirstVersion", map[string]string{
			"proc/self/cgroup":                         "12:cpu,cpuacct:/x\n7:pids:/docker/y\n",
			"sys/fs/cgroup/pids/docker/y/pids.max":     "20\n",
			"sys/fs/cgroup/pids/docker/y/pids.current": "10\n",
		}, 5},
		{"TheLeast", map[string]string{
			"proc/self/limits":           limits("200"),
			"proc/self/cgroup":           "0::/\n",
			"sys/fs/cgroup/pids.max":     "300\n",
			"sys/fs/cgroup/pids.current": "290\n",
		}, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := fstest.MapFS{}
			for name, text := range c.files {
				root[name] = &fstest.MapFile{Data: []byte(text)}
			}
			assert.Equal(t, c.want, defaultMax(root))
		})
	}
}

func TestDefaultMaxOfThisMachine(t *testing.T) {
	n := processQuota.max()
	assert.Positive(t, n)
	assert.LessOrEqual(t, n, mostMax)
}
