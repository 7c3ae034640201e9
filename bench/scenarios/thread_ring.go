package scenarios

import (
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// ringThreads is the size of the ring of the benchmarks game, where this
// program comes from: its results are published.
const ringThreads = 503

// Actors in a ring pass a token on, which says how often it is still to be
// passed.
func init() {
	registerSavina("thread-ring", "503 actors in a ring: a hop", ringThreads, threadRing)
}

func threadRing(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	size, last := r.Size(ringThreads), make(chan int, 1)
	all, refs := make([]ringThread, size), make([]subjects.Ref, size)
	for i := range all {
		all[i] = ringThread{name: i + 1, last: last}
		refs[i] = stage.Spawn(&all[i])
	}
	for i := range all {
		all[i].next = refs[(i+1)%size]
	}
	return func(n int) {
		stage.Tell(refs[0], subjects.Msg{N: n - 1})
		r.Check("who had the token last", <-last, lastOfRing(size, n-1))
		handled := 0
		for i := range all {
			handled += all[i].handled
			all[i].handled = 0
		}
		r.Check("messages handled", handled, n)
	}
}

// lastOfRing is the name of the actor that a token ends with.
func lastOfRing(size, hops int) int { return hops%size + 1 }

// A ringThread knows the next.
type ringThread struct {
	name, handled int
	next          subjects.Ref
	last          chan<- int
}

// Receive passes the token on.
func (t *ringThread) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	t.handled++
	if msg.N == 0 {
		t.last <- t.name
		return
	}
	self.Tell(t.next, subjects.Msg{N: msg.N - 1})
}
