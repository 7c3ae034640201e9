package mutants

import (
	"cmp"
	"slices"
	"time"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
)

// A mutant is a right runtime with one thing changed, and the rules that are
// there to catch it.
type mutant struct {
	name   string
	caught []string
	make   func() core.Runtime
	time   time.Duration // that a rule has for it, if patience is not enough
}

// given is m with more time, which some faults need to show.
func (m mutant) given(d time.Duration) mutant { m.time = d; return m }

// deadline is how long a rule has for m.
func (m mutant) deadline() conformance.Option {
	return conformance.Deadline(cmp.Or(m.time, patience))
}

// unhurried is for faults that show after so many times that the race detector
// or a busy machine needs long for them. The rule must fail by itself then.
const unhurried = 10 * time.Minute

// patience is what most have: mutants that hang a rule take its whole time.
const patience = 700 * time.Millisecond

// change makes a mutant of the reference. Its hooks are made anew for each
// runtime, so they may share variables.
func change(name string, slots int, new func() hooks, caught ...string) mutant {
	return mutant{name: name, caught: caught, make: func() core.Runtime { return newReference(slots, new()) }}
}

// build makes a mutant of another runtime.
func build(name string, make func() core.Runtime, caught ...string) mutant {
	return mutant{name: name, caught: caught, make: make}
}

// plenty is more slots than a rule needs, for mutants that are not about them.
const plenty = 64

// mutants are all mutants of a runtime.
func mutants() []mutant {
	return slices.Concat(attachMutants, wakeMutants, turnMutants, fairMutants, waitMutants,
		parkMutants, inlineMutants, pinnedMutants, closeMutants, resourceMutants)
}
