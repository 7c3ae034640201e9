package mutants

import (
	"fmt"
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
	right  control // the mutant without the one thing changed
	slow   bool    // it shows after so many times that the race detector needs long for them
}

// A control is a right runtime or inbox that shows, in the time that mutants
// have, that what breaks a rule is the mutant and not a want of time.
type control struct {
	name  string
	check func(...conformance.Option) *conformance.Report
}

// unhurried is m with all the time that it needs to show. The rule must fail by
// itself then.
func (m mutant) unhurried() mutant { m.slow = true; return m }

// lengthy are the rules for which a right runtime needs long: they are quiet
// several times, let deadlines pass, or change threads.
var lengthy = []string{
	"wait/ends-from-outside", "park/parks-again", "park/unpark-does-not-wait", "close/again", "close/keeps-its-deadline",
	"pinned/one-thread", "pinned/one-thread-after-a-wait", "pinned/not-on-a-caller",
}

// leisure is how long these have at least.
const leisure = 1500 * time.Millisecond

// deadline is how long some rules have for m, if d is enough for most.
func (m mutant) deadline(d time.Duration, rules ...string) time.Duration {
	switch {
	case m.slow:
		return 10 * time.Minute
	case slices.ContainsFunc(rules, func(id string) bool { return slices.Contains(lengthy, id) }):
		return max(d, leisure)
	}
	return d
}

// change makes a mutant of the reference. Its hooks are made anew for each
// runtime, so they may share variables.
func change(name string, slots int, new func() hooks, caught ...string) mutant {
	m := build(name, func() core.Runtime { return newReference(slots, new()) }, caught...)
	return m.of(fmt.Sprint("reference of ", slots), func() core.Runtime { return newReference(slots, hooks{}) })
}

// build makes a mutant of another runtime.
func build(name string, make func() core.Runtime, caught ...string) mutant {
	m := mutant{name: name, caught: caught, check: checking(make)}
	return m.of(plentiful())
}

// plentiful is the control of mutants that have too few slots.
func plentiful() (name string, make func() core.Runtime) {
	return "reference of plenty", func() core.Runtime { return newReference(plenty, hooks{}) }
}

// of is m with another control.
func (m mutant) of(name string, make func() core.Runtime) mutant {
	m.right = control{name, checking(make)}
	return m
}

func checking(make func() core.Runtime) func(...conformance.Option) *conformance.Report {
	return func(opts ...conformance.Option) *conformance.Report {
		return conformance.Check(func(conformance.TB) core.Runtime { return make() }, opts...)
	}
}

// contrive makes a mutant of an inbox.
func contrive(name string, make func() core.Inbox[letter], caught ...string) mutant {
	right := control{"inbox", checkingInbox(func() core.Inbox[letter] { return new(box) })}
	return mutant{name: name, caught: caught, check: checkingInbox(make), right: right}
}

func checkingInbox(make func() core.Inbox[letter]) func(...conformance.Option) *conformance.Report {
	return func(opts ...conformance.Option) *conformance.Report {
		return conformance.CheckInbox(make, write, opts...)
	}
}

// plenty is more slots than a rule needs, for mutants that are not about them.
const plenty = 64

// mutants are all mutants.
func mutants() []mutant {
	return slices.Concat(attachMutants, wakeMutants, turnMutants, fairMutants, waitMutants,
		parkMutants, inlineMutants, pinnedMutants, closeMutants, resourceMutants, inboxMutants)
}
