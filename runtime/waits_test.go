package runtime_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// eachForMany runs test with actors on each runtime that takes a thousand and
// more: all but the one with a thread for each.
func eachForMany(t *testing.T, test func(t *testing.T, m *mix)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		if rt.Name == "locked" {
			t.Skip("a user may not have as many threads")
		}
		test(t, newMix(t, rt))
	})
}

func (m *mix) spawnMany(t *testing.T, n int, opts ...core.Option) (refs []core.Ref[any]) {
	t.Helper()
	for i := range n {
		refs = append(refs, m.spawn(t, fmt.Sprint(i), opts...))
	}
	return refs
}

// A call of an actor's own context may run on the caller; one of a context
// that can end may not, and its handler waits.
func TestChainOfAThousandCalls(t *testing.T) {
	eachForMany(t, func(t *testing.T, m *mix) {
		refs := m.spawnMany(t, testkit.Fewer(1000)) // the race detector keeps 5 kB for each coroutine that there was
		checkChain(t, "of actors' contexts", refs)
		got, err := refs[0].Call(testkit.Context(t), waitingChain(refs[1:]))
		require.NoError(t, err)
		assert.Equal(t, len(refs), got)
	})
}

// waitingChain is chain, with contexts that can end.
func waitingChain(refs []core.Ref[any]) testkit.Do {
	return func(ctx context.Context) (any, error) {
		if len(refs) == 0 {
			return 1, nil
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		n, err := core.As[int](refs[0].Call(ctx, waitingChain(refs[1:])))
		return n + 1, err
	}
}

// Another actor resolves the future when all wait, and answers meanwhile.
func TestTenThousandActorsOnOneFuture(t *testing.T) {
	n := testkit.Fewer(10_000) // the race detector ends the process at 8,128 goroutines
	eachForMany(t, func(t *testing.T, m *mix) {
		var promise core.Promise[int]
		waiting := make(chan struct{}, n)
		var results []core.Future[any]
		for _, ref := range m.spawnMany(t, n) {
			results = append(results, ref.Ask(t.Context(), testkit.Do(func(ctx context.Context) (any, error) {
				waiting <- struct{}{}
				return promise.Future().Get(ctx)
			})))
		}
		for range n {
			testkit.Wait(t, waiting, "an actor to begin to wait")
		}
		resolver := m.spawn(t, "resolver")
		_, err := in(t, resolver, func(context.Context) (any, error) { return nil, promise.Resolve(7) })
		require.NoError(t, err)
		for _, result := range results {
			got, err := result.Get(testkit.Context(t))
			require.NoError(t, err)
			require.Equal(t, 7, got)
		}
	})
}

// Each stage waits for room in the inbox of the next, which holds two messages.
func TestPipelineOfBoundedInboxes(t *testing.T) {
	const messages, length = 500, 20
	eachForMany(t, func(t *testing.T, m *mix) {
		bounded := core.Bounded(2, core.Wait)
		end := m.spawn(t, "end", bounded)
		first := end
		for range length {
			next := first
			stage := func(ctx context.Context, msg any) (any, error) { return nil, next.Tell(ctx, msg) }
			ref, err := core.Spawn(m.sys, core.Func(stage), bounded)
			require.NoError(t, err)
			first = ref
		}
		var want []any
		for i := range messages {
			want = append(want, i)
			require.NoError(t, first.Tell(testkit.Context(t), i))
		}
		through := make(chan struct{})
		require.NoError(t, first.Tell(testkit.Context(t), testkit.Do(func(context.Context) (any, error) {
			close(through)
			return nil, nil
		})))
		testkit.Wait(t, through, "the last message to get through")
		got, err := end.Call(testkit.Context(t), "end")
		require.NoError(t, err)
		assert.Equal(t, append(want, "end"), got)
	})
}
