package testkit

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
)

func TestMain(m *testing.M) { Main(m) }

// A failing TB counts the errors of a check, which are no errors of the test.
type failing struct {
	testing.TB
	errors int
}

func (f *failing) Helper()               {}
func (f *failing) Errorf(string, ...any) { f.errors++ }

func errorsOf(t *testing.T, sys *core.System) int {
	f := &failing{TB: t}
	CheckAccounts(f, sys)
	return f.errors
}

// CheckAccounts finds what is left, and a message that was handled and not
// counted, or counted and not handled.
func TestCheckAccountsFails(t *testing.T) {
	sys := System(t, Runtimes()[0])
	probe := new(Probe)
	ref := probe.Spawn(t, sys)
	_, err := ref.Call(Context(t), "counted")
	require.NoError(t, err)
	assert.Equal(t, 1, errorsOf(t, sys), "an actor is left")
	_, err = ref.Stop(Context(t))
	require.NoError(t, err)
	Wait(t, ref.Done(), "the actor's end")
	assert.Zero(t, errorsOf(t, sys))
	countOf(sys).handled.Add(1)
	assert.Equal(t, 1, errorsOf(t, sys), "one more was handled than counted")
	countOf(sys).handled.Store(0)
	assert.Equal(t, 1, errorsOf(t, sys), "one was counted that nobody handled")
	countOf(sys).spawned.Store(0)
	assert.Zero(t, errorsOf(t, sys), "perhaps by an actor that is no Probe")
	countOf(sys).handled.Store(1)
}

// A function to a Probe is counted too.
func TestInvokeIsCounted(t *testing.T) {
	sys := System(t, Runtimes()[0])
	_, err := new(Probe).Spawn(t, sys).Call(Context(t), Invoke(func(context.Context, any) (any, error) { return nil, nil }))
	require.NoError(t, err)
	assert.EqualValues(t, 1, countOf(sys).handled.Load())
}
