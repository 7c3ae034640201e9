package mutants

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/conformance"
)

// There is no check for leaked goroutines here: to leak them is what many a
// mutant does.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(m.Run())
}

var (
	full = flag.Bool("full", false, "run every rule on every mutant and on everything odd, which takes minutes")
	one  = flag.String("mutant", "", "the mutant that this process is for, or all")
)

// each calls f for all, so many at a time: they mostly wait.
func each[T any](all []T, atOnce int, f func(T)) {
	room := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for _, one := range all {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			f(one)
		})
	}
	wg.Wait()
}

// Each mutant is caught by the rules named for it. They are in another process,
// for all that they leave behind. Those that take long are left to TestMatrix.
func TestMutantsAreCaught(t *testing.T) {
	if *full {
		t.Skip("TestMatrix shows this, and more")
	}
	t.Parallel()
	broken := brokenBy(t, "all")
	for _, m := range mutants() {
		if !m.slow {
			assert.Subset(t, broken[m.name], m.caught, "one that %s has escaped", m.name)
		}
	}
}

// What breaks a rule is the mutant, and not that it has little time for it: a
// right one keeps the rule in the same time. Other tests would take some of that,
// so this one is not parallel.
func TestRightOnesPassInTheTimeOfMutants(t *testing.T) {
	each(controls(), 3, func(p proof) {
		r := p.check(conformance.Deadline(p.deadline), conformance.Only(p.rule), conformance.Strict())
		assert.True(t, r.OK(), "a right %s is accused within %v:\n%v", p.name, p.deadline, r)
	})
}

// A proof is that a control keeps a rule in the time that a mutant has.
type proof struct {
	control
	rule     string
	deadline time.Duration
}

// controls are one for each rule that mutants are named for, what they were made
// from and the time that they have.
func controls() (all []proof) {
	brief := haste
	if *full {
		brief = patience
	}
	for _, m := range mutants() {
		for _, id := range m.caught {
			p := proof{m.right, id, m.deadline(brief, id)}
			known := slices.ContainsFunc(all, func(q proof) bool {
				return q.name == p.name && q.rule == p.rule && q.deadline == p.deadline
			})
			if !known && (*full || !m.slow) {
				all = append(all, p)
			}
		}
	}
	return all
}

func TestEveryRuleHasItsMutant(t *testing.T) {
	for _, rule := range rules() {
		caught := slices.ContainsFunc(mutants(), func(m mutant) bool { return slices.Contains(m.caught, rule.ID) })
		assert.True(t, caught, "no mutant is named for %s", rule.ID)
	}
}

func rules() []conformance.Rule {
	return slices.Concat(conformance.Rules(), conformance.InboxRules())
}

// few is how many rules a fine mutant breaks at most. A gross one, such as a
// runtime that runs nothing, breaks them all and proves little of each.
const few = 6

// TestMatrix runs every rule on every mutant: each rule breaks for a mutant
// that few others notice. Each mutant has a process of its own, as what one
// leaves behind would wear the next one down.
func TestMatrix(t *testing.T) {
	if !*full {
		t.Skip("only with -full")
	}
	var mu sync.Mutex
	fine := map[string]bool{}
	each(mutants(), 6, func(m mutant) {
		t.Run(identifier(m.name), func(t *testing.T) {
			broken := brokenBy(t, m.name)[m.name]
			assert.Subset(t, broken, m.caught, "one that %s has escaped", m.name)
			t.Logf("breaks %2d: %s", len(broken), strings.Join(broken, " "))
			mu.Lock()
			defer mu.Unlock()
			for _, id := range m.caught {
				fine[id] = fine[id] || len(broken) <= few
			}
		})
	})
	for _, rule := range rules() {
		assert.True(t, fine[rule.ID], "no mutant that %d rules or fewer notice breaks %s", few, rule.ID)
	}
}

// brokenBy runs TestMutant in another process, and tells what it has written.
func brokenBy(t *testing.T, mutant string) map[string][]string {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMutant$", "-mutant="+mutant)
	cmd.Env = append(os.Environ(),
		fmt.Sprint("GOMAXPROCS=", runtime.GOMAXPROCS(0)),
		"GORACE=atexit_sleep_ms=0") // or the race detector adds a second
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	broken := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		if name, ids, ok := strings.Cut(line, " breaks: "); ok {
			broken[name] = append(broken[name], strings.Fields(ids)...)
		}
	}
	return broken
}

// patience is how long a rule has for a mutant, and haste how long where time
// matters more: mutants that hang a rule take it all.
const (
	patience = 700 * time.Millisecond
	haste    = 400 * time.Millisecond
)

// TestMutant is the other process.
func TestMutant(t *testing.T) {
	if *one == "" {
		t.Skip("other tests run it, in a process of its own")
	}
	all := mutants()
	if *one != "all" {
		all = slices.DeleteFunc(all, func(m mutant) bool { return m.name != *one })
		require.Len(t, all, 1)
		report(t, all[0], conformance.Deadline(all[0].deadline(patience, all[0].caught...)))
		return
	}
	var proofs, spinning []func()
	for _, m := range all {
		for _, id := range m.caught {
			prove := func() { report(t, m, conformance.Deadline(m.deadline(haste, id)), conformance.Only(id)) }
			switch {
			case m.slow:
			case id == "isolation/one-spinning-actor": // which slows all others down
				spinning = append(spinning, prove)
			default:
				proofs = append(proofs, prove)
			}
		}
	}
	each(proofs, 20, func(f func()) { f() })
	each(spinning, 1, func(f func()) { f() })
}

func report(t *testing.T, m mutant, opts ...conformance.Option) {
	r := m.check(append(opts, conformance.Strict())...)
	for _, res := range r.Results {
		if res.Failure != "" {
			assert.Regexp(t, readable(res.Rule), res.Failure)
		}
	}
	fmt.Println(m.name+" breaks:", strings.Join(r.Broken(), " "))
}

// readable is how a failure begins: with the rule, what was seen and what not,
// the promise and, unless time was all that it was short of, the place.
func readable(rule conformance.Rule) string {
	return "^" + regexp.QuoteMeta(rule.ID) + ":.*([,;] want | did not |panic: |took ).* \\(rule: " +
		regexp.QuoteMeta(rule.Promise) + "\\)( \\[\\w+\\.go:\\d+\\])?(\n|$)"
}

func identifier(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), "'", "")
}
