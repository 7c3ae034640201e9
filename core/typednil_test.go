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

// A hollow error panics in every method but Error when it is a nil pointer,
// which is how a result of a pointer type returned as an error often ends.
type hollow struct{ inner error }

func (h *hollow) Error() string        { return "hollow" }
func (h *hollow) Unwrap() error        { return h.inner }
func (h *hollow) Is(target error) bool { return errors.Is(h.inner, target) }
func (h *hollow) As(target any) bool   { return errors.As(h.inner, target) }

func errHollow() error { return (*hollow)(nil) }

// P30: an error whose methods panic is an error like any other for the asker.
// P31: and for the actor, which it ends if the message was told.
func TestErrorWhoseMethodsPanic(t *testing.T) {
	for name, returned := range map[string]error{
		"plain": errHollow(), "joined": errors.Join(errTest, errHollow()),
	} {
		t.Run(name, func(t *testing.T) {
			eachAsking(t, func(t *testing.T, ask func(any) (any, error), ref core.Ref[any], p *testkit.Probe) {
				_, err := ask(fail(returned))
				assert.Equal(t, returned, err)
				_, err = ask(panicking(returned))
				assert.Error(t, err)
				require.NoError(t, ref.Tell(testkit.Context(t), fail(returned)))
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.Equal(t, returned, ref.Err())
				assert.Len(t, p.Trace.All(), 3, "start, the first message, and OnFailure")
			})
		})
	}
}

// P29: so it is in OnStop; P34: and in OnStart; P35: and an error that is fatal stays so beside one.
func TestHookErrorWhoseMethodsPanic(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		failing := func(context.Context) error { return errHollow() }
		ref := (&testkit.Probe{Start: failing}).Spawn(t, sys)
		testkit.Wait(t, ref.Done(), "the end of one that did not start")
		assert.Equal(t, errHollow(), ref.Err())
		checkStop(t, true)((&testkit.Probe{Stop: failing}).Spawn(t, sys).Stop(ctx))
		ref = (&testkit.Probe{}).Spawn(t, sys)
		require.NoError(t, ref.Tell(ctx, fail(errors.Join(errHollow(), core.Fatal(errTest)))))
		testkit.Wait(t, sys.Done(), "the end of the system")
	})
}

// An actor that fails so after a shutdown has run out of time ends all the same.
func TestErrorWhoseMethodsPanicAfterAForcedShutdown(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := (&testkit.Probe{}).Spawn(t, sys)
		held := testkit.Hold(t, ref)
		require.NoError(t, ref.Tell(testkit.Context(t), fail(errHollow())))
		done, cancel := context.WithCancel(context.Background())
		cancel()
		assert.ErrorIs(t, sys.Shutdown(done), context.Canceled)
		held.Open()
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Equal(t, errHollow(), ref.Err())
	})
}

// P84: a computed future keeps such an error, also when the context of the Get has ended, and hangs nobody.
func TestComputeOfAnErrorWhoseMethodsPanic(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := lazy(t, func(context.Context) (int, error) { cancel(); return 0, errHollow() })
	for _, ctx := range []context.Context{ctx, testkit.Context(t)} {
		_, err := f.Get(ctx)
		assert.Equal(t, errHollow(), err)
	}
}
