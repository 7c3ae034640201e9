package core_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

	"github.com/troupe-go/troupe/internal/testkit"
	"go.uber.org/goleak"
)

var (
	stressDuration = flag.Duration("stress.duration", 300*time.Millisecond, "how long TestStress runs, on all runtimes together")
	stressSeed     = flag.Uint64("stress.seed", 0, "the seed of TestStress's first episode; 0 picks one")
)

// TestStress lets actors, and goroutines that are none, do everything that
// core offers, at random and all at once, and then checks the books: every
// message has exactly one fate and every ask its outcome, messages came in
// order and turns one at a time, hooks ran as they should, and nothing is
// left running. It is a row of episodes; each prints its seed if it fails.
// The seed gives back what was done, not how the scheduler mixed it.
func TestStress(t *testing.T) {
	first := *stressSeed
	if first == 0 {
		first = rand.Uint64N(1 << 48)
	}
	t.Logf("the first seed is %d", first)
	runtimes := testkit.Runtimes()
	for _, rt := range runtimes {
		t.Run(rt.Name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			end := time.Now().Add(*stressDuration / time.Duration(len(runtimes)))
			seed := first
			for ; !t.Failed() && (seed == first || time.Now().Before(end)); seed++ {
				stressEpisode(t, rt, seed)
			}
			t.Logf("%d episodes", seed-first)
			testkit.LeavesNone(t, before)
		})
	}
}

// stressEpisode is one world from its making to its end.
func stressEpisode(t *testing.T, rt testkit.Runtime, seed uint64) {
	defer func() {
		if t.Failed() {
			t.Logf("failed on runtime %s: go test -race -run 'TestStress/%[1]s$' ./core -args -stress.seed=%d", rt.Name, seed)
		}
	}()
	w := newWorld(t, rt, seed)
	w.await("the drivers", w.runDrivers)
	if w.rng.IntN(2) == 0 {
		w.checkQuiet()
	}
	w.await("the end of the systems", w.shutdown)
	testkit.Eventually(t, func() bool { return w.beside.Load() == 0 }, "the goroutines of handlers")
	if !t.Failed() {
		w.audit()
	}
}

// await runs f, and fails the test with all stacks if it takes too long.
func (w *world) await(what string, f func()) {
	w.t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(2 * testkit.Patience):
		_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
		for _, s := range w.allSystems() {
			s.sys.Dump(os.Stderr)
		}
		w.t.Fatalf("waited %v for %s", testkit.Patience, what)
	}
}

func (w *world) runDrivers() {
	var all sync.WaitGroup
	for range 1 + w.rng.IntN(6) {
		p := &party{w: w, rng: w.newRand(), out: w.newLedger(), ctx: w.ctx}
		steps := 20 + w.rng.IntN(200)
		all.Go(func() { p.drive(steps) })
	}
	all.Wait()
}

// drive takes steps. A handler that ends its goroutine may end this one,
// which then goes on as another.
func (p *party) drive(steps int) {
	for steps > 0 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for steps > 0 {
				steps--
				p.step()
			}
		}()
		<-done
	}
}
