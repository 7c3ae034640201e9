// Package harness measures scenarios on subjects: each measurement in a
// process of its own, the subjects of a scenario in turns, so that their
// ratios mean something on a machine that also does other work.
package harness

import (
	"slices"
	"time"
)

// A Job does n operations, waits until all of them are done (handled, not
// just sent), and checks that they were.
type Job func(n int)

// A Body prepares a subject for a scenario. It is called once in a process.
type Body func(r *Run) Job

// A Scenario is one thing that is measured on several subjects.
type Scenario struct {
	Name      string
	Group     string             // "table", "savina", ...: what -scenario may name as a whole
	Op        string             // what an operation is, in a few words
	Reference string             // the subject of plain Go that ratios are to
	Contended bool               // several at once want the same inbox or lock: ratios vary more
	Budgets   map[string]float64 // by subject: the ratio to Reference, or of Memory the bytes, aimed for
	Bodies    map[string]Body    // by subject

	// Alone has the scenario selected by its whole name only: it needs more
	// of the machine than one may expect.
	Alone bool

	// Fixed is how many operations a job does, and QuickFixed how many in a
	// quick run, if not the same. Without Fixed it does as many as fit the time.
	Fixed, QuickFixed int
	// Slices are the jobs that a measurement consists of, one after the other:
	// its time is the median of theirs, so that what a neighbour takes from
	// one of them does not count. One job if 0.
	Slices int
	// QuickRounds is how many rounds a quick run makes, if not as many as
	// otherwise: fewer if it has no time, more if the figure is unsteady.
	QuickRounds int
	// NotQuick are the subjects that a quick run leaves out unless they are asked
	// for, as it has no time for them.
	NotQuick []string
	// Lasts is how long a measurement takes, if not as long as the others; a
	// quick run takes a thirtieth of it. One round of such a scenario is
	// enough, as what it is about is seen within one.
	Lasts time.Duration
	// Tiny bounds [Run.Size], and has what a scenario of memory made undone
	// too, for tests.
	Tiny bool
	// Memory has the bytes in use after the job measured, by operation. The
	// job gives what it made to [Run.Keep].
	Memory bool
}

// Subjects are the names of those that s has a body for, the reference first,
// then in the order of names.
func (s *Scenario) Subjects(names []string) []string {
	var all []string
	for _, name := range names {
		if s.Bodies[name] != nil {
			all = append(all, name)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return s.rank(a) - s.rank(b) })
	return all
}

func (s *Scenario) rank(subject string) int {
	if subject == s.Reference {
		return 0
	}
	return 1
}

func (s *Scenario) slices() int { return max(s.Slices, 1) }

// fixed is how many operations a job is to do, 0 for as many as fit.
func (s *Scenario) fixed(quick bool) int {
	if quick && s.QuickFixed > 0 {
		return s.QuickFixed
	}
	return s.Fixed
}
