// Package guard notices that a ratio to plain Go has got worse than it was
// when it was recorded.
package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
)

// Rounds is how many pairs of a subject and plain Go are measured, at least.
const Rounds = 15

// A Record is what was measured at some time.
type Record struct {
	Go         string  `json:"go"`
	GOMAXPROCS int     `json:"gomaxprocs"`
	Ratios     []Ratio `json:"ratios"`
}

// A Ratio is that of a subject to plain Go. Half of the pairs lay between Low
// and High.
type Ratio struct {
	Scenario string  `json:"scenario"`
	Subject  string  `json:"subject"`
	Pairs    int     `json:"pairs"`
	Median   float64 `json:"median"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
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
	spread := s.Ratio()
	return Ratio{s.Scenario.Name, s.Subject, len(s.Ratios), rounded(spread.Median), rounded(spread.Low), rounded(spread.High)}
}

// rounded has as many decimals as mean something.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// String says how much it is, and how much of that may be noise.
func (r Ratio) String() string {
	return fmt.Sprintf("%s on %s: %s", r.Scenario, r.Subject, r.figures())
}

func (r Ratio) figures() string {
	return fmt.Sprintf("%.3f (noise %.3f–%.3f)", r.Median, r.Low, r.High)
}

// of is the ratio that was recorded of a pair.
func (r Record) of(p Pair) (Ratio, bool) {
	i := slices.IndexFunc(r.Ratios, func(one Ratio) bool { return Pair{one.Scenario, one.Subject} == p })
	if i < 0 {
		return Ratio{}, false
	}
	return r.Ratios[i], true
}

// Read reads a record from a file.
func Read(file string) (r Record, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r)
}

// Write writes the record to a file.
func (r Record) Write(file string) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
