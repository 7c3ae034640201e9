package core_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// noting is an index that notes what it is told.
type noting struct{ trace func(string) }

func (n noting) Register(core.Ref[any]) {}
func (n noting) Unregister(ref core.Ref[any]) {
	n.trace(fmt.Sprintf("unregistered, alive %v", ref.Alive()))
}

// ending is an actor that notes what can be seen of it while it ends.
type ending struct {
	probe    testkit.Probe
	sys      *core.System
	ref      core.Ref[any]
	ctx      context.Context     // the actor's own
	request  core.Future[bool]   // to stop
	leftover [3]core.Future[any] // the second is told
}

func (e *ending) note(at string) {
	_, found := e.sys.Find("ending")
	stopped := e.request != nil && settledNow(e.request)
	asked := e.leftover[0] != nil && settledNow(e.leftover[0])
	e.probe.Trace.Add("%s: found %v, alive %v, context over %v, stop answered %v, asker answered %v, done %v", at,
		found, e.ref.Alive(), e.ctx.Err() != nil, stopped, asked, settledNow(doneFuture{e.ref}))
}

// start spawns the actor in a system whose records, index, hooks and dead
// letters are noted.
func (e *ending) start(t *testing.T, rt testkit.Runtime) {
	records := testkit.NewRecords()
	records.Observe = func(r testkit.Record) {
		if e.ctx != nil && (r.Message == "actor unregistered" || r.Message == "actor stopped") {
			e.note(r.Message)
		}
	}
	e.sys = testkit.System(t, rt, core.WithLogger(records.Logger()), core.WithDeadLetters(func(core.DeadLetter) {
		e.note("dead letter")
		e.ctx = nil // the rest is another actor's
		_, err := core.Spawn(e.sys, &testkit.Probe{}, core.Named("ending"))
		assert.NoError(t, err, "the name is free before the drain")
	}))
	e.sys.Index(func() core.Index { return noting{func(s string) { e.probe.Trace.Add("%s", s) }} })
	e.probe.Stop = func(ctx context.Context) error {
		e.note("OnStop")
		_, err := core.Spawn(e.sys, &testkit.Probe{}, core.Named("ending"))
		assert.ErrorIs(t, err, core.ErrNameTaken, "the name is taken until OnStop has returned")
		return nil
	}
	e.ref = e.probe.Spawn(t, e.sys, core.Named("ending"))
	var err error
	_, err = e.ref.Call(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) { e.ctx = ctx; return nil, nil }))
	require.NoError(t, err)
}

func endOrder() []string {
	const at = "found false, alive %v, context over %v, stop answered %v, asker answered %v, done false"
	return []string{
		"start",
		"unregistered, alive true",
		"actor unregistered: " + fmt.Sprintf(at, true, false, false, false),
		"actor stopped: " + fmt.Sprintf(at, false, false, false, false),
		"stop",
		"OnStop: " + fmt.Sprintf(at, false, false, false, false),
		"dead letter: " + fmt.Sprintf(at, false, true, true, true), // the second of three leftovers
	}
}

// P17: an end has one order: found no more, dead, logged, OnStop, context
// over and name free, stop answered, leftovers drained, Done.
func TestOrderOfAnEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		ctx := testkit.Context(t)
		e := new(ending)
		e.start(t, rt)
		held := testkit.Hold(t, e.ref)
		e.request = e.ref.AskStop()
		e.leftover[0] = e.ref.Ask(ctx, "leftover")
		require.NoError(t, e.ref.Tell(ctx, "leftover"))
		e.leftover[2] = e.ref.Ask(ctx, "leftover")
		held.Open()
		testkit.Wait(t, e.ref.Done(), "the actor's end")
		checkStop(t, true)(e.request.Get(ctx))
		for _, reply := range []core.Future[any]{e.leftover[0], e.leftover[2]} {
			_, err := reply.Get(ctx)
			assert.ErrorIs(t, err, core.ErrDead)
		}
		assert.Equal(t, endOrder(), e.probe.Trace.All()[:7])
	})
}

// P17: the order is the same when the caller of Stop runs an idle actor's end
// itself.
func TestOrderOfAnEndOnTheCaller(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		e := new(ending)
		e.start(t, rt)
		checkStop(t, true)(e.ref.Stop(context.Background()))
		assert.Equal(t, endOrder()[:6], e.probe.Trace.All())
		testkit.Wait(t, e.ref.Done(), "the actor's end")
	})
}

// P17: the actor's context is over before the first leftover has its outcome,
// also for whoever looks at it only then.
func TestContextEndsBeforeTheDrain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		var inside context.Context
		draining := make(chan context.Context, 1)
		gate := testkit.NewGate(t)
		sys := testkit.System(t, rt, core.WithDeadLetters(func(core.DeadLetter) {
			draining <- inside
			gate.Pass()
		}))
		p := &testkit.Probe{Start: func(ctx context.Context) error { inside = ctx; return nil }}
		ref := p.Spawn(t, sys)
		held := testkit.Hold(t, ref)
		ref.AskStop()
		require.NoError(t, ref.Tell(testkit.Context(t), "leftover"))
		held.Open()
		ctx := testkit.Wait(t, draining, "the drain")
		assert.ErrorIs(t, ctx.Err(), context.Canceled)
		derived, cancel := context.WithCancel(ctx)
		defer cancel()
		gate.Open()
		testkit.Wait(t, ctx.Done(), "the end of the context")
		testkit.Wait(t, derived.Done(), "the end of what derives from it")
	})
}
