package runtime_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A keeper does what it is sent, or else keeps it and replies with all that it
// has kept. It takes no lock, so that the race detector sees turns that are not
// one after the other.
type keeper struct {
	name  string
	kept  []any
	stops *testkit.Trace
}

func (k *keeper) Receive(ctx context.Context, msg any) (any, error) {
	if do, ok := msg.(testkit.Do); ok {
		return do(ctx)
	}
	k.kept = append(k.kept, msg)
	return k.kept, nil
}

func (k *keeper) OnStop(context.Context) error {
	k.stops.Add("%s with %v", k.name, k.kept)
	return nil
}

// A mix is a system with actors on its own runtime and on others.
type mix struct {
	sys   *core.System
	stops testkit.Trace // names of actors that stopped, with what they kept
}

func newMix(t *testing.T, rt testkit.Runtime) *mix {
	t.Helper()
	return &mix{sys: testkit.System(t, rt)}
}

func (m *mix) spawn(t *testing.T, name string, opts ...core.Option) core.Ref[any] {
	t.Helper()
	ref, err := core.Spawn(m.sys, &keeper{name: name, stops: &m.stops}, append(opts, core.Named(name))...)
	require.NoError(t, err)
	return ref
}

// on makes a runtime to place actors on. Call it before the system is made:
// the runtime is closed once the system has been shut down, has to close in
// time, and must have been used.
func on(t *testing.T, rt testkit.Runtime) core.Option {
	t.Helper()
	other := &otherRuntime{Runtime: rt.New()}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
		defer cancel()
		if closer, ok := other.Runtime.(core.Closer); ok {
			require.NoError(t, closer.Close(ctx))
		}
		require.NotZero(t, other.attached.Load(), "actors on %s", rt.Name)
	})
	return core.On(other)
}

// An otherRuntime counts the actors that are placed on it.
type otherRuntime struct {
	core.Runtime
	attached atomic.Int32
}

func (o *otherRuntime) Attach(loop core.Loop) (core.Waker, error) {
	o.attached.Add(1)
	return o.Runtime.Attach(loop)
}

// A pair is a mix of two runtimes: near and beside are on the system's, far
// is on the other.
type pair struct {
	*mix
	near, beside, far core.Ref[any]
}

// eachPair runs test for every ordered pair of runtimes, those of twice the
// same kind included.
func eachPair(t *testing.T, test func(t *testing.T, p pair), farOpts ...core.Option) {
	t.Helper()
	for _, a := range testkit.Runtimes() {
		for _, b := range testkit.Runtimes() {
			t.Run(a.Name+"+"+b.Name, func(t *testing.T) {
				other := on(t, b)
				m := newMix(t, a)
				beside := m.spawn(t, "beside")
				test(t, pair{m, m.spawn(t, "near"), beside, m.spawn(t, "far", append(farOpts, other)...)})
			})
		}
	}
}

// in has the actor run f, and waits for it.
func in(t *testing.T, ref core.Ref[any], f testkit.Do) (any, error) {
	t.Helper()
	return ref.Call(testkit.Context(t), f)
}

// begin has the actor run f, and returns once it does.
func begin(t *testing.T, ref core.Ref[any], f testkit.Do) core.Future[any] {
	t.Helper()
	begun := make(chan struct{})
	result := ref.Ask(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
		close(begun)
		return f(ctx)
	}))
	testkit.Wait(t, begun, "the beginning of a handler")
	return result
}
