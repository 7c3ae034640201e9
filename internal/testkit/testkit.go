// Package testkit is what the tests of this module share: the runtimes that a
// test runs on, systems that are checked at the end of it, and ways to wait
// for an event with a deadline.
package testkit

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/examples/customruntime/single"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/locked"
	"github.com/troupe-go/troupe/runtime/pool"
	"go.uber.org/goleak"
)

// Patience is how long a test waits for an event that has to come. It is
// reached only by a test that fails.
const Patience = 20 * time.Second

// A Runtime is one of those that every test of behaviour runs on.
type Runtime struct {
	Name string
	New  func() core.Runtime
}

// Runtimes are all of them.
func Runtimes() []Runtime {
	return []Runtime{
		{"goroutine", func() core.Runtime { return goroutine.New() }},
		{"single", func() core.Runtime { return single.New() }},
		{"locked", func() core.Runtime { return locked.New() }},
		{"locked-shared", func() core.Runtime { return locked.New(locked.Threads(1)) }},
		{"pool-1", func() core.Runtime { return pool.New(1) }},
		{"pool-4", func() core.Runtime { return pool.New(4) }},
	}
}

// Fewer is n, or a tenth of it with the race detector, with which everything
// takes some ten times as long. It is for tests whose failure a tenth still
// finds.
func Fewer(n int) int {
	if Race {
		return max(n/10, 1)
	}
	return n
}

// Each runs test as a subtest on every runtime.
func Each(t *testing.T, test func(t *testing.T, rt Runtime)) {
	t.Helper()
	for _, rt := range Runtimes() {
		t.Run(rt.Name, func(t *testing.T) { test(t, rt) })
	}
}

// EachSystem runs test as a subtest on every runtime, with a System.
func EachSystem(t *testing.T, test func(t *testing.T, sys *core.System), opts ...core.SystemOption) {
	t.Helper()
	Each(t, func(t *testing.T, rt Runtime) { test(t, System(t, rt, opts...)) })
}

// System makes a system that is shut down, and checked by CheckAccounts, at
// the end of the test. It logs to nowhere unless opts say otherwise.
func System(t testing.TB, rt Runtime, opts ...core.SystemOption) *core.System {
	t.Helper()
	opts = append([]core.SystemOption{core.WithLogger(slog.New(slog.DiscardHandler))}, opts...)
	sys := core.NewSystem(rt.New(), opts...)
	count(sys)
	t.Cleanup(func() {
		defer uncount(sys)
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		_ = sys.Shutdown(ctx) // returns the fatal errors that tests provoke
		if ctx.Err() != nil {
			t.Errorf("the system did not shut down within %v", Patience)
			return
		}
		CheckAccounts(t, sys)
	})
	return sys
}

// Context is one that ends when the test has waited for longer than Patience.
func Context(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	t.Cleanup(cancel)
	return ctx
}

// Wait fails the test unless done is closed, or sent to, in time.
func Wait[T any](t testing.TB, done <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-done:
	case <-time.After(Patience):
		t.Fatalf("waited %v for %s", Patience, what)
	}
	return v
}

// Eventually fails the test unless cond becomes true in time. It is for what
// has no event to wait for, such as a count of goroutines.
func Eventually(t testing.TB, cond func() bool, what string) {
	t.Helper()
	for end := time.Now().Add(Patience); !cond(); {
		if time.Now().After(end) {
			t.Fatalf("waited %v for %s", Patience, what)
		}
		time.Sleep(time.Millisecond)
	}
}

// A Gate holds goroutines back until it is opened.
type Gate struct {
	open chan struct{}
	once sync.Once
}

// NewGate makes a closed Gate, which opens at the end of the test at the
// latest.
func NewGate(t testing.TB) *Gate {
	g := &Gate{open: make(chan struct{})}
	t.Cleanup(g.Open)
	return g
}

// Open lets everybody through.
func (g *Gate) Open() { g.once.Do(func() { close(g.open) }) }

// Pass waits until the gate is open.
func (g *Gate) Pass() { <-g.open }

// PassIn is Pass for a handler or a hook, which must not keep others from
// running meanwhile.
func (g *Gate) PassIn(ctx context.Context) { core.Blocking(ctx, g.Pass) }

// Main runs the tests of a package, and fails if they leave a goroutine. The
// two that are there before any test are those of the default pool of ants,
// which starts when it is imported. Goroutines that have nothing more to do
// have as long to end as any event that has to come.
func Main(m *testing.M) {
	before := goleak.IgnoreCurrent()
	code := m.Run()
	if code == 0 {
		if err := left(before); err != nil {
			fmt.Fprintln(os.Stderr, "left by the tests:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// LeavesNone fails the test if it leaves goroutines other than those of before,
// which is goleak.IgnoreCurrent of an earlier moment. They have as long to end
// as with Main.
func LeavesNone(t testing.TB, before goleak.Option) {
	t.Helper()
	if err := left(before); err != nil {
		t.Error(err)
	}
}

func left(before goleak.Option) error {
	return inTime(func() error { return goleak.Find(before) }, Patience)
}

// inTime calls check, which takes its time, until it finds nothing wrong. If
// that does not come in time it returns what is.
func inTime(check func() error, patience time.Duration) error {
	for end := time.Now().Add(patience); ; {
		if err := check(); err == nil || time.Now().After(end) {
			return err
		}
	}
}
