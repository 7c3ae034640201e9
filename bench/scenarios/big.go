package scenarios

import (
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

const (
	bigActors = 120
	bigStep   = 37 // a prime, so that a pinger gets to all others
)

// Every actor pings others, here and there among them, and each waits for the
// pong to its ping.
func init() {
	registerSavina("big", "120 actors ping each other: a ping and its pong", bigActors, big)
}

func big(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	size := r.Size(bigActors)
	all, refs, left := make([]pinger, size), make([]subjects.Ref, size), new(sync.WaitGroup)
	for i := range all {
		all[i] = pinger{index: i, others: refs, left: left}
		refs[i] = stage.Spawn(&all[i])
	}
	r.Unit(size)
	return func(n int) {
		share := n / size
		left.Add(size)
		for _, ref := range refs {
			stage.Tell(ref, subjects.Msg{Kind: beginPings, N: share})
		}
		left.Wait()
		for i := range all {
			r.Check("pings handled", all[i].pinged, share)
			r.Check("pongs out of turn", all[i].wrong, 0)
			all[i].pinged = 0
		}
	}
}

// The messages of a pinger.
const (
	beginPings = iota
	ping
	pong
)

// A pinger knows all of them. Its k-th ping goes as far round as everybody
// else's, so that all handle the same number.
type pinger struct {
	index, share, sent int
	pinged, wrong      int
	others             []subjects.Ref
	left               *sync.WaitGroup
}

// Receive answers a ping, and a pong by the next ping.
func (p *pinger) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	switch msg.Kind {
	case beginPings:
		p.share, p.sent = msg.N, 0
		p.next(self)
	case ping:
		p.pinged++
		self.Tell(msg.From, subjects.Msg{Kind: pong, N: msg.N})
	case pong:
		if msg.N != p.sent {
			p.wrong++
		}
		p.next(self)
	}
}

func (p *pinger) next(self subjects.Self[subjects.Msg]) {
	if p.sent == p.share {
		p.left.Done()
		return
	}
	p.sent++
	size := len(p.others)
	far := 1 + p.sent*bigStep%(size-1)
	self.Tell(p.others[(p.index+far)%size], subjects.Msg{Kind: ping, N: p.sent, From: self.Ref()})
}
