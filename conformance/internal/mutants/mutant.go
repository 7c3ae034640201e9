package mutants

import (
	"slices"
	"time"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
)

// A mutant is a right runtime or inbox with one thing changed, and the rules
// that are there to catch it.
type mutant struct {
	name   string
	caught []string
	check  func(...conformance.Option) *conformance.Report
	slow   bool // it shows after so many times that the race detector needs long for them
}

// unhurried is m with all the time that it needs to show. The rule must fail by
// itself then.
func (m mutant) unhurried() mutant { m.slow = true; return m }

// deadline is how long a rule has for m, if d is enough for most.
func (m mutant) deadline(d time.Duration) conformance.Option {
	if m.slow {
		d = 10 * time.Minute
	}
	return conformance.Deadline(d)
}

// change makes a mutant of the reference. Its hooks are made anew for each
// runtime, so they may share variables.
func change(name string, slots int, new func() hooks, caught ...string) mutant {
	return build(name, func() core.Runtime { return newReference(slots, new()) }, caught...)
}

// build makes a mutant of another runtime.
func build(name string, make func() core.Runtime, caught ...string) mutant {
	check := func(opts ...conformance.Option) *conformance.Report {
		return conformance.Check(func(conformance.TB) core.Runtime { return make() }, opts...)
	}
	return mutant{name: name, caught: caught, check: check}
}

// contrive makes a mutant of an inbox.
func contrive(name string, make func() core.Inbox[letter], caught ...string) mutant {
	check := func(opts ...conformance.Option) *conformance.Report {
		return conformance.CheckInbox(make, write, opts...)
	}
	return mutant{name: name, caught: caught, check: check}
}

// plenty is more slots than a rule needs, for mutants that are not about them.
const plenty = 64

// mutants are all mutants.
func mutants() []mutant {
	return slices.Concat(attachMutants, wakeMutants, turnMutants, fairMutants, waitMutants,
		parkMutants, inlineMutants, pinnedMutants, closeMutants, resourceMutants, inboxMutants)
}
