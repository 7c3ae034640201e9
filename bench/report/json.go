// Package report shows what was measured.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
)

// A Line is what JSON prints. A figure that the scenario is not about is 0.
type Line struct {
	Scenario string      `json:"scenario"`
	Subject  string      `json:"subject"`
	Nanos    json.Number `json:"ns_per_op"`
	Allocs   json.Number `json:"allocs_per_op"`
	Boxes    json.Number `json:"boxes_per_op"` // by the handlers' own boxing, not in Allocs
	Bytes    json.Number `json:"bytes_per_actor"`
	N        int         `json:"n"`

	// Ratio is that to plain Go, if plain Go was measured.
	Ratio   json.Number            `json:"ratio,omitempty"`
	Figures map[string]json.Number `json:"figures,omitempty"`
}

// JSON prints an object a line: the medians of the samples.
func JSON(w io.Writer, all []*harness.Series) error {
	out := json.NewEncoder(w)
	for _, s := range all {
		if err := out.Encode(lineOf(s)); err != nil {
			return err
		}
	}
	return nil
}

// ReadJSON reads what JSON has printed.
func ReadJSON(r io.Reader) (lines []Line, err error) {
	for in := json.NewDecoder(r); ; {
		var one Line
		switch err := in.Decode(&one); {
		case errors.Is(err, io.EOF):
			return lines, nil
		case err != nil:
			return nil, err
		}
		lines = append(lines, one)
	}
}

func lineOf(s *harness.Series) Line {
	return Line{
		Scenario: s.Scenario.Name,
		Subject:  s.Subject,
		Nanos:    number("%.2f", s.Spread(harness.Nanos)),
		Allocs:   number("%.2f", s.Spread(harness.Allocs)),
		Boxes:    number("%.2f", s.Spread(harness.Boxes)),
		Bytes:    number("%.1f", s.Spread(harness.Bytes)),
		N:        int(s.Spread(harness.N).Median),
		Ratio:    ratioNumber(s),
		Figures:  figures(s),
	}
}

func ratioNumber(s *harness.Series) json.Number {
	if len(s.Ratios) == 0 {
		return ""
	}
	return number("%.4f", s.Ratio())
}

func figures(s *harness.Series) map[string]json.Number {
	all := map[string]json.Number{}
	for _, name := range s.Figures() {
		all[name] = number("%.3f", s.Spread(harness.Figure(name)))
	}
	return all
}

func number(format string, s harness.Spread) json.Number {
	return json.Number(unsigned(fmt.Sprintf(format, s.Median)))
}

// unsigned takes the sign from a zero. Any other number keeps its own: fewer
// allocations than none would be more boxes than there were, and must show.
func unsigned(text string) string {
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}
