// Package guard notices that a ratio to plain Go has got worse than it was
// when it was recorded.
package guard

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
)

// Fewest is how many pairs of a subject and plain Go a ratio has to be of: fewer
// say too little of its noise.
const Fewest = 15

// rounds is how many pairs there are where noise is most of what one pair says.
const rounds = 101

// RoundsOf is how many pairs of s are measured: few if a quick run has time for
// few, unless it is contended. What takes that long is steady otherwise.
func RoundsOf(s *harness.Scenario) int {
	if quick := (harness.Plan{Quick: true}).RoundsOf(s); quick < Fewest && !s.Contended {
		return Fewest
	}
	return rounds
}

// A Record is what was measured at some time.
type Record struct {
	Go         string  `json:"go"`
	GOMAXPROCS int     `json:"gomaxprocs"`
	Ratios     []Ratio `json:"ratios"`
}

// A Ratio is that of a subject to plain Go, of each pair in the order in which
// they were measured.
type Ratio struct {
	Scenario string    `json:"scenario"`
	Subject  string    `json:"subject"`
	Pairs    []float64 `json:"pairs"`
}

// NewRecord records what was measured of our subjects, here and now.
func NewRecord(all []*harness.Series) Record {
	r := Record{Go: runtime.Version(), GOMAXPROCS: runtime.GOMAXPROCS(0)}
	for _, s := range all {
		if Guarded(s.Subject) {
			r.Ratios = append(r.Ratios, ratioOf(s))
		}
	}
	return r
}

// Guarded reports whether the ratios of subject are recorded: they are ours.
func Guarded(subject string) bool { return strings.HasPrefix(subject, "troupe/") }

func ratioOf(s *harness.Series) Ratio {
	r := Ratio{Scenario: s.Scenario.Name, Subject: s.Subject}
	for _, ratio := range s.Ratios {
		r.Pairs = append(r.Pairs, rounded(ratio))
	}
	return r
}

// rounded has as many decimals as mean something.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// String says how much it is, and how much of that may be noise.
func (r Ratio) String() string {
	return fmt.Sprintf("%s on %s: %s", r.Scenario, r.Subject, r.figures())
}

// figures has the bounds of the middle half of the pairs as noise.
func (r Ratio) figures() string {
	spread := harness.SpreadOf(r.Pairs)
	return fmt.Sprintf("%.3f (noise %.3f–%.3f)", spread.Median, spread.Low, spread.High)
}

// of is the ratio that was recorded of a pair.
func (r Record) of(p Pair) (Ratio, bool) {
	i := r.index(p)
	if i < 0 {
		return Ratio{}, false
	}
	return r.Ratios[i], true
}

func (r Record) index(p Pair) int {
	return slices.IndexFunc(r.Ratios, func(one Ratio) bool { return Pair{one.Scenario, one.Subject} == p })
}

// Over is old with the ratios of r in place of those of the same pairs.
func (r Record) Over(old Record) Record {
	ratios := slices.Clone(old.Ratios)
	for _, ratio := range r.Ratios {
		i := old.index(Pair{ratio.Scenario, ratio.Subject})
		if i < 0 {
			ratios = append(ratios, ratio)
			continue
		}
		ratios[i] = ratio
	}
	r.Ratios = ratios
	return r
}

// Read reads a record from a file.
func Read(file string) (r Record, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	err = json.Unmarshal(text, &r)
	if err == nil && r.GOMAXPROCS == 0 {
		err = errors.New("it does not say of which GOMAXPROCS it is")
	}
	if err != nil {
		return r, fmt.Errorf("%s is not what -record writes, a JSON object of ratios: %w", file, err)
	}
	return r, nil
}

// Write writes the record to a file, a ratio a line.
func (r Record) Write(file string) error {
	lines := make([]string, len(r.Ratios))
	for i, ratio := range r.Ratios {
		text, err := json.Marshal(ratio)
		if err != nil {
			return err
		}
		lines[i] = "\n\t\t" + string(text)
	}
	text := fmt.Sprintf("{\n\t\"go\": %q,\n\t\"gomaxprocs\": %d,\n\t\"ratios\": [%s\n\t]\n}\n",
		r.Go, r.GOMAXPROCS, strings.Join(lines, ","))
	return os.WriteFile(file, []byte(text), 0o644)
}
