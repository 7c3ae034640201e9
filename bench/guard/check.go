package guard

import (
	"fmt"
	"io"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
)

// least is how much worse a median must be to be a loss, whatever the noise:
// the layout of a program alone makes a few percent.
const least = 1.05

// A Loss is a ratio that has got worse.
type Loss struct{ Recorded, Measured Ratio }

// Lost reports whether measured is worse than recorded by more than noise. It
// is if three quarters of what was measured are above three quarters of what
// was recorded: that needs no idea of how either is distributed.
func Lost(recorded, measured Ratio) bool {
	return measured.Low > recorded.High && measured.Median > recorded.Median*least
}

// String says where, from what to what, and how much is noise.
func (l Loss) String() string {
	return fmt.Sprintf("%s on %s: recorded %s, measured %s",
		l.Recorded.Scenario, l.Recorded.Subject, l.Recorded.figures(), l.Measured.figures())
}

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
		if Lost(recorded, measured) {
			verdict = "worse"
			losses = append(losses, Loss{recorded, measured})
		}
		if _, err := fmt.Fprintf(c.Out, "%-5s  %v\n", verdict, Loss{recorded, measured}); err != nil {
			return nil, err
		}
	}
	return losses, nil
}

// A LossError is that of a check that found losses.
type LossError []Loss

func (e LossError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "worse than recorded beyond noise, twice in a row: %d", len(e))
	for _, l := range e {
		fmt.Fprintf(&b, "\n  %v", l)
	}
	return b.String()
}
