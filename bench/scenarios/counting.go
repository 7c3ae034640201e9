package scenarios

import (
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// The messages of counting.
const (
	increment = iota
	retrieve
)

// A producer sends a counter many messages, and then asks for the count.
func init() { registerSavina("counting", "an actor counts: a message", 2, counting) }

func counting(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	counter := stage.Spawn(new(counter))
	counted := make(chan int, 1)
	producer := stage.Spawn(&countingProducer{counter, counted})
	return func(n int) {
		stage.Tell(producer, subjects.Msg{N: n})
		r.Check("count", <-counted, n)
	}
}

// A counter counts the increments since it was last asked.
type counter struct{ n int }

func (c *counter) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	switch msg.Kind {
	case increment:
		c.n++
	case retrieve:
		self.Tell(msg.From, subjects.Msg{Kind: retrieve, N: c.n})
		c.n = 0
	}
}

// A countingProducer sends as many increments as it is told, and passes the
// count on.
type countingProducer struct {
	counter subjects.Ref
	counted chan<- int
}

func (p *countingProducer) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	if msg.Kind == retrieve {
		p.counted <- msg.N
		return
	}
	for range msg.N {
		self.Tell(p.counter, subjects.Msg{Kind: increment})
	}
	self.Tell(p.counter, subjects.Msg{Kind: retrieve, From: self.Ref()})
}
