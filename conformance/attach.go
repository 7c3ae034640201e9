package conformance

import (
	"sync"

	"github.com/troupe-go/troupe/core"
)

var attachRules = []check{
	must("attach/one-place-each", "Attach returns a Waker of the actor's own: its Wake has that actor's Turn called, and no other's.", attachOnePlaceEach),
	must("attach/calls-no-turn", "Attach calls no Turn; the first comes after the first Wake.", attachCallsNoTurn),
	must("attach/from-any-goroutine", "Attach may be called from any goroutine, for many actors at once.", attachFromAnyGoroutine),
	must("attach/from-a-turn", "Attach may be called from inside a Turn.", attachFromATurn),
	must("attach/serves-or-refuses", "An actor that Attach takes is served; one that it refuses with an error never runs.", attachServesOrRefuses),
}

func attachOnePlaceEach(t *trial) {
	loops := t.attachMany(t.runtime(), 16, nil)
	for i, l := range loops {
		l.poke("the Turn of actor %d of %d after its Wake", i, len(loops))
	}
	t.quiet()
	for i, l := range loops {
		if n := l.turns.Load() + l.strays.Load(); n != 1 {
			t.Errorf("Turn of actor %d was called %d times after one Wake of each actor, want 1", i, n)
		}
	}
}

func attachCallsNoTurn(t *trial) {
	rt := t.runtime()
	loops := t.attachMany(rt, 16, nil)
	loops[len(loops)-1].poke("the Turn of a woken actor")
	t.quiet()
	for i, l := range loops {
		if n := l.strays.Load(); n != 0 {
			t.Errorf("Turn of actor %d of %d was called %d times without a Wake, want 0", i, len(loops), n)
		}
	}
}

func attachFromAnyGoroutine(t *trial) {
	rt := t.runtime()
	var mu sync.Mutex
	var loops []*loop
	var refusal error
	attach := func() {
		l, err := t.tryAttach(rt, nil)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			refusal = err
		} else {
			loops = append(loops, l)
		}
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			defer t.recover()
			for range 8 {
				attach()
			}
		})
	}
	t.returns(wg.Wait, "the end of Attach by eight goroutines at once")
	if len(loops) == 0 {
		t.refuse("Attach", refusal)
	}
	for _, l := range loops {
		l.poke("the Turn of an actor that was attached at the same time as others")
	}
}

func attachFromATurn(t *trial) {
	rt := t.runtime()
	var child *loop
	attached := make(chan error, 1)
	parent := t.attach(rt, func(int) core.Status {
		var err error
		if child, err = t.tryAttach(rt, nil); err == nil {
			child.wake(nil)
		}
		attached <- err
		return core.Idle
	})
	parent.wake(nil)
	if err := await(t, attached, "the end of Attach and Wake inside a Turn"); err != nil {
		t.refuse("Attach inside a Turn", err)
	}
	child.awaitTurns(1, "the Turn of an actor that was attached inside a Turn")
}

func attachServesOrRefuses(t *trial) {
	rt := t.runtime()
	taken := []*loop{t.attach(rt, nil)}
	for range t.places(taken[0].waker, 300) {
		l, err := t.tryAttach(rt, nil)
		if err != nil {
			t.checkRefused(l)
			break
		}
		taken = append(taken, l)
	}
	for i, l := range taken {
		l.poke("the Turn of actor %d, which Attach had taken,", i)
	}
}

func (t *trial) checkRefused(l *loop) {
	t.quiet()
	if n := l.strays.Load(); n != 0 {
		t.Errorf("Turn was called %d times of an actor that Attach refused, want 0", n)
	}
}
