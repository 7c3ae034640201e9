package mutants

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
)

// There is no check for leaked goroutines here: to leak them is what many a
// mutant does.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(m.Run())
}

var (
	matrix = flag.Bool("matrix", false, "run every rule on every mutant, which takes minutes")
	stress = flag.Int("stress", 1, "how often each rule runs on each odd runtime")
	one    = flag.String("mutant", "", "the mutant that this process is for")
)

func factory(make func() core.Runtime) func(conformance.TB) core.Runtime {
	return func(conformance.TB) core.Runtime { return make() }
}

// Each mutant is caught by the rules named for it.
func TestMutantsAreCaught(t *testing.T) {
	for _, m := range mutants() {
		t.Run(identifier(m.name), func(t *testing.T) {
			t.Parallel()
			r := conformance.Check(factory(m.make), conformance.Only(m.caught...), m.deadline())
			assert.Subset(t, r.Broken(), m.caught, "a runtime that %s has escaped", m.name)
			for _, res := range r.Results {
				assert.Regexp(t, readable(res.Rule), res.Failure)
			}
		})
	}
}

// readable is how a failure begins: with the rule, what was seen and what not,
// the promise and, unless time was all that it was short of, the place.
func readable(rule conformance.Rule) string {
	return "^" + regexp.QuoteMeta(rule.ID) + ":.*([,;] want | did not |panic: |took ).* \\(rule: " +
		regexp.QuoteMeta(rule.Promise) + "\\)( \\[\\w+\\.go:\\d+\\])?(\n|$)"
}

func TestEveryRuleHasItsMutant(t *testing.T) {
	for _, rule := range conformance.Rules() {
		caught := slices.ContainsFunc(mutants(), func(m mutant) bool { return slices.Contains(m.caught, rule.ID) })
		assert.True(t, caught, "no mutant is named for %s", rule.ID)
	}
}

// few is how many rules a fine mutant breaks at most. A gross one, such as a
// runtime that runs nothing, breaks them all and proves little of each.
const few = 6

// TestMatrix runs every rule on every mutant: each rule breaks for a mutant
// that few others notice. Each mutant has a process of its own, as what one
// leaves behind would wear the next one down.
func TestMatrix(t *testing.T) {
	if !*matrix {
		t.Skip("only with -matrix")
	}
	var mu sync.Mutex
	fine := map[string]bool{}
	t.Run("mutants", func(t *testing.T) {
		for _, m := range mutants() {
			t.Run(identifier(m.name), func(t *testing.T) {
				t.Parallel()
				broken := brokenBy(t, m)
				assert.Subset(t, broken, m.caught, "a runtime that %s has escaped", m.name)
				t.Logf("breaks %2d: %s", len(broken), strings.Join(broken, " "))
				mu.Lock()
				defer mu.Unlock()
				for _, id := range m.caught {
					fine[id] = fine[id] || len(broken) <= few
				}
			})
		}
	})
	for _, rule := range conformance.Rules() {
		assert.True(t, fine[rule.ID], "no mutant that %d rules or fewer notice breaks %s", few, rule.ID)
	}
}

const report = "broken rules:"

// brokenBy runs all rules on m in another process.
func brokenBy(t *testing.T, m mutant) []string {
	cmd := exec.Command(os.Args[0], "-test.run=^TestMutant$", "-mutant="+m.name)
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if _, ids, ok := strings.Cut(line, report); ok {
			return strings.Fields(ids)
		}
	}
	t.Fatalf("%v: %v\n%s", cmd, err, out)
	return nil
}

// TestMutant is the other process.
func TestMutant(t *testing.T) {
	for _, m := range mutants() {
		if m.name == *one {
			r := conformance.Check(factory(m.make), m.deadline(), conformance.Strict())
			fmt.Println(report, strings.Join(r.Broken(), " "))
			os.Exit(0) // whatever it has left behind
		}
	}
}

func identifier(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), "'", "")
}

// No rule accuses a right runtime, however odd, and one is left out only where
// an oddity cannot keep it.
func TestOddRuntimesPass(t *testing.T) {
	for _, o := range odd {
		t.Run(identifier(o.name), func(t *testing.T) {
			t.Parallel()
			opts := []conformance.Option{conformance.Strict(), conformance.Stress(*stress)}
			if o.blocks != "" {
				opts = append(opts,
					conformance.Skip("isolation/one-blocked-actor", o.blocks),
					conformance.Skip("isolation/many-blocked-actors", o.blocks))
			}
			r := conformance.Check(factory(o.make), opts...)
			assert.True(t, r.OK(), "a runtime that %s is accused:\n%v", o.name, r)
		})
	}
}
