package guard

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
)

// A Pair is one of our subjects in a scenario: its ratio to plain Go is what is
// compared.
type Pair struct{ Scenario, Subject string }

// String names both.
func (p Pair) String() string { return p.Scenario + " on " + p.Subject }

// Pairs are those of a scenario and subjects.
func Pairs(s *harness.Scenario, subjects []string) []Pair {
	var pairs []Pair
	for _, subject := range subjects {
		pairs = append(pairs, Pair{s.Name, subject})
	}
	return pairs
}

// Fits fails if the record says nothing of one of the pairs that are to be
// measured here and now, and says what to do then. It is for before the
// measurement, which takes minutes: a check that compares nothing must not pass.
func (r Record) Fits(pairs []Pair) error {
	if len(pairs) == 0 {
		return errors.New("there is nothing to compare: no subject that is picked is ours in a scenario that is picked; choose others with -scenario and -subject")
	}
	if here := runtime.GOMAXPROCS(0); r.GOMAXPROCS != here {
		return fmt.Errorf("recorded with GOMAXPROCS %d, which is %d here: every ratio depends on it; set GOMAXPROCS=%[1]d if there are as many processors, or record anew with -record", r.GOMAXPROCS, here)
	}
	var missing, few []string
	for _, p := range pairs {
		switch ratio, ok := r.of(p); {
		case !ok:
			missing = append(missing, p.String())
		case len(ratio.Pairs) < Fewest:
			few = append(few, p.String())
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("no ratio is recorded of %s: record anew with -record, or leave out what is missing with -scenario and -subject", strings.Join(missing, ", "))
	}
	if len(few) > 0 {
		return fmt.Errorf("there are fewer than %d pairs of %s: record anew with -record", Fewest, strings.Join(few, ", "))
	}
	return nil
}

// Extends fails if a part of the record cannot be measured anew here and now:
// a record is of one version of Go and one GOMAXPROCS.
func (r Record) Extends() error {
	if here := NewRecord(nil); r.Go != here.Go || r.GOMAXPROCS != here.GOMAXPROCS {
		return fmt.Errorf("what is recorded is of %s and GOMAXPROCS %d, and this is %s and %d: record all of it anew, without -scenario and -subject",
			r.Go, r.GOMAXPROCS, here.Go, here.GOMAXPROCS)
	}
	return nil
}

// Note is what to keep in mind when comparing with the record here and now, if
// anything is. Another version of Go is no error: it compiles both halves of a
// ratio, and nobody could check on a machine that has another one.
func (r Record) Note() string {
	if r.Go == runtime.Version() {
		return ""
	}
	return fmt.Sprintf("note: recorded with %s, and this is %s: what has become worse may be Go", r.Go, runtime.Version())
}
