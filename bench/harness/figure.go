package harness

import (
	"maps"
	"slices"
)

// Nanos is the figure of time, for [Series.Spread].
func Nanos(s Sample) float64 { return s.Nanos }

// Allocs is the figure of allocations, the handlers' own boxing left out.
func Allocs(s Sample) float64 { return s.Allocs }

// Boxes is the figure of the handlers' own boxing.
func Boxes(s Sample) float64 { return s.Boxes }

// Bytes is the figure of memory.
func Bytes(s Sample) float64 { return s.Bytes }

// N is how many operations were measured.
func N(s Sample) float64 { return float64(s.N) }

// Figure is the figure that only some scenarios have, by its name.
func Figure(name string) func(Sample) float64 {
	return func(s Sample) float64 { return s.Figures[name] }
}

// Figures are the names of those that s has, in order.
func (s *Series) Figures() []string {
	names := map[string]bool{}
	for _, sample := range s.Samples {
		for name := range sample.Figures {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
