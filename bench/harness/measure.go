package harness

import (
	"fmt"
	"runtime"
	"time"
)

// A Sample is one measurement.
type Sample struct {
	N      int     // operations
	Nanos  float64 // of an operation
	Allocs float64 // of an operation, without what the handlers box
	Boxes  float64 // allocations of an operation by the handlers' own boxing
	Bytes  float64 // in use after it, of an operation; of a scenario of memory only

	Figures map[string]float64 `json:",omitempty"` // what else the scenario is about, by name
}

// Measure measures s on subject in this process, for about the given time.
func Measure(s *Scenario, subject string, quick bool, target time.Duration) (sample Sample, err error) {
	body := s.Bodies[subject]
	if body == nil {
		return Sample{}, fmt.Errorf("scenario %s is not for %s", s.Name, subject)
	}
	defer func() {
		if p := recover(); p != nil {
			f, ok := p.(failure)
			if !ok {
				panic(p)
			}
			err = fmt.Errorf("%s on %s: %s", s.Name, subject, f.text)
		}
	}()
	r := &Run{tiny: s.Tiny, unit: 1}
	job := body(r)
	n := s.fixed(quick)
	if n == 0 {
		n = r.whole(r.calibrate(job, target) / float64(s.slices()))
	}
	sample = r.measure(s, job, n)
	if !s.Memory || s.Tiny { // what else it made is too much to undo
		r.end()
	}
	return sample, nil
}

// calibrate finds out how many operations fit the time, by trying until they
// take a fifth of it. That warms up too.
func (r *Run) calibrate(job Job, target time.Duration) (fit float64) {
	n := r.whole(100)
	for {
		took := max(timed(job, n), 1)
		r.finish()
		fit = float64(n) * float64(target) / float64(took)
		if took >= target/5 {
			return fit
		}
		n = max(r.whole(min(fit/4, float64(n)*20)), n+r.unit)
	}
}

// whole is about n, and comes in units.
func (r *Run) whole(n float64) int { return max(int(n)/r.unit, 1) * r.unit }

func timed(job Job, n int) time.Duration {
	start := time.Now()
	job(n)
	return time.Since(start)
}

// measure has each slice do n operations.
func (r *Run) measure(s *Scenario, job Job, n int) Sample {
	r.boxed, r.figures = 0, nil
	nanos := make([]float64, s.slices())
	before := memory(s.Memory)
	for i := range nanos {
		nanos[i] = float64(timed(job, n)) / float64(n)
	}
	after := memory(s.Memory)
	r.finish()
	runtime.KeepAlive(r)
	ops := float64(n * len(nanos))
	sample := Sample{
		N:     n * len(nanos),
		Nanos: SpreadOf(nanos).Median,
		Boxes: float64(r.boxed) / ops,

		Figures: r.figures,
	}
	sample.Allocs = float64(after.Mallocs-before.Mallocs)/ops - sample.Boxes
	if s.Memory {
		sample.Bytes = (inUse(after) - inUse(before)) / ops
	}
	return sample
}

// memory collects garbage first; twice if bytes are measured, as what a
// sync.Pool holds outlives one collection.
func memory(twice bool) *runtime.MemStats {
	runtime.GC()
	if twice {
		runtime.GC()
	}
	m := new(runtime.MemStats)
	runtime.ReadMemStats(m)
	return m
}

// inUse is heap and stacks.
func inUse(m *runtime.MemStats) float64 { return float64(m.HeapAlloc) + float64(m.StackInuse) }
