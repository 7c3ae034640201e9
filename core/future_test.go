package core_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// P72: Get waits until there is an outcome.
func TestGetWaits(t *testing.T) {
	var p core.Promise[string]
	got := getWaiting(t, p.Future())
	select {
	case r := <-got:
		t.Fatalf("Get = %v before there was an outcome", r)
	default:
	}
	require.NoError(t, p.Resolve("late"))
	assert.Equal(t, result[string]{value: "late"}, testkit.Wait(t, got, "Get"))
}

// P73: a Get whose context is done returns the outcome if there is one, else the context's error, and does not wait.
func TestGetWithADoneContext(t *testing.T) {
	done, cancel := context.WithCancel(context.Background())
	cancel()
	var p core.Promise[int]
	_, err := p.Future().Get(done)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, p.Resolve(7))
	got, err := p.Future().Get(done)
	checkNumber(t, 7, got, err)

	past, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	var q core.Promise[int]
	_, err = q.Future().Get(past)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// P74: a Get that gives up returns the context's own error, with its cause, and leaves the future as it was.
func TestGetGivesUp(t *testing.T) {
	var p core.Promise[int]
	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(context.Background())
	watched, waits := testkit.Waiting(ctx)
	got := getAside(watched, p.Future())
	testkit.Wait(t, waits, "Get to wait")
	cancel(cause)
	r := testkit.Wait(t, got, "Get to give up")
	require.ErrorIs(t, r.err, context.Canceled)
	require.ErrorIs(t, r.err, cause)
	assert.Contains(t, r.err.Error(), "cause")

	short, cancelShort := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancelShort()
	_, err := p.Future().Get(short)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	require.NoError(t, p.Resolve(1))
	v, err := p.Future().Get(testkit.Context(t))
	checkNumber(t, 1, v, err)
}

// P75: any number of goroutines wait for one future; each leaves at its own deadline, and all others get the same value.
func TestGetMany(t *testing.T) {
	var p core.Promise[*int]
	var stay, leave []<-chan result[*int]
	ctx, cancel := context.WithCancel(context.Background())
	for i := range 100 {
		if i%2 == 0 {
			stay = append(stay, getWaiting(t, p.Future()))
			continue
		}
		watched, waits := testkit.Waiting(ctx)
		leave = append(leave, getAside(watched, p.Future()))
		testkit.Wait(t, waits, "Get to wait")
	}
	cancel()
	for _, got := range leave {
		assert.ErrorIs(t, testkit.Wait(t, got, "a Get to give up").err, context.Canceled)
	}
	n := new(int)
	require.NoError(t, p.Resolve(n))
	for _, got := range stay {
		r := testkit.Wait(t, got, "a Get")
		assert.NoError(t, r.err)
		assert.Same(t, n, r.value)
	}
}

// P75: a Get that leaves just as the value comes returns one of the two, and disturbs nobody else's.
func TestGetLeavesAsTheValueComes(t *testing.T) {
	for range 300 {
		var p core.Promise[int]
		ctx, cancel := context.WithCancel(context.Background())
		var leave []<-chan result[int]
		for range 4 {
			watched, waits := testkit.Waiting(ctx)
			leave = append(leave, getAside(watched, p.Future()))
			testkit.Wait(t, waits, "Get to wait")
		}
		stays := getWaiting(t, p.Future())
		go cancel()
		require.NoError(t, p.Resolve(5))
		for _, got := range leave {
			r := testkit.Wait(t, got, "a Get")
			if r.err != nil {
				require.ErrorIs(t, r.err, context.Canceled)
			} else {
				require.Equal(t, 5, r.value)
			}
		}
		require.Equal(t, result[int]{value: 5}, testkit.Wait(t, stays, "the Get that stays"))
	}
}

// P72: a nil context is an error where one would have to wait, and no matter where the value is there.
func TestGetWithANilContext(t *testing.T) {
	var none context.Context
	var p, lazy core.Promise[int]
	_, err := p.Future().Get(none)
	require.ErrorIs(t, err, core.ErrInvalid)
	require.NoError(t, lazy.Compute(func(context.Context) (int, error) { return 1, nil }))
	_, err = lazy.Future().Get(none)
	require.ErrorIs(t, err, core.ErrInvalid)
	require.NoError(t, p.Resolve(3))
	_, err = p.Future().Get(none)
	require.ErrorIs(t, err, core.ErrInvalid, "also when the outcome is there")
}

// P98: Done is closed when the outcome is there, and may be asked for at any time.
// P101: whether a future is there can be seen without waiting.
func TestFutureDone(t *testing.T) {
	var p core.Promise[int]
	before := p.Future().Done()
	select {
	case <-before:
		t.Fatal("Done is closed before there is an outcome")
	default:
	}
	assert.Equal(t, before, p.Future().Done())
	require.NoError(t, p.Resolve(1))
	testkit.Wait(t, before, "Done from before")
	testkit.Wait(t, p.Future().Done(), "Done from afterwards")

	var q core.Promise[int]
	before = q.Future().Done()
	require.NoError(t, q.Reject(errors.New("failure")))
	testkit.Wait(t, before, "Done of a failure")
}

// P98: Done is closed as soon as a Get would compute the value by itself.
func TestFutureDoneWithAFunction(t *testing.T) {
	var p core.Promise[int]
	before := p.Future().Done()
	require.NoError(t, p.Compute(func(context.Context) (int, error) { return 1, nil }))
	testkit.Wait(t, before, "Done from before")
	testkit.Wait(t, p.Future().Done(), "Done from afterwards")
	got, err := p.Future().Get(testkit.Context(t))
	checkNumber(t, 1, got, err)
	testkit.Wait(t, p.Future().Done(), "Done of what has been computed")
}

// A foreign future is one that another package implements.
type foreign[T any] struct {
	value T
	err   error
	done  chan struct{}
}

func (f *foreign[T]) Get(ctx context.Context) (v T, err error) {
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		return v, ctx.Err()
	}
}

func (f *foreign[T]) Done() <-chan struct{} { return f.done }

// P71: another package may implement Future, and core's functions take it.
func TestForeignFuture(t *testing.T) {
	f := &foreign[int]{value: 20, done: make(chan struct{})}
	double := core.Map(core.Future[int](f), func(n int) (int, error) { return 2 * n, nil })
	all := core.Join(f, double)
	got := getWaiting(t, all)
	close(f.done)
	assert.Equal(t, []int{20, 40}, testkit.Wait(t, got, "Get").value)
	testkit.Wait(t, all.Done(), "Done of Join")
}

// P100: a failed reply that nobody reads is a record at INFO and nothing more.
func TestUnreadFailure(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		records := testkit.NewRecords()
		sys := testkit.System(t, rt, core.WithLogger(records.Logger()))
		ref, err := core.Spawn(sys, core.Func(func(context.Context, int) (int, error) {
			return 0, errors.New("unread")
		}))
		require.NoError(t, err)
		testkit.Wait(t, ref.Ask(testkit.Context(t), 1).Done(), "the reply")
		stopped, err := ref.Stop(testkit.Context(t))
		require.NoError(t, err)
		require.True(t, stopped, "an error on an ask left the actor alive")
		info := 0
		for _, r := range records.All() {
			assert.LessOrEqual(t, r.Level, slog.LevelInfo)
			if r.Level == slog.LevelInfo {
				info++
			}
		}
		assert.Equal(t, 1, info)
	})
}

// P75: the handlers of many actors wait for one future, whatever they run on, and others run meanwhile.
func TestGetInManyHandlers(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		var p core.Promise[int]
		var replies []core.Future[any]
		waits := make(chan struct{}, 100)
		for range cap(waits) {
			ref, err := core.Spawn(sys, core.Func(func(ctx context.Context, n int) (int, error) {
				waits <- struct{}{}
				v, err := p.Future().Get(ctx)
				return n + v, err
			}))
			require.NoError(t, err)
			replies = append(replies, ref.Ask(ctx, 1))
		}
		for range cap(waits) {
			testkit.Wait(t, waits, "a handler to wait")
		}
		other, err := core.Spawn(sys, core.Func(func(_ context.Context, n int) (int, error) { return -n, nil }))
		require.NoError(t, err)
		got, err := core.As[int](other.Call(ctx, 3))
		checkNumber(t, -3, got, err)

		require.NoError(t, p.Resolve(41))
		for _, reply := range replies {
			got, err := core.As[int](reply.Get(ctx))
			checkNumber(t, 42, got, err)
		}
	})
}
