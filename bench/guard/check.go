package guard

import (
	"fmt"
	"io"

	"github.com/troupe-go/troupe/bench/harness"
)

// Measure measures a scenario on subjects; see [harness.Plan].
type Measure func(s *harness.Scenario, subjects []string) ([]*harness.Series, error)

// A Checker compares with a record what it measures.
type Checker struct {
	Record  Record
	Measure Measure
	Out     io.Writer // is told of every comparison
}

// Check measures a scenario on subjects of ours and gives the losses. What
// looks like a loss is measured again, and is one if it still looks so. It
// fails if the record does not fit.
func (c Checker) Check(s *harness.Scenario, subjects []string) ([]Loss, error) {
	if err := c.Record.Fits(Pairs(s, subjects)); err != nil {
		return nil, err
	}
	suspects, err := c.compare(s, subjects)
	if err != nil || len(suspects) == 0 {
		return nil, err
	}
	subjects = nil
	for _, l := range suspects {
		subjects = append(subjects, l.Recorded.Subject)
	}
	return c.compare(s, subjects)
}

func (c Checker) compare(s *harness.Scenario, subjects []string) (losses []Loss, err error) {
	all, err := c.Measure(s, append([]string{s.Reference}, subjects...))
	if err != nil {
		return nil, err
	}
	for _, series := range all {
		if series.Subject == s.Reference {
			continue
		}
		recorded, _ := c.Record.of(Pair{s.Name, series.Subject})
		measured := ratioOf(series)
		verdict := "kept"
		if Lost(s, recorded, measured) {
			verdict = "worse"
			losses = append(losses, Loss{recorded, measured})
		}
		if _, err := fmt.Fprintf(c.Out, "%-5s  %v\n", verdict, Loss{recorded, measured}); err != nil {
			return nil, err
		}
	}
	return losses, nil
}
