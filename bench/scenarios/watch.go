package scenarios

import (
	"math"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"
)

// A memoryWatch looks every millisecond at how much is in use.
type memoryWatch struct {
	first, most float64
	stop        chan struct{}
	stopped     sync.WaitGroup
}

func watchMemory() *memoryWatch {
	w := &memoryWatch{stop: make(chan struct{})}
	w.first = used()
	w.most = w.first
	w.stopped.Go(w.run)
	return w
}

func (w *memoryWatch) run() {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.most = max(w.most, used())
		case <-w.stop:
			return
		}
	}
}

// peak ends the watch, and is the most that was in use beyond what was at
// first, garbage included.
func (w *memoryWatch) peak() float64 {
	close(w.stop)
	w.stopped.Wait()
	return max(w.most, used()) - w.first
}

// growth is how much more is in use than was at first, without garbage, 0 if
// it is less. What a sync.Pool holds outlives one collection.
func (w *memoryWatch) growth() float64 {
	runtime.GC()
	runtime.GC()
	return max(used()-w.first, 0)
}

// used are the bytes of heap and stacks, without stopping the world.
func used() float64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return float64(samples[0].Value.Uint64() + samples[1].Value.Uint64())
}

// A pauseWatch counts the pauses for the collector.
type pauseWatch struct{ before []uint64 }

func watchPauses() pauseWatch { return pauseWatch{pauses().Counts} }

// since is how many pauses there were, and that the longest was shorter than
// this, in nanoseconds.
func (w pauseWatch) since() (n, longest float64) {
	now := pauses()
	for i, count := range now.Counts {
		if i < len(w.before) {
			count -= w.before[i]
		}
		if count == 0 {
			continue
		}
		n += float64(count)
		longest = now.Buckets[i+1]
		if math.IsInf(longest, 1) {
			longest = now.Buckets[i]
		}
	}
	return n, longest * 1e9
}

func pauses() *metrics.Float64Histogram {
	samples := []metrics.Sample{{Name: "/sched/pauses/total/gc:seconds"}}
	metrics.Read(samples)
	return samples[0].Value.Float64Histogram()
}
