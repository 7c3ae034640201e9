package mutants

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/troupe-go/troupe/conformance"
)

func write(i int) letter { return letter{Urgent: i%3 == 0, Text: fmt.Sprint("letter ", i)} }

func TestOddInboxesPass(t *testing.T) {
	for _, m := range oddInboxes {
		t.Run(identifier(m.name), func(t *testing.T) {
			conformance.RunInbox(t, m.make, write, conformance.Strict())
		})
	}
}

// Each mutant is caught by the rules named for it, and each rule by a mutant
// that few others notice.
func TestInboxMutantsAreCaught(t *testing.T) {
	fine := map[string]bool{}
	for _, m := range inboxMutants {
		r := conformance.CheckInbox(m.make, write, conformance.Deadline(cmp.Or(m.time, patience/2)), conformance.Strict())
		assert.Subset(t, r.Broken(), m.caught, "an inbox that %s has escaped", m.name)
		t.Logf("breaks %2d: %s: %v", len(r.Broken()), m.name, r.Broken())
		for _, id := range m.caught {
			fine[id] = fine[id] || len(r.Broken()) <= few
		}
	}
	for _, rule := range conformance.InboxRules() {
		assert.True(t, fine[rule.ID], "no mutant that %d rules or fewer notice breaks %s", few, rule.ID)
	}
}

func TestEveryInboxRuleHasItsMutant(t *testing.T) {
	for _, rule := range conformance.InboxRules() {
		caught := slices.ContainsFunc(inboxMutants, func(m inboxMutant) bool { return slices.Contains(m.caught, rule.ID) })
		assert.True(t, caught, "no mutant is named for %s", rule.ID)
	}
}
