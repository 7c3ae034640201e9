package harness

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
