package core_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// getIn has a new actor call Get in its handler, with its own context. It
// returns when the handler runs.
func getIn(t *testing.T, sys *core.System, f core.Future[int]) <-chan result[int] {
	t.Helper()
	runs, got := make(chan struct{}), make(chan result[int], 1)
	ref := (&testkit.Probe{}).Spawn(t, sys)
	require.NoError(t, ref.Tell(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
		close(runs)
		v, err := f.Get(ctx)
		got <- result[int]{v, err}
		return nil, nil
	})))
	testkit.Wait(t, runs, "the handler")
	return got
}

// P77, P85, P86: a promise has one completion of any kind in handlers too, be it before a Get, behind one, or while several wait.
func TestPromiseCompletesOnceInHandlers(t *testing.T) {
	for _, first := range completions {
		for _, second := range completions {
			t.Run(first.name+"_then_"+second.name, func(t *testing.T) {
				testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
					var p core.Promise[int]
					var all []<-chan result[int]
					for range 3 {
						all = append(all, getIn(t, sys, p.Future()))
					}
					require.NoError(t, first.complete(&p, 1))
					require.ErrorIs(t, second.complete(&p, 2), core.ErrResolved)
					all = append(all, getIn(t, sys, p.Future()))
					for _, got := range all {
						r := testkit.Wait(t, got, "Get")
						first.check(t, 1, r.value, r.err)
					}
					require.ErrorIs(t, second.complete(&p, 2), core.ErrResolved)
					r := testkit.Wait(t, getIn(t, sys, p.Future()), "Get")
					first.check(t, 1, r.value, r.err)
				})
			})
		}
	}
}

// P84: what the function of a lazy future comes to, while the handler of one actor computes it, is the outcome for all that wait in theirs.
// P87: also if it is computed for longer than the context lasts with which it began.
func TestComputeInManyHandlers(t *testing.T) {
	for name, c := range map[string]struct {
		f     func() (int, error)
		check func(t *testing.T, r result[int])
		ends  bool // the goroutine, and so the system
	}{
		"value": {func() (int, error) { return 7, nil }, func(t *testing.T, r result[int]) { checkNumber(t, 7, r.value, r.err) }, false},
		"error": {func() (int, error) { return 0, errBoom }, func(t *testing.T, r result[int]) { assert.Equal(t, errBoom, r.err) }, false},
		"panic": {func() (int, error) { panic(errBoom) }, func(t *testing.T, r result[int]) { assert.ErrorIs(t, r.err, errBoom) }, false},
		"Goexit": {
			func() (int, error) { runtime.Goexit(); return 0, nil },
			func(t *testing.T, r result[int]) { assert.ErrorContains(t, r.err, "Goexit") },
			true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				gate, computes := testkit.NewGate(t), make(chan struct{})
				f := lazy(t, func(ctx context.Context) (int, error) {
					close(computes)
					gate.PassIn(ctx)
					return c.f()
				})
				begin, end := context.WithCancel(context.Background())
				first := make(chan result[int], 1)
				ref := (&testkit.Probe{}).Spawn(t, sys)
				require.NoError(t, ref.Tell(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
					own, cancel := context.WithCancel(ctx)
					defer cancel()
					context.AfterFunc(begin, cancel)
					v, err := f.Get(own)
					first <- result[int]{v, err}
					return nil, nil
				})))
				testkit.Wait(t, computes, "the function")
				var waits []<-chan result[int]
				for range 3 {
					waits = append(waits, getIn(t, sys, f))
				}
				end()
				gate.Open()
				for _, got := range waits {
					c.check(t, testkit.Wait(t, got, "Get"))
				}
				if c.ends {
					testkit.Wait(t, sys.Done(), "the end of the system")
					assert.ErrorContains(t, ref.Err(), "Goexit")
					return
				}
				c.check(t, testkit.Wait(t, first, "the Get that computes"))
			})
		})
	}
}

// P87: a handler whose context ends while it computes leaves that to a handler that waits.
func TestComputeIsTakenOverInHandlers(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		computes := make(chan struct{}, 2)
		first, end := context.WithCancel(context.Background())
		f := lazy(t, func(ctx context.Context) (int, error) {
			isFirst := first.Err() == nil
			computes <- struct{}{}
			if isFirst {
				core.Blocking(ctx, func() { <-ctx.Done() })
				return 0, ctx.Err()
			}
			return 3, nil
		})
		left := make(chan error, 1)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		require.NoError(t, ref.Tell(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
			own, cancel := context.WithCancel(ctx)
			context.AfterFunc(first, cancel)
			_, err := f.Get(own)
			left <- err
			return nil, nil
		})))
		testkit.Wait(t, computes, "the function")
		var waits []<-chan result[int]
		for range 3 {
			waits = append(waits, getIn(t, sys, f))
		}
		end()
		assert.ErrorIs(t, testkit.Wait(t, left, "the first Get"), context.Canceled)
		for _, got := range waits {
			assert.Equal(t, result[int]{value: 3}, testkit.Wait(t, got, "Get"))
		}
	})
}
