package mutants

import (
	"flag"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/troupe-go/troupe/conformance"
)

var stress = flag.Int("stress", 0, "run every rule so many times on each odd runtime, one runtime after the other")

// No rule accuses a right runtime, however odd, and one is left out only where
// an oddity cannot keep it.
func TestOddRuntimesPass(t *testing.T) {
	t.Parallel()
	atOnce, opts := len(odd), selected(conformance.Rules())
	if *stress > 0 {
		atOnce, opts = 1, []conformance.Option{conformance.Stress(*stress)}
	}
	each(odd, atOnce, func(o oddity) {
		t.Run(identifier(o.name), func(t *testing.T) {
			r := o.check(append(o.excused(), opts...)...)
			assert.True(t, r.OK(), "a runtime that %s is accused:\n%v", o.name, r)
		})
	})
}

func TestOddInboxesPass(t *testing.T) {
	t.Parallel()
	for _, m := range oddInboxes {
		t.Run(identifier(m.name), func(t *testing.T) {
			r := m.check(append(selected(conformance.InboxRules()), conformance.Strict())...)
			assert.True(t, r.OK(), "an inbox that %s is accused:\n%v", m.name, r)
		})
	}
}

// long are the rules that take nine tenths of the time: they repeat something
// while they can spare the time, have hundreds of actors, count goroutines, or have
// one that takes a processor from all others.
var long = []string{
	"isolation/one-spinning-actor",
	"wake/none-is-lost", "wake/does-not-wait", "wait/many-on-one-future", "wait/deep-chain", "wait/comes-back",
	"park/unpark-does-not-wait", "park/no-unpark-is-lost", "inline/leave-gives-back",
	"close/leaves-no-goroutine", "close/ends-by-itself", "resources/no-goroutines-pile-up", "resources/room-for-others",
	"push/takes-many", "pop/loses-none", "pop/after-refill",
}

// selected leaves the long ones out, unless it is to be a full run.
func selected(rules []conformance.Rule) (opts []conformance.Option) {
	for _, rule := range rules {
		if *full || !slices.Contains(long, rule.ID) {
			opts = append(opts, conformance.Only(rule.ID))
		}
	}
	return opts
}
