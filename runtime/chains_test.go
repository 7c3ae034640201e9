package runtime_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// chain is a message whose handler calls the first of refs, that the next, and
// so on. The reply is how many handlers there were.
func chain(refs ...core.Ref[any]) testkit.Do {
	return func(ctx context.Context) (any, error) {
		if len(refs) == 0 {
			return 1, nil
		}
		n, err := core.As[int](refs[0].Call(ctx, chain(refs[1:]...)))
		return n + 1, err
	}
}

// stages are actors on each runtime for each place in a chain, so that a chain
// of any runtimes meets no actor twice.
type stages []map[string]core.Ref[any]

func newStages(t *testing.T, n int) stages {
	t.Helper()
	opts := map[string]core.Option{}
	for _, rt := range testkit.Runtimes() {
		opts[rt.Name] = on(t, rt)
	}
	m := newMix(t, testkit.Runtimes()[0])
	s := make(stages, n)
	for i := range s {
		s[i] = map[string]core.Ref[any]{}
		for name, opt := range opts {
			s[i][name] = m.spawn(t, name+string(rune('A'+i)), opt)
		}
	}
	return s
}

// on are actors on the named runtimes, in this order.
func (s stages) on(names ...string) (refs []core.Ref[any]) {
	for i, name := range names {
		refs = append(refs, s[i][name])
	}
	return refs
}

// A triple is three runtimes.
type triple struct{ a, b, c string }

func (r triple) String() string { return r.a + "+" + r.b + "+" + r.c }

func triples() (all []triple) {
	for _, a := range testkit.Runtimes() {
		for _, b := range testkit.Runtimes() {
			for _, c := range testkit.Runtimes() {
				all = append(all, triple{a.Name, b.Name, c.Name})
			}
		}
	}
	return all
}

// checkChain fails the test unless refs can call each other down the chain.
func checkChain(t *testing.T, what string, refs []core.Ref[any]) {
	t.Helper()
	got, err := refs[0].Call(testkit.Context(t), chain(refs[1:]...))
	assert.NoError(t, err, what)
	assert.Equal(t, len(refs), got, what)
}

// A chain of three Calls, one that comes back to the runtimes it came through,
// and one that comes back to the actor it came from.
func TestTriples(t *testing.T) {
	s := newStages(t, 5)
	for _, r := range triples() {
		t.Run(r.String(), func(t *testing.T) {
			checkChain(t, "there", s.on(r.a, r.b, r.c))
			checkChain(t, "and back", s.on(r.a, r.b, r.c, r.b, r.a))
			ring := s.on(r.a, r.b, r.c)
			_, err := ring[0].Call(testkit.Context(t), chain(ring[1], ring[2], ring[0]))
			require.ErrorIs(t, err, core.ErrDeadlock)
			for _, ref := range ring {
				assert.ErrorContains(t, err, ref.URN())
			}
			checkChain(t, "after the ring", ring)
		})
	}
}

// All chains at once: the actors are busy, and the calls wait for them.
func TestTriplesTogether(t *testing.T) {
	s := newStages(t, 5)
	results := make(map[triple]core.Future[any])
	for _, r := range triples() {
		refs := s.on(r.a, r.b, r.c, r.b, r.a)
		results[r] = refs[0].Ask(testkit.Context(t), chain(refs[1:]...))
	}
	for r, result := range results {
		got, err := result.Get(testkit.Context(t))
		assert.NoError(t, err, r)
		assert.Equal(t, 5, got, r)
	}
}
