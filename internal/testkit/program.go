package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// asProgram is the environment variable that makes a test binary the program
// that it tests.
const asProgram = "TROUPE_TEST_AS_PROGRAM"

// MainOf is Main for the tests of a program, which Command runs in a process
// of its own.
func MainOf(m *testing.M, program func()) {
	if os.Getenv(asProgram) == "" {
		Main(m)
		return
	}
	troupe.Register("witness", func(troupe.Options) (core.Runtime, error) { return witness{goroutine.New()}, nil })
	program()
}

// A witness is a runtime that says so when it is used.
type witness struct{ *goroutine.Runtime }

// Attach implements core.Runtime.
func (w witness) Attach(loop core.Loop) (core.Waker, error) {
	fmt.Fprintln(os.Stderr, "an actor is attached to the witness")
	return w.Runtime.Attach(loop)
}

// Command runs the program that MainOf was given, whatever runtime the
// environment of the test names.
func Command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(Context(t), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", troupe.EnvVar+"=",
		"GORACE=atexit_sleep_ms=0") // else a program with the race detector takes a second to exit
	return cmd
}

// Specs are the runtimes that the examples run on, as their flag has them.
func Specs() []string {
	return []string{"goroutine", "pool:size=1", "pool:size=4", "locked", "locked:threads=1", "locked:threads=2"}
}

// RunsOn fails the test unless the program prints what it should on each of
// the runtimes, and takes the runtime from its flag -runtime or else from the
// environment.
func RunsOn(t *testing.T, specs []string, prints func(spec string) string) {
	t.Helper()
	for _, spec := range specs {
		stdout, stderr, err := output(Command(t, "-runtime", spec))
		if want := prints(spec); err != nil || stdout != want {
			t.Errorf("-runtime %s: %v\n%s%s\nwant\n%s", spec, err, stderr, stdout, want)
		}
	}
	obeys(t, "goroutine", "-runtime", "witness")
	obeys(t, "witness")
}

// obeys fails the test unless the program uses the witness, or says that it
// cannot.
func obeys(t *testing.T, env string, args ...string) {
	t.Helper()
	cmd := Command(t, args...)
	cmd.Env = append(cmd.Env, troupe.EnvVar+"="+env)
	if _, stderr, _ := output(cmd); !strings.Contains(stderr, "witness") {
		t.Errorf("%s=%s and flags %v: the witness was not used\n%s", troupe.EnvVar, env, args, stderr)
	}
}

func output(cmd *exec.Cmd) (stdout, stderr string, err error) {
	var out, says strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &says
	err = cmd.Run()
	return out.String(), says.String(), err
}
