package scenarios

import (
	"fmt"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// growth is the group of the scenarios that say how the cost of a message, or
// the memory, grows with the number of actors.
const growth = "growth"

// mostThreads is how many actors there are at most where each has a thread: a
// system may allow fewer than a thousand.
const mostThreads = 100

func init() {
	for _, actors := range []int{1, 100, 1000, 10_000, 100_000, 1_000_000} {
		register(growingFan("tell", "1 producer", fanSize{1, actors, growthWarm}))
		register(growingFan("fan-out", "4 producers", fanSize{4, actors, growthWarm}))
		register(growingRing(max(actors, 2)))
	}
	register(idleMillion())
	register(idleTenMillion())
}

// growthWarm is how many messages an inbox has had before: as many as in the
// table would take a million actors too long.
const growthWarm = 4

func growingFan(name, from string, size fanSize) harness.Scenario {
	return harness.Scenario{
		Name:      fmt.Sprintf("%s-of-%d", name, size.actors),
		Group:     growth,
		Op:        fmt.Sprintf("%s, %d actors in turn: a message", from, size.actors),
		Reference: "go/chan",
		Contended: size.producers > 1,
		Bodies:    fanOut(size, growingOn(size.actors)...),
	}
}

func growingRing(actors int) harness.Scenario {
	return harness.Scenario{
		Name:      fmt.Sprintf("ring-of-%d", actors),
		Group:     growth,
		Op:        fmt.Sprintf("%d actors in a ring: a hop", actors),
		Reference: "go/chan",
		Bodies: with(
			bodies{"go/chan": func(r *harness.Run) harness.Job { return ringChan(r, actors, func() {}) }},
			onTroupe(onRing(actors), growingOn(actors)...),
		),
	}
}

// growingOn are the subjects of ours that can have so many actors.
func growingOn(actors int) []string {
	if actors > mostThreads {
		return []string{"troupe/goroutine", "troupe/pool"}
	}
	return []string{"troupe/goroutine", "troupe/pool", "troupe/locked"}
}

func idleMillion() harness.Scenario {
	return harness.Scenario{
		Name:      "idle-1m",
		Group:     growth,
		Op:        "1,000,000 actors after a message each: heap and stacks, an actor",
		Reference: "go/slice",
		Fixed:     1_000_000,
		Memory:    true,
		Bodies:    with(bodies{"go/slice": idleSlice}, onSystems(subjects.NewSystem, idleTroupe)),
	}
}

// idleTenMillion has no reference: the goroutines of plain Go would need tens
// of gigabytes.
func idleTenMillion() harness.Scenario {
	return harness.Scenario{
		Name:   "idle-10m",
		Group:  growth,
		Op:     "10,000,000 actors after a message each: heap and stacks, an actor",
		Alone:  true,
		Fixed:  10_000_000,
		Memory: true,
		Bodies: onSystems(subjects.NewSystem, afterTrial(10_000_000, idleTroupe)),
	}
}
