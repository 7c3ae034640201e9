package locked_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/locked"
)

func init() { children["tenthousand"] = tenThousandMain }

func TestMax(t *testing.T) {
	sys := systemOn(t, locked.New(locked.Max(2)))
	a := spawn(t, sys)
	spawn(t, sys)
	_, err := core.Spawn(sys, doer{})
	var limit *locked.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, 2, limit.Max)
	assert.EqualError(t, err, `locked: no more than 2 threads; the option Max, or "locked:max=N", allows N`)
	_, err = a.Stop(testkit.Context(t))
	require.NoError(t, err)
	testkit.Eventually(t, func() bool { _, err = core.Spawn(sys, doer{}); return err == nil }, "room for a thread")
}

func TestMaxOfSharedThreads(t *testing.T) {
	sys := systemOn(t, locked.New(locked.Max(1), locked.Threads(2)))
	spawn(t, sys)
	for range 3 { // one that was refused takes no place on the thread
		_, err := core.Spawn(sys, doer{})
		var limit *locked.LimitError
		assert.ErrorAs(t, err, &limit, "the second thread")
	}
}

// Threads are made for actors: that there may be many takes neither time nor
// memory.
func TestMoreThreadsThanThereCanBe(t *testing.T) {
	sys := systemOn(t, locked.New(locked.Max(2), locked.Threads(math.MaxInt)))
	assert.NotEqual(t, threadOf(t, spawn(t, sys)), threadOf(t, spawn(t, sys)))
	_, err := core.Spawn(sys, doer{})
	var limit *locked.LimitError
	assert.ErrorAs(t, err, &limit, "the third thread")
}

func TestMaxOfNone(t *testing.T) {
	sys := systemOn(t, locked.New(locked.Max(0)))
	_, err := core.Spawn(sys, doer{})
	var limit *locked.LimitError
	assert.ErrorAs(t, err, &limit)
}

// tenThousandMain spawns ten thousand actors, most of which are refused, in
// two systems, and has those that were not answer.
func tenThousandMain() {
	ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
	defer cancel()
	systems := []*core.System{core.NewSystem(locked.New()), core.NewSystem(locked.New())}
	var refs []core.Ref[task]
	refused := 0
	for i := range 10_000 {
		ref, err := core.Spawn(systems[i%2], doer{})
		var limit *locked.LimitError
		switch {
		case err == nil:
			refs = append(refs, ref)
		case errors.As(err, &limit):
			refused++
		default:
			panic(err)
		}
	}
	for _, ref := range refs {
		must(ref.Call(ctx, thread))
	}
	for _, sys := range systems {
		check(sys.Shutdown(ctx))
	}
	fmt.Println(len(refs), refused)
}

// The limit is one of the user, who may have other processes: there is room
// for many more threads than those have, so that it matters little if they
// start some meanwhile.
func TestTenThousandActorsUnderALimit(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("limits are read on Linux only")
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell to set a limit with")
	}
	program, uid := os.Args[0], os.Getuid()
	attr := new(syscall.SysProcAttr)
	if uid == 0 { // whom the limit does not bind
		program, uid = readable(t, program), 65534
		attr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	limit := threadsOf(t, uid) + 1000
	set := fmt.Sprintf("ulimit -$flag %d", limit)
	script := `for flag in u p; do if (` + set + `) 2>/dev/null; then ` + set + `; exec "$0"; fi; done; echo too many` // as bash and dash have it
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script, program)
	cmd.SysProcAttr = attr
	cmd.Dir = "/"
	out, err := run(t, cmd, "tenthousand")
	require.NoError(t, err, out)
	if out == "too many" {
		t.Skipf("the user may not have %d threads", limit)
	}
	spawned, refused, _ := strings.Cut(out, " ")
	n, err := strconv.Atoi(spawned)
	require.NoError(t, err, out)
	assert.Positive(t, n)
	assert.LessOrEqual(t, n, limit/2)
	assert.Equal(t, strconv.Itoa(10_000-n), refused)
}

var (
	uidOf     = regexp.MustCompile(`(?m)^Uid:\s+(\d+)`)
	threadsIn = regexp.MustCompile(`(?m)^Threads:\s+(\d+)`)
)

// threadsOf counts the threads of a user.
func threadsOf(t *testing.T, uid int) (n int) {
	t.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*/status")
	require.NoError(t, err)
	for _, name := range processes {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		of, threads := uidOf.FindSubmatch(text), threadsIn.FindSubmatch(text)
		if of != nil && threads != nil && string(of[1]) == strconv.Itoa(uid) {
			more, err := strconv.Atoi(string(threads[1]))
			require.NoError(t, err)
			n += more
		}
	}
	return n
}

// readable copies the test binary to where every user can run it.
func readable(t *testing.T, program string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "locked")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	text, err := os.ReadFile(program)
	require.NoError(t, err)
	name := filepath.Join(dir, "locked.test")
	require.NoError(t, os.WriteFile(name, text, 0o755))
	return name
}
