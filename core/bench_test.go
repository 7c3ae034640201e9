package core_test

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// Each benchmark is of core on every runtime and of twins, which do the same
// in plain Go. A twin is a sub-benchmark of its own; the first is also run in
// turns with core, round by round in one process, because only then a ratio
// means something on a machine with other work. The ratio is the median of
// the rounds'.

// A job does n operations, waits until all are done, not just asked for, and
// checks that they are.
type job func(n int)

// A twin makes a job in plain Go.
type twin struct {
	name string
	make func(b *testing.B) job
}

const benchRounds = 9

// compare runs the twins, and the subject against the first of them.
func compare(b *testing.B, subject func(b *testing.B, sys *core.System) job, twins ...twin) {
	for _, tw := range twins {
		b.Run(tw.name, func(b *testing.B) {
			do := tw.make(b)
			b.ResetTimer()
			do(b.N)
		})
	}
	for _, rt := range benchRuntimes() {
		b.Run(rt.Name, func(b *testing.B) {
			sys := testkit.System(b, rt, core.WithLogger(slog.New(slog.DiscardHandler)))
			interleave(b, subject(b, sys), twins[0].make(b))
		})
	}
}

// interleave reports the time of an operation of the subject, and its ratio
// to the twin's.
func interleave(b *testing.B, subject, twin job) {
	rounds := min(benchRounds, b.N)
	n := b.N / rounds
	var times, ratios []float64
	b.ResetTimer()
	for range rounds {
		s, t := timed(subject, n), timed(twin, n)
		times = append(times, s/float64(n))
		ratios = append(ratios, s/t)
	}
	b.StopTimer()
	b.ReportMetric(median(times), "ns/op")
	b.ReportMetric(median(ratios), "ratio")
}

func timed(do job, n int) float64 {
	start := time.Now()
	do(n)
	return float64(max(time.Since(start), 1))
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
