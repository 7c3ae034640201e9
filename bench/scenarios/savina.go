package scenarios

import "github.com/troupe-go/troupe/bench/harness"

// savina is the group of the programs of the Savina suite, by which actor
// libraries are compared. Each is written once, for a Stage, so that plain Go,
// this framework and its peers run the same one. Its ping-pong is in the table.
const savina = "savina"

// registerSavina registers a program of about so many actors.
func registerSavina(name, op string, actors int, prepare onStage) {
	register(harness.Scenario{
		Name:      name,
		Group:     savina,
		Op:        op,
		Reference: "go/slice",
		Bodies:    onStages(actors, prepare),
	})
}

// inBursts divides n operations into parts that inboxes without a bound have
// the memory for.
func inBursts(n int, do func(part int)) {
	for n > 0 {
		part := min(n, burst)
		n -= part
		do(part)
	}
}
