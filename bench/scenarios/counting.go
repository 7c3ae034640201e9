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
	counted := make(chan subjects.Msg, 1)
	producer := stage.Spawn(&countingProducer{counter, counted})
	return func(n int) {
		stage.Tell(producer, subjects.Msg{N: n})
		got := <-counted
		r.Check("count", got.N, n)
		r.Check("increments out of order", got.M, 0)
	}
}

// A counter counts the increments since it was last asked, and how many of them
// do not have the number that is due.
type counter struct{ n, due, wrong int }

func (c *counter) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	switch msg.Kind {
	case increment:
		if msg.N != c.due {
			c.wrong++
		}
		c.due = msg.N + 1
		c.n++
	case retrieve:
		self.Tell(msg.From, subjects.Msg{Kind: retrieve, N: c.n, M: c.wrong})
		*c = counter{}
	}
}

// A countingProducer sends as many increments as it is told, and passes the
// count on.
type countingProducer struct {
	counter subjects.Ref
	counted chan<- subjects.Msg
}

func (p *countingProducer) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	if msg.Kind == retrieve {
		p.counted <- msg
		return
	}
	for i := range msg.N {
		self.Tell(p.counter, subjects.Msg{Kind: increment, N: i})
	}
	self.Tell(p.counter, subjects.Msg{Kind: retrieve, From: self.Ref()})
}
