package core_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A world is what one episode of TestStress happens in: systems that come and
// go, on two runtimes, and the actors of all of them.
type world struct {
	t        *testing.T
	rng      *rand.Rand // of the test's own goroutine
	ctx      context.Context
	patience context.Context
	kind     testkit.Runtime
	runtimes [2]core.Runtime

	acyclic bool // actors wait only for younger ones, so no ring is real
	deadly  bool // handlers are fatal to their systems, and shut them down

	clock  atomic.Uint64
	active atomic.Int64 // handlers and hooks that run
	beside atomic.Int64 // goroutines that handlers and drivers started

	mu      sync.Mutex // guards these
	seeds   *rand.Rand
	systems []*stressSystem // all there ever were
	current []*stressSystem // those to spawn into
	actors  []*stressActor
	ledgers []*ledger
}

// A stressSystem is a System with a count of its own for each of its Stats.
type stressSystem struct {
	w       *world
	sys     *core.System
	handled atomic.Uint64
	buried  atomic.Uint64
	spawned atomic.Uint64
}

func newWorld(t *testing.T, rt testkit.Runtime, seed uint64) *world {
	rng := rand.New(rand.NewPCG(seed, 0))
	w := &world{
		t: t, rng: rng, kind: rt,
		ctx:     context.Background(),
		acyclic: rng.IntN(2) == 0,
		deadly:  rng.IntN(3) == 0,
		seeds:   rand.New(rand.NewPCG(seed, 1)),
	}
	patience, cancel := context.WithTimeout(w.ctx, 10*testkit.Patience) // await gives up first
	t.Cleanup(cancel)
	w.patience = patience
	all := testkit.Runtimes()
	w.runtimes[0] = rt.New()
	w.runtimes[1] = all[rng.IntN(len(all))].New()
	for range 1 + rng.IntN(3) {
		w.current = append(w.current, w.newSystem(rng))
	}
	p := &party{w: w, rng: w.newRand(), out: w.newLedger(), ctx: w.ctx}
	for range 2 + rng.IntN(10) {
		p.spawn()
	}
	return w
}

// newSystem makes a system on a runtime that it shares with others, or on one
// of its own.
func (w *world) newSystem(rng *rand.Rand) *stressSystem {
	rt := core.Shared(w.runtimes[0])
	if rng.IntN(3) == 0 {
		rt = w.kind.New()
	}
	log := slog.New(slog.DiscardHandler)
	if rng.IntN(4) == 0 {
		log = slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	s := &stressSystem{w: w}
	s.sys = core.NewSystem(rt, core.WithLogger(log), core.WithDeadLetters(s.bury))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.systems = append(w.systems, s)
	return s
}

func (w *world) newRand() *rand.Rand {
	w.mu.Lock()
	defer w.mu.Unlock()
	return rand.New(rand.NewPCG(w.seeds.Uint64(), 2))
}

func (w *world) newLedger() *ledger {
	l := &ledger{seqs: map[*stressActor]uint64{}}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ledgers = append(w.ledgers, l)
	return l
}

func (w *world) allSystems() []*stressSystem {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*stressSystem(nil), w.systems...)
}

type buriedKey struct{}

var buried = context.WithValue(context.Background(), buriedKey{}, true)

// bury is the dead-letter hook. Now and then it sends something itself, to an
// actor that drops nothing: what is dropped inside a hook is not shown to it.
func (s *stressSystem) bury(d core.DeadLetter) {
	if !errors.Is(d.Reason, core.ErrDead) && !errors.Is(d.Reason, core.ErrInboxFull) && !errors.Is(d.Reason, core.ErrDeadlock) {
		s.w.t.Errorf("dead letter for the reason %v", d.Reason)
	}
	switch m := d.Msg.(type) {
	case letter:
		m.dead.Add(1)
	case core.Invoke:
		_, _ = m(buried, nil)
	default:
		s.w.t.Errorf("dead letter %T", d.Msg)
	}
	if s.buried.Add(1)%8 == 0 {
		p := &party{w: s.w, rng: s.w.newRand(), out: s.w.newLedger(), ctx: s.w.ctx}
		if to := p.target(); to != nil && !to.boxed {
			p.tell(to)
		}
	}
}

// checkQuiet waits until nothing happens any more, and compares the Stats
// with what handlers have counted.
func (w *world) checkQuiet() {
	w.t.Helper()
	testkit.Eventually(w.t, w.quiet, "a quiet moment with balanced accounts")
}

func (w *world) quiet() bool {
	for _, s := range w.allSystems() {
		if st := s.sys.Stats(); st.Waiting != 0 || st.Handled != s.handled.Load() {
			return false
		}
	}
	return w.active.Load() == 0 && w.beside.Load() == 0
}

// goBeside starts a goroutine that the episode waits for.
func (w *world) goBeside(f func()) {
	w.beside.Add(1)
	go func() {
		defer w.beside.Add(-1)
		f()
	}()
}

// replace shuts a system down while everybody goes on, and puts a new one in
// its place.
func (w *world) replace(rng *rand.Rand) {
	s := w.newSystem(rng)
	w.mu.Lock()
	i := rng.IntN(len(w.current))
	old := w.current[i]
	w.current[i] = s
	w.mu.Unlock()
	old.shutdown()
}

func (s *stressSystem) shutdown() {
	err := s.sys.Shutdown(s.w.patience)
	if err != nil && (!s.w.deadly || s.w.patience.Err() != nil) {
		s.w.t.Errorf("Shutdown = %v", err)
	}
}

// shutdown ends all systems at once, and then the runtimes that they shared.
func (w *world) shutdown() {
	var all sync.WaitGroup
	for _, s := range w.allSystems() {
		all.Go(s.shutdown)
	}
	all.Wait()
	for _, rt := range w.runtimes {
		if c, ok := rt.(core.Closer); ok {
			if err := c.Close(w.patience); err != nil {
				w.t.Errorf("Close = %v", err)
			}
		}
	}
}
