package scenarios

import (
	"sync"
	"time"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

const (
	mixedActors  = 10_000
	mixedDrivers = 4
	mixedParts   = 5 // of the time, the first of which is compared with the last
)

// Of a hundred operations one replaces an actor by another, twenty ask, and
// the others tell.
func init() {
	register(harness.Scenario{
		Name:      "mixed",
		Group:     load,
		Op:        "4 drivers, 10,000 actors: a tell (79 %), an ask (20 %), or a stop and a spawn",
		Reference: "go/slice",
		Lasts:     time.Minute,
		Bodies:    onStages(mixedActors, mixed),
	})
}

func mixed(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	drivers := make([]*mixedDriver, mixedDrivers)
	for i := range drivers {
		drivers[i] = newMixedDriver(stage, r.Size(mixedActors)/mixedDrivers)
	}
	r.Unit(mixedParts * mixedDrivers)
	return func(n int) {
		var took [mixedParts]time.Duration
		memory, pauses := watchMemory(), watchPauses()
		for part := range took {
			start := time.Now()
			driveAll(drivers, n/mixedParts/mixedDrivers)
			took[part] = time.Since(start)
		}
		count, longest := pauses.since()
		r.Figure("gc_pauses", count)
		r.Figure("gc_pause_max_ns", longest)
		r.Figure("peak_bytes", memory.peak())
		r.Figure("rate_last_to_first_fifth", float64(took[0])/float64(took[mixedParts-1]))
		r.Afterwards(func() { r.Figure("growth_bytes", memory.growth()) })
		for _, d := range drivers {
			r.Check("replies and counts that are wrong", d.wrong, 0)
		}
	}
}

func driveAll(drivers []*mixedDriver, n int) {
	var all sync.WaitGroup
	for _, d := range drivers {
		all.Go(func() { d.drive(n) })
	}
	all.Wait()
}

// A mixedActor counts, and says its count if asked.
type mixedActor struct {
	ref     subjects.Ref
	told    int // by its driver
	settled int // of these, known to be handled
	handled int // by itself
}

// The messages of a mixedActor.
const (
	mixedTell = iota
	mixedAsk
)

// Receive counts.
func (a *mixedActor) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	switch msg.Kind {
	case mixedTell:
		a.handled++
	case mixedAsk:
		a.handled++
		self.Reply(a.handled)
	}
}

// A mixedDriver is the only one that sends to its actors, and so knows their
// counts.
type mixedDriver struct {
	stage     subjects.Stage[subjects.Msg]
	actors    []*mixedActor
	at, round int
	wrong     int
}

func newMixedDriver(stage subjects.Stage[subjects.Msg], actors int) *mixedDriver {
	d := &mixedDriver{stage: stage, actors: make([]*mixedActor, actors)}
	for i := range d.actors {
		d.actors[i] = d.spawn()
	}
	return d
}

func (d *mixedDriver) spawn() *mixedActor {
	a := new(mixedActor)
	a.ref = d.stage.Spawn(a)
	return a
}

// drive does n operations, on one actor after the other, and waits until all
// messages have been handled.
func (d *mixedDriver) drive(n int) {
	for range n {
		d.operate(d.at, (d.at+d.round*37)%100)
		d.at++
		if d.at == len(d.actors) {
			d.at = 0
			d.round++
		}
	}
	for _, a := range d.actors {
		if a.settled < a.told {
			d.ask(a)
		}
	}
}

// operate does something to the i-th actor; which of the hundred things is to
// be done differs by the round, so that no actor is only told for long.
func (d *mixedDriver) operate(i, which int) {
	a := d.actors[i]
	switch {
	case which == 0:
		d.stage.Stop(a.ref)
		d.check(a.told, a.handled)
		d.actors[i] = d.spawn()
	case which <= 20:
		d.ask(a)
	default:
		a.told++
		d.stage.Tell(a.ref, subjects.Msg{Kind: mixedTell})
	}
}

func (d *mixedDriver) ask(a *mixedActor) {
	a.told++
	d.check(a.told, d.stage.Ask(a.ref, subjects.Msg{Kind: mixedAsk}))
	a.settled = a.told
}

func (d *mixedDriver) check(want, got int) {
	if got != want {
		d.wrong++
	}
}
