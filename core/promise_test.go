package core_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A completion is one of the three ways to complete a promise.
type completion struct {
	name     string
	complete func(p *core.Promise[int], n int) error
	check    func(t *testing.T, n, got int, err error)
}

type numberedError int

func (e numberedError) Error() string { return "numbered" }

var completions = []completion{
	{
		"value",
		func(p *core.Promise[int], n int) error { return p.Resolve(n) },
		checkNumber,
	}, {
		"error",
		func(p *core.Promise[int], n int) error { return p.Reject(numberedError(n)) },
		func(t *testing.T, n, got int, err error) {
			assert.Zero(t, got)
			assert.Equal(t, numberedError(n), err)
		},
	}, {
		"lazy",
		func(p *core.Promise[int], n int) error {
			return p.Compute(func(context.Context) (int, error) { return n, nil })
		},
		checkNumber,
	},
}

func checkNumber(t *testing.T, n, got int, err error) {
	assert.NoError(t, err)
	assert.Equal(t, n, got)
}

// P77: a promise has one completion of any kind; every later one returns ErrResolved and changes nothing.
// P85: a value or an error for a promise that is to be computed, and a function for a completed one, come too late.
// P86: a second function comes too late too.
func TestPromiseCompletesOnce(t *testing.T) {
	for _, first := range completions {
		for _, second := range completions {
			t.Run(first.name+"_then_"+second.name, func(t *testing.T) {
				t.Run("before_a_Get", func(t *testing.T) {
					var p core.Promise[int]
					require.NoError(t, first.complete(&p, 1))
					require.ErrorIs(t, second.complete(&p, 2), core.ErrResolved)
					got, err := p.Future().Get(testkit.Context(t))
					first.check(t, 1, got, err)
				})
				t.Run("after_a_Get", func(t *testing.T) {
					var p core.Promise[int]
					require.NoError(t, first.complete(&p, 1))
					got, err := p.Future().Get(testkit.Context(t))
					first.check(t, 1, got, err)
					require.ErrorIs(t, second.complete(&p, 2), core.ErrResolved)
					got, err = p.Future().Get(testkit.Context(t))
					first.check(t, 1, got, err)
				})
				t.Run("while_a_Get_waits", func(t *testing.T) {
					var p core.Promise[int]
					got := getWaiting(t, p.Future())
					require.NoError(t, first.complete(&p, 1))
					require.ErrorIs(t, second.complete(&p, 2), core.ErrResolved)
					r := testkit.Wait(t, got, "Get")
					first.check(t, 1, r.value, r.err)
				})
			})
		}
	}
}

// A result is what a Get returned.
type result[T any] struct {
	value T
	err   error
}

// getWaiting calls Get on another goroutine and returns when that waits.
func getWaiting[T any](t *testing.T, f core.Future[T]) <-chan result[T] {
	t.Helper()
	ctx, waits := testkit.Waiting(testkit.Context(t))
	got := getAside(ctx, f)
	testkit.Wait(t, waits, "Get to wait")
	return got
}

// getAside calls Get on another goroutine.
func getAside[T any](ctx context.Context, f core.Future[T]) <-chan result[T] {
	got := make(chan result[T], 1)
	go func() {
		v, err := f.Get(ctx)
		got <- result[T]{v, err}
	}()
	return got
}

// P77: of many completions at once exactly one wins, whatever their kinds.
func TestPromiseRace(t *testing.T) {
	for range 200 {
		var p core.Promise[int]
		won := make(chan int, 9)
		start := make(chan struct{})
		done := make(chan struct{})
		for i := range 9 {
			go func() {
				defer func() { done <- struct{}{} }()
				<-start
				if completions[i%3].complete(&p, i) == nil {
					won <- i
				}
			}()
		}
		got := getAside(testkit.Context(t), p.Future())
		close(start)
		for range 9 {
			<-done
		}
		require.Len(t, won, 1)
		i := <-won
		r := testkit.Wait(t, got, "Get")
		completions[i%3].check(t, i, r.value, r.err)
	}
}

// P76: a promise may be resolved with the zero value, and with nil.
func TestPromiseOfZero(t *testing.T) {
	var n core.Promise[int]
	require.NoError(t, n.Resolve(0))
	got, err := n.Future().Get(testkit.Context(t))
	checkNumber(t, 0, got, err)

	var p core.Promise[any]
	require.NoError(t, p.Resolve(nil))
	v, err := p.Future().Get(testkit.Context(t))
	assert.NoError(t, err)
	assert.Nil(t, v)

	var e core.Promise[error]
	require.NoError(t, e.Resolve(nil))
	none, err := e.Future().Get(testkit.Context(t))
	assert.NoError(t, err)
	assert.NoError(t, none)

	var z core.Promise[struct{}]
	require.NoError(t, z.Resolve(struct{}{}))
	_, err = z.Future().Get(testkit.Context(t))
	assert.NoError(t, err)
}

// P78: Reject completes with an error.
// P79: Reject of no error, and Compute of no function, are refused and complete nothing.
func TestPromiseRefusesNil(t *testing.T) {
	var p core.Promise[int]
	require.ErrorIs(t, p.Reject(nil), core.ErrInvalid)
	require.ErrorIs(t, p.Compute(nil), core.ErrInvalid)
	require.NoError(t, p.Reject(context.Canceled))
	_, err := p.Future().Get(testkit.Context(t))
	assert.Equal(t, context.Canceled, err)
}

// P80: every Get returns the very error that the promise was rejected with.
func TestPromiseKeepsTheError(t *testing.T) {
	var p core.Promise[int]
	failure := errors.New("failure")
	require.NoError(t, p.Reject(failure))
	for range 3 {
		_, err := p.Future().Get(testkit.Context(t))
		assert.Same(t, failure, err)
	}
}

// P81: the value of a future is what it was resolved with, and no copy; a future among values is kept as it is.
func TestPromiseKeepsTheValue(t *testing.T) {
	var p core.Promise[*int]
	n := new(int)
	require.NoError(t, p.Resolve(n))
	got, err := p.Future().Get(testkit.Context(t))
	assert.NoError(t, err)
	assert.Same(t, n, got)

	var outer core.Promise[core.Future[*int]]
	require.NoError(t, outer.Resolve(p.Future()))
	inner, err := outer.Future().Get(testkit.Context(t))
	assert.NoError(t, err)
	assert.Equal(t, p.Future(), inner)
}

// P99: the text of a future says whether it is there.
func TestFutureString(t *testing.T) {
	var p, q core.Promise[int]
	text := func(p *core.Promise[int]) string { return p.Future().(interface{ String() string }).String() }
	assert.Equal(t, "Future(pending)", text(&p))
	require.NoError(t, p.Resolve(1))
	assert.Equal(t, "Future(resolved)", text(&p))
	require.NoError(t, q.Reject(errors.New("no luck")))
	assert.Equal(t, "Future(error: no luck)", text(&q))
}
