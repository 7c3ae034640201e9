package pool_test

import (
	"context"
	"sync"
	"testing"

	"github.com/panjf2000/ants/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/pool"
)

// shared makes an ants pool that is released at the end of the test, after
// what the test does with it.
func shared(t *testing.T, size int, opts ...ants.Option) *ants.Pool {
	t.Helper()
	p, err := ants.NewPool(size, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.ReleaseContext(testkit.Context(t))) })
	return p
}

// occupy keeps n workers of p busy until the gate opens.
func occupy(t *testing.T, p *ants.Pool, n int) *testkit.Gate {
	t.Helper()
	gate := testkit.NewGate(t)
	var busy sync.WaitGroup
	busy.Add(n)
	for range n {
		require.NoError(t, p.Submit(func() { busy.Done(); gate.Pass() }))
	}
	busy.Wait()
	return gate
}

var antsKinds = map[string][]ants.Option{
	"blocking":    nil,
	"nonblocking": {ants.WithNonblocking(true)},
	"prealloc":    {ants.WithPreAlloc(true)},
	"few_blocked": {ants.WithMaxBlockingTasks(1)},
}

func TestOnAntsPoolWithRoom(t *testing.T) {
	for kind, opts := range antsKinds {
		t.Run(kind, func(t *testing.T) {
			p := shared(t, 8, opts...)
			sys := system(t, pool.On(p))
			ref := spawn(t, sys, func(context.Context, int) (any, error) { return nil, nil })
			testkit.Eventually(t, func() bool { // under load a worker may be late, and replaced
				require.NoError(t, ref.Tell(t.Context(), 0))
				return p.Running() == 1
			}, "a worker of the ants pool to be used")
		})
	}
}

// Whatever its service does with it, an ants pool holds no sender and no
// actor up, also where no slot is ever lent.
func TestOnFullAntsPool(t *testing.T) {
	for kind, opts := range antsKinds {
		t.Run(kind, func(t *testing.T) {
			p := shared(t, 2, opts...)
			gate := occupy(t, p, 2)
			sys := system(t, pool.On(p, pool.Patience(0)))
			for i := range 10 {
				ref := spawn(t, sys, func(_ context.Context, n int) (int, error) { return n, nil })
				n, err := core.As[int](ref.Call(testkit.Context(t), i))
				require.NoError(t, err)
				require.Equal(t, i, n)
				assert.LessOrEqual(t, p.Waiting(), 1, "goroutines of ours in its Submit")
			}
			gate.Open()
		})
	}
}

func TestOnAntsPoolSmallerThanChain(t *testing.T) {
	for kind, opts := range antsKinds {
		t.Run(kind, func(t *testing.T) {
			p := shared(t, 1, opts...)
			sys := system(t, pool.On(p))
			n, err := core.As[int](chain(t, sys, 200).Call(testkit.Context(t), 0))
			require.NoError(t, err)
			assert.Equal(t, 199, n)
		})
	}
}

func TestOnReleasedAntsPool(t *testing.T) {
	p, err := ants.NewPool(2)
	require.NoError(t, err)
	require.NoError(t, p.ReleaseContext(testkit.Context(t)))
	sys := system(t, pool.On(p))
	_, err = chain(t, sys, 10).Call(testkit.Context(t), 0)
	require.NoError(t, err)
}

func TestOnHasAsManySlotsAsAnts(t *testing.T) {
	r := pool.On(shared(t, 7))
	assert.Equal(t, 7, r.Stats().Size)
	require.NoError(t, r.Close(testkit.Context(t)))
	r = pool.On(shared(t, -1))
	assert.Positive(t, r.Stats().Size)
	require.NoError(t, r.Close(testkit.Context(t)))
}

// Close leaves a pool alone that it did not make.
func TestCloseLeavesAntsPool(t *testing.T) {
	p := shared(t, 2)
	require.NoError(t, pool.On(p).Close(testkit.Context(t)))
	done := make(chan struct{})
	require.NoError(t, p.Submit(func() { close(done) }))
	testkit.Wait(t, done, "a task of the service")
}

// A worker that was late, because Submit blocked, finds that it has been
// replaced.
func TestLateWorker(t *testing.T) {
	p := shared(t, 1)
	r := pool.On(p)
	sys := system(t, r)
	for range 50 {
		gate := occupy(t, p, 1)
		ref := spawn(t, sys, echo)
		_, err := ref.Call(testkit.Context(t), 1)
		require.NoError(t, err)
		gate.Open()
		_, err = ref.Stop(testkit.Context(t))
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return p.Waiting() == 0 }, "Submit to return")
	}
}
