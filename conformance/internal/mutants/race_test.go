//go:build race

package mutants

// The race detector makes a runtime too slow for faults that need time to show.
func init() { racing = true }
