package core_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// value is a future that is there.
func value[T any](t *testing.T, v T) core.Future[T] {
	t.Helper()
	p := new(core.Promise[T])
	require.NoError(t, p.Resolve(v))
	return p.Future()
}

// failure is a future that has failed.
func failure[T any](t *testing.T, err error) core.Future[T] {
	t.Helper()
	p := new(core.Promise[T])
	require.NoError(t, p.Reject(err))
	return p.Future()
}

func even(n int) bool { return n%2 == 0 }

func appendText(s string, n int) string { return s + strconv.Itoa(n) }

// P88: Map is the future of a function of the whole value.
func TestMap(t *testing.T) {
	f := core.Map(value(t, []int{1, 2, 3}), func(all []int) (int, error) { return len(all), nil })
	got, err := f.Get(testkit.Context(t))
	checkNumber(t, 3, got, err)
}

// P88: an error or a panic of the function is the outcome of Map.
func TestMapFails(t *testing.T) {
	f := core.Map(value(t, 1), func(int) (int, error) { return 0, errBoom })
	_, err := f.Get(testkit.Context(t))
	assert.Equal(t, errBoom, err)

	f = core.Map(value(t, 1), func(int) (int, error) { panic(errBoom) })
	_, err = f.Get(testkit.Context(t))
	var p *core.PanicError
	assert.ErrorAs(t, err, &p)
}

// P89: Filter keeps what the function wants, in order, and is never nil.
func TestFilter(t *testing.T) {
	for _, c := range []struct{ in, want []int }{
		{[]int{4, 1, 2, 3, 2}, []int{4, 2, 2}},
		{[]int{1, 3}, []int{}},
		{nil, []int{}},
	} {
		got, err := core.Filter(value(t, c.in), even).Get(testkit.Context(t))
		assert.NoError(t, err)
		assert.Equal(t, c.want, got)
	}
}

// P89: Filter leaves the source's slice alone.
func TestFilterCopies(t *testing.T) {
	in := []int{1, 2, 3, 4}
	got, err := core.Filter(value(t, in), even).Get(testkit.Context(t))
	require.NoError(t, err)
	got[0] = 99
	assert.Equal(t, []int{1, 2, 3, 4}, in)
}

// P90: Join is the values of its futures in their order; one may come twice, and a slice among them stays one.
// P97: Join of nothing is an empty slice, and may be read again.
func TestJoin(t *testing.T) {
	ctx := testkit.Context(t)
	one, two := value(t, 1), value(t, 2)
	f := core.Join(two, one, two)
	for range 2 {
		got, err := f.Get(ctx)
		assert.NoError(t, err)
		assert.Equal(t, []int{2, 1, 2}, got)
	}
	nested, err := core.Join(value(t, []int{1}), value(t, []int{2, 3})).Get(ctx)
	assert.NoError(t, err)
	assert.Equal(t, [][]int{{1}, {2, 3}}, nested)

	none, err := core.Join[int]().Get(ctx)
	assert.NoError(t, err)
	assert.Equal(t, []int{}, none)
	testkit.Wait(t, core.Join[int]().Done(), "Done of nothing")
}

// P90: the order of Join is that of its futures and not that in which they came.
func TestJoinOrder(t *testing.T) {
	var ps [3]core.Promise[int]
	f := core.Join(ps[0].Future(), ps[1].Future(), ps[2].Future())
	done := f.Done()
	got := getWaiting(t, f)
	require.NoError(t, ps[2].Resolve(2))
	require.NoError(t, ps[0].Resolve(0))
	select {
	case <-done:
		t.Error("Done is closed before all are there")
	default:
	}
	require.NoError(t, ps[1].Resolve(1))
	assert.Equal(t, []int{0, 1, 2}, testkit.Wait(t, got, "Get").value)
	testkit.Wait(t, done, "Done")
}

// P97: of the failures among the futures of Join the first in their order is the one that Get returns.
func TestJoinFails(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	f := core.Join(value(t, 1), failure[int](t, first), failure[int](t, second))
	for range 2 {
		_, err := f.Get(testkit.Context(t))
		assert.Equal(t, first, err)
	}
}

// badDone is a Future of another package whose Done panics.
type badDone struct{ core.Future[int] }

func (badDone) Done() <-chan struct{} { panic(errBoom) }

// P97: a nil Future among those of Join is a failure in its place, and one
// whose Done panics is read like any other.
func TestJoinOfNil(t *testing.T) {
	for name, f := range map[string]core.Future[[]int]{
		"nil": core.Join(value(t, 1), nil), "nil_pointer": core.Join[int](value(t, 1), (*badDone)(nil)),
	} {
		testkit.Wait(t, f.Done(), name)
		_, err := f.Get(testkit.Context(t))
		assert.ErrorIs(t, err, core.ErrInvalid, name)
		assert.ErrorContains(t, err, "nil Future; Ask returns one", name)
	}
	_, err := core.Join(failure[int](t, errBoom), nil).Get(testkit.Context(t))
	assert.Equal(t, errBoom, err, "the first failure")

	f := core.Join(core.Future[int](badDone{value(t, 1)}), value(t, 2))
	testkit.Wait(t, f.Done(), "Done of one that panics")
	got, err := f.Get(testkit.Context(t))
	assert.NoError(t, err)
	assert.Equal(t, []int{1, 2}, got)
}

// P96: one context bounds the whole of Join, and not each of its futures.
func TestJoinHasOneDeadline(t *testing.T) {
	var never core.Promise[int]
	ctx, cancel := context.WithCancel(context.Background())
	slow := lazy(t, func(context.Context) (int, error) {
		cancel()
		return 1, nil
	})
	f := core.Join(slow, never.Future())
	_, err := f.Get(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, never.Resolve(2))
	got, err := f.Get(testkit.Context(t))
	assert.NoError(t, err)
	assert.Equal(t, []int{1, 2}, got)
}

// P91: Reduce is the left fold from its initial value, which it is for nothing.
func TestReduce(t *testing.T) {
	for _, c := range []struct {
		in   []int
		want string
	}{
		{nil, "0"},
		{[]int{1}, "01"},
		{[]int{3, 1, 2}, "0312"},
	} {
		got, err := core.Reduce(value(t, c.in), "0", appendText).Get(testkit.Context(t))
		assert.NoError(t, err)
		assert.Equal(t, c.want, got)
	}
}

// P92: the context of a Get of a derived future bounds the wait for its source, which may be read again.
func TestDerivedDeadline(t *testing.T) {
	for name, derive := range derivations {
		t.Run(name, func(t *testing.T) {
			var p core.Promise[[]int]
			f, _ := derive(p.Future())
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			defer cancel()
			_, err := f.Get(ctx)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.NoError(t, p.Resolve([]int{1}))
			_, err = f.Get(testkit.Context(t))
			assert.NoError(t, err)
		})
	}
}

// derivations make a future of another, and count the calls of the function.
var derivations = map[string]func(core.Future[[]int]) (core.Future[any], *int){
	"Map": func(f core.Future[[]int]) (core.Future[any], *int) {
		calls := new(int)
		return core.Map(f, func(all []int) (any, error) { *calls++; return len(all), nil }), calls
	},
	"Filter": func(f core.Future[[]int]) (core.Future[any], *int) {
		calls := new(int)
		return untyped(core.Filter(f, func(int) bool { *calls++; return true })), calls
	},
	"Reduce": func(f core.Future[[]int]) (core.Future[any], *int) {
		calls := new(int)
		return untyped(core.Reduce(f, 0, func(int, int) int { *calls++; return 0 })), calls
	},
	"Join": func(f core.Future[[]int]) (core.Future[any], *int) {
		calls := new(int)
		counted := core.Map(f, func(all []int) ([]int, error) { *calls++; return all, nil })
		return untyped(core.Join(counted)), calls
	},
}

func untyped[T any](f core.Future[T]) core.Future[any] {
	return core.Map(f, func(v T) (any, error) { return v, nil })
}

// P93: a derived future computes once, however often and through whatever it is read.
func TestDerivedOnce(t *testing.T) {
	for name, derive := range derivations {
		t.Run(name, func(t *testing.T) {
			f, calls := derive(value(t, []int{1}))
			child, other := untyped(f), core.Join(f, f)
			for range 2 {
				_, err := child.Get(testkit.Context(t))
				assert.NoError(t, err)
				_, err = other.Get(testkit.Context(t))
				assert.NoError(t, err)
			}
			assert.Equal(t, 1, *calls)
		})
	}
}

// P94: if the source failed that is the outcome, and the function is not called.
func TestDerivedFails(t *testing.T) {
	for name, derive := range derivations {
		t.Run(name, func(t *testing.T) {
			f, calls := derive(failure[[]int](t, errBoom))
			for range 2 {
				_, err := f.Get(testkit.Context(t))
				assert.Equal(t, errBoom, err)
			}
			assert.Zero(t, *calls)
		})
	}
}

// P98: Done of a derived future is closed when its source is there, without a Get.
func TestDerivedDone(t *testing.T) {
	for name, derive := range derivations {
		t.Run(name, func(t *testing.T) {
			var p core.Promise[[]int]
			f, calls := derive(p.Future())
			done := f.Done()
			select {
			case <-done:
				t.Fatal("Done is closed before the source is there")
			default:
			}
			require.NoError(t, p.Resolve(nil))
			testkit.Wait(t, done, "Done")
			assert.Zero(t, *calls)
		})
	}
}

// P92: replies combine like any other future.
func TestCombineReplies(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		square, err := core.Spawn(sys, core.Func(func(_ context.Context, n int) (int, error) { return n * n, nil }))
		require.NoError(t, err)
		var replies []core.Future[int]
		for n := range 10 {
			reply := square.Ask(ctx, n)
			replies = append(replies, core.Map(reply, func(v any) (int, error) { return v.(int), nil }))
		}
		sum := core.Reduce(core.Filter(core.Join(replies...), even), 0, func(a, b int) int { return a + b })
		got, err := sum.Get(ctx)
		checkNumber(t, 4+16+36+64, got, err)
	})
}
