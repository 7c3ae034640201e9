package scenarios

import (
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// creatures and the mall make a hundred and one.
const creatures = 99

// Creatures of three colours meet two at a time in a mall. Two of different
// colours both take on the third.
func init() {
	registerSavina("chameneos", "99 creatures meet in a mall: a meeting", creatures+1, chameneos)
}

func chameneos(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	left := new(sync.WaitGroup)
	mall := stage.Spawn(new(mall))
	all, refs := make([]creature, creatures), make([]subjects.Ref, creatures)
	for i := range all {
		all[i] = creature{colour: i % 3, mall: mall, left: left}
		refs[i] = stage.Spawn(&all[i])
	}
	return func(n int) {
		before := coloursOf(all)
		left.Add(creatures)
		stage.Tell(mall, subjects.Msg{Kind: openMall, N: n})
		for _, ref := range refs {
			stage.Tell(ref, subjects.Msg{Kind: enterMall})
		}
		left.Wait()
		met := 0
		for i := range all {
			met += all[i].met
			all[i].met = 0
		}
		r.Check("who met", met, 2*n)
		r.Check("colours", coloursOf(all), before)
	}
}

// coloursOf is what no meeting changes: by how many the creatures of two
// colours differ, modulo 3. A meeting takes one of each of two colours away
// and adds two of the third.
func coloursOf(all []creature) int {
	var n [3]int
	for i := range all {
		n[all[i].colour]++
	}
	return (n[0]-n[1]+creatures)%3*3 + (n[0]-n[2]+creatures)%3
}

// The messages of the mall and the creatures.
const (
	openMall = iota
	enterMall
	meet
	closedMall
)

// A mall has the first of two wait for the second.
type mall struct {
	left    int // meetings
	waiting subjects.Msg
}

// Receive lets a creature in.
func (m *mall) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	switch {
	case msg.Kind == openMall:
		m.left = msg.N
	case m.left == 0:
		self.Tell(msg.From, subjects.Msg{Kind: closedMall})
	case m.waiting.From == nil:
		m.waiting = msg
	default:
		self.Tell(m.waiting.From, subjects.Msg{Kind: meet, N: msg.N})
		self.Tell(msg.From, subjects.Msg{Kind: meet, N: m.waiting.N})
		m.waiting = subjects.Msg{}
		m.left--
	}
}

// A creature goes to the mall again and again.
type creature struct {
	colour, met int
	mall        subjects.Ref
	left        *sync.WaitGroup
}

// Receive changes the colour after a meeting.
func (c *creature) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	switch msg.Kind {
	case closedMall:
		c.left.Done()
		return
	case meet:
		c.met++
		if msg.N != c.colour {
			c.colour = 3 - c.colour - msg.N
		}
	}
	self.Tell(c.mall, subjects.Msg{Kind: enterMall, N: c.colour, From: self.Ref()})
}
