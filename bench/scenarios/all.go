// Package scenarios has what is measured, a file each.
package scenarios

import (
	"cmp"
	"slices"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
)

// table is the group of the scenarios that have budgets, and the order in
// which they are shown.
const table = "table"

// indexed is the group of those that are repeated in a system whose registry
// keeps an index, which a system does from the first look-up on. It is paid
// for by each actor, not by a message, so the rest of the table is always
// measured with it.
const indexed = "indexed"

var tableOrder = []string{
	"tell-1", "tell-8", "fan-out", "ping-pong", "ring", "call", "call-deadline",
	"call-64", "ask", "spawn", "idle", "skynet", "locked-ping-pong",
}

var all []harness.Scenario

func register(s harness.Scenario) { all = append(all, s) }

// All are all scenarios, those of the table first, the others by group and
// name.
func All() []harness.Scenario {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b harness.Scenario) int {
		return cmp.Or(
			cmp.Compare(tableRank(a), tableRank(b)),
			strings.Compare(a.Group, b.Group),
			strings.Compare(a.Name, b.Name))
	})
	return sorted
}

func tableRank(s harness.Scenario) int {
	if i := slices.Index(tableOrder, s.Name); i >= 0 {
		return i
	}
	return len(tableOrder)
}
