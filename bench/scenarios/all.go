// Package scenarios has what is measured, a file each.
package scenarios

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// table is the group of the scenarios that have budgets, and the order in
// which they are shown.
const table = "table"

// indexed is the group of those that are repeated in a system whose registry
// keeps an index, which a system does from the first look-up on. It is paid
// for by each actor, not by a message, so the rest of the table is always
// measured with it.
const indexed = "indexed"

// manySlices is for what a neighbour's millisecond would be most of.
const manySlices = 5

var tableOrder = []string{
	"tell-1", "tell-8", "fan-out", "ping-pong", "ring", "call", "call-deadline",
	"call-64", "ask", "spawn", "idle", "skynet", "locked-ping-pong",
}

var all []harness.Scenario

// register leaves out the subjects that cannot do s.
func register(s harness.Scenario) {
	maps.DeleteFunc(s.Bodies, func(subject string, _ harness.Body) bool {
		return subjects.Named(subject).Except[s.Name] != ""
	})
	for _, subject := range subjects.All() {
		if subject.NotQuick {
			s.NotQuick = append(s.NotQuick, subject.Name)
		}
	}
	all = append(all, s)
}

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

// allRuntimes are the subjects of ours, for scenarios of few actors.
var allRuntimes = []string{"troupe/goroutine", "troupe/pool", "troupe/locked"}

// lockedNotQuick leaves out of a quick run what has few actors, and so can have
// a thread for each, without being about threads.
var lockedNotQuick = []string{"troupe/locked"}

// slowToStart are left out of a quick run where actors are started: once takes
// them seconds, and once would tell little.
var slowToStart = []string{"hollywood", "protoactor"}

func tableRank(s harness.Scenario) int {
	if i := slices.Index(tableOrder, s.Name); i >= 0 {
		return i
	}
	return len(tableOrder)
}
