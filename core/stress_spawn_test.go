package core_test

import (
	"errors"
	"fmt"

	"github.com/troupe-go/troupe/core"
)

// spawn makes an actor with options at random, as long as there are not too
// many.
func (p *party) spawn() {
	s, room := p.spawnPlace()
	if !room {
		return
	}
	a := &stressActor{w: p.w, sys: s, plan: p.rng.Uint64(), out: p.w.newLedger(), last: map[lane]uint64{}}
	opts := p.options(a)
	ref, err := core.SpawnNew(s.sys, func(self core.Ref[letter]) (*stressActor, error) {
		a.ref = self
		self.OnDone(func(error) { a.dones.Add(1) })
		p.w.addActor(a)
		return a, nil
	}, opts...)
	switch {
	case err == nil && ref != a.ref:
		p.w.t.Errorf("Spawn = %v, want %v", ref, a.ref)
	case err == nil:
		s.spawned.Add(1)
	case errors.Is(err, core.ErrNameTaken) || errors.Is(err, core.ErrShutdown):
		p.w.mu.Lock()
		a.refused = true
		p.w.mu.Unlock()
	default:
		p.w.t.Errorf("Spawn = %v", err)
	}
}

func (p *party) spawnPlace() (s *stressSystem, room bool) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	return p.w.current[p.rng.IntN(len(p.w.current))], len(p.w.actors) < 100
}

func (w *world) addActor(a *stressActor) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a.index = len(w.actors)
	w.actors = append(w.actors, a)
}

func (p *party) options(a *stressActor) (opts []core.Option) {
	if p.rng.IntN(4) == 0 {
		a.boxed, a.priority = true, true
		opts = append(opts, core.Priority(func(a, b letter) bool { return a.rank < b.rank }))
	}
	if p.rng.IntN(3) == 0 {
		a.boxed, a.bounded = true, true
		a.policy = core.Policy(p.rng.IntN(4))
		opts = append(opts, core.Bounded(1+p.rng.IntN(4), a.policy))
	}
	if p.rng.IntN(5) == 0 {
		opts = append(opts, core.Quick())
	}
	if p.rng.IntN(6) == 0 {
		opts = append(opts, core.Named(fmt.Sprint("name ", p.rng.IntN(4))))
	}
	if p.rng.IntN(4) == 0 {
		opts = append(opts, core.On(p.w.runtimes[1]))
	}
	return opts
}
