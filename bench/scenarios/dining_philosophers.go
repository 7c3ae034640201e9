package scenarios

import (
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// philosophers sit at a round table, with a fork between each two.
const philosophers = 20

// Philosophers think and eat. An arbiter gives one both forks, or neither, and
// a hungry one asks again.
func init() {
	registerSavina("dining-philosophers", "20 philosophers and an arbiter of forks: a meal",
		philosophers+1, diningPhilosophers)
}

func diningPhilosophers(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	left, forks := new(sync.WaitGroup), new(arbiter)
	arbiter := stage.Spawn(forks)
	all, refs := make([]philosopher, philosophers), make([]subjects.Ref, philosophers)
	for i := range all {
		all[i] = philosopher{seat: i, arbiter: arbiter, left: left}
		refs[i] = stage.Spawn(&all[i])
	}
	r.Unit(philosophers)
	return func(n int) {
		share := n / philosophers
		left.Add(philosophers)
		for _, ref := range refs {
			stage.Tell(ref, subjects.Msg{Kind: sitDown, N: share})
		}
		left.Wait()
		for i := range all {
			r.Check("meals", all[i].meals, share)
			all[i].meals = 0
		}
		r.Check("meals with a fork of someone else's", forks.wrong, 0)
		r.Check("forks taken", forks.taken(), 0)
	}
}

// The messages of the philosophers and their arbiter.
const (
	sitDown = iota
	hungry
	forksTaken
	eat
	sated
	leave
)

// An arbiter knows who has each fork: the seat, counted from 1, 0 if nobody.
type arbiter struct {
	forks [philosophers]int
	wrong int
}

func (a *arbiter) taken() (n int) {
	for _, who := range a.forks {
		if who != 0 {
			n++
		}
	}
	return n
}

// Receive gives forks, or takes them back.
func (a *arbiter) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	who := msg.N + 1
	one, other := &a.forks[msg.N], &a.forks[(msg.N+1)%philosophers]
	switch {
	case msg.Kind == sated:
		if *one != who || *other != who {
			a.wrong++
		}
		*one, *other = 0, 0
		self.Tell(msg.From, subjects.Msg{Kind: leave})
	case *one != 0 || *other != 0:
		self.Tell(msg.From, subjects.Msg{Kind: forksTaken})
	default:
		*one, *other = who, who
		self.Tell(msg.From, subjects.Msg{Kind: eat})
	}
}

// A philosopher eats as often as it was told.
type philosopher struct {
	seat, share, meals int
	arbiter            subjects.Ref
	left               *sync.WaitGroup
}

// Receive gives the forks back after a meal, and is hungry after all else.
func (p *philosopher) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	next := hungry
	switch msg.Kind {
	case sitDown:
		p.share = msg.N
	case eat:
		p.meals++
		next = sated
	}
	if next == hungry && p.meals == p.share {
		p.left.Done()
		return
	}
	self.Tell(p.arbiter, subjects.Msg{Kind: next, N: p.seat, From: self.Ref()})
}
