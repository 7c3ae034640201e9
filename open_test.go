package troupe_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A fake is a runtime that remembers what it was opened with.
type fake struct {
	*goroutine.Runtime
	size     int
	patience time.Duration
	mode     string
	closed   bool
}

func (f *fake) Close(ctx context.Context) error {
	f.closed = true
	return f.Runtime.Close(ctx)
}

var errOutOfOrder = errors.New("out of order")

// lastFake is the one that the last Open made.
var lastFake *fake

func init() {
	troupe.Register("fake", func(o troupe.Options) (core.Runtime, error) {
		lastFake = &fake{
			Runtime:  goroutine.New(),
			size:     o.Int("size", 3, 0),
			patience: o.Duration("patience", time.Second),
			mode:     o.OneOf("mode", "fair", "fast"),
		}
		return lastFake, nil
	}, "size=N", "patience=DURATION", "mode=fair|fast")
	troupe.Register("broken", func(troupe.Options) (core.Runtime, error) { return nil, errOutOfOrder })
	troupe.Register("absent", func(troupe.Options) (core.Runtime, error) { return nil, nil })
	troupe.Register("hollow", func(troupe.Options) (core.Runtime, error) { return (*goroutine.Runtime)(nil), nil })
}

func TestOpenGivesTheOptions(t *testing.T) {
	for spec, want := range map[troupe.Spec]fake{
		"fake":                                {size: 3, patience: time.Second, mode: "fair"},
		"fake:size=8":                         {size: 8, patience: time.Second, mode: "fair"},
		"fake:size=0,patience=0":              {size: 0, patience: 0, mode: "fair"},
		"fake:mode=fast,patience=5ms,size=10": {size: 10, patience: 5 * time.Millisecond, mode: "fast"},
	} {
		rt, err := troupe.Open(spec)
		require.NoError(t, err, spec)
		got := rt.(*fake)
		assert.False(t, got.closed, spec)
		want.Runtime = got.Runtime
		assert.Equal(t, want, *got, spec)
	}
}

func TestOpenedRuntimeRunsActors(t *testing.T) {
	for _, spec := range []troupe.Spec{"", "goroutine", troupe.FromEnv()} {
		rt, err := troupe.Open(spec)
		require.NoError(t, err, spec)
		sys := core.NewSystem(rt)
		double, err := core.Spawn(sys, core.Func(func(_ context.Context, n int) (int, error) { return 2 * n, nil }))
		require.NoError(t, err, spec)
		n, err := core.As[int](double.Call(t.Context(), 21))
		assert.NoError(t, err, spec)
		assert.Equal(t, 42, n, spec)
		assert.NoError(t, sys.Shutdown(t.Context()), spec)
	}
}

func TestOpenSaysWhatIsWrongAndWhatWouldBeRight(t *testing.T) {
	for spec, want := range map[troupe.Spec]string{
		"fake:":              `troupe: runtime "fake:": "" is no option; options are written name=value,name=value`,
		"fake:size":          `troupe: runtime "fake:size": "size" is no option; options are written name=value,name=value`,
		"fake:size=":         `troupe: runtime "fake:size=": "size=" is no option; options are written name=value,name=value`,
		"fake:size=1,":       `troupe: runtime "fake:size=1,": "" is no option; options are written name=value,name=value`,
		"fake:=1":            `troupe: runtime "fake:=1": "=1" is no option; options are written name=value,name=value`,
		"fake:size=1,size=2": `troupe: runtime "fake:size=1,size=2": option size is given twice; give it once`,
		"fake:size=x":        `troupe: runtime "fake:size=x": option size is "x"; accepted is an integer, at least 0`,
		"fake:size=-1":       `troupe: runtime "fake:size=-1": option size is "-1"; accepted is an integer, at least 0`,
		"fake:patience=5":    `troupe: runtime "fake:patience=5": option patience is "5"; accepted is a duration such as 100ms or 1s, or 0`,
		"fake:patience=-5s":  `troupe: runtime "fake:patience=-5s": option patience is "-5s"; accepted is a duration such as 100ms or 1s, or 0`,
		"fake:mode=slow":     `troupe: runtime "fake:mode=slow": option mode is "slow"; accepted is fair or fast`,
		"fake:sise=8":        `troupe: runtime "fake:sise=8": unknown option sise=8; accepted are size, patience, mode`,
		"goroutine:size=8":   `troupe: runtime "goroutine:size=8": unknown option size=8; this runtime has none`,
		"broken":             `troupe: runtime "broken": out of order`,
		"broken:x=1":         `troupe: runtime "broken:x=1": unknown option x=1; this runtime has none`,
		"absent":             `troupe: runtime "absent": the function registered for it returned nil; it returns a runtime, or an error`,
		"hollow":             `troupe: runtime "hollow": the function registered for it returned nil; it returns a runtime, or an error`,
		"hollow:x=1":         `troupe: runtime "hollow:x=1": unknown option x=1; this runtime has none`,
	} {
		rt, err := troupe.Open(spec)
		assert.Nil(t, rt, spec)
		assert.EqualError(t, err, want, spec)
	}
}

func TestOpenOfAnUnknownNameListsTheKnown(t *testing.T) {
	_, err := troupe.Open("gorotine:size=1")
	require.Error(t, err)
	text, known, ok := strings.Cut(err.Error(), "known are ")
	require.True(t, ok, err)
	assert.Equal(t, `troupe: unknown runtime "gorotine"; `, text)
	assert.Subset(t, strings.Split(known, ", "), []string{"absent", "broken", "fake", "goroutine"})
}

func TestOpenErrorsAreTyped(t *testing.T) {
	for _, spec := range []troupe.Spec{"gorotine", "fake:", "fake:size=x", "fake:sise=8"} {
		_, err := troupe.Open(spec)
		assert.ErrorIs(t, err, core.ErrInvalid, spec)
	}
	_, err := troupe.Open("broken")
	assert.ErrorIs(t, err, errOutOfOrder)
	assert.NotErrorIs(t, err, core.ErrInvalid)
}

func TestRefusedRuntimeIsClosed(t *testing.T) {
	for _, spec := range []troupe.Spec{"fake:size=x", "fake:sise=8"} {
		lastFake = nil
		_, err := troupe.Open(spec)
		require.Error(t, err, spec)
		require.NotNil(t, lastFake, spec)
		assert.True(t, lastFake.closed, spec)
	}
}

func TestRegisterPanicsOnABug(t *testing.T) {
	open := func(troupe.Options) (core.Runtime, error) { return goroutine.New(), nil }
	const right = "; a name is not empty and has no colon, comma, equals sign or blank"
	for name, want := range map[string]string{
		"":          `troupe: Register of the name ""` + right,
		"a:b":       `troupe: Register of the name "a:b"` + right,
		"a,b":       `troupe: Register of the name "a,b"` + right,
		"a=b":       `troupe: Register of the name "a=b"` + right,
		"a b":       `troupe: Register of the name "a b"` + right,
		"fake":      "troupe: Register of fake twice; choose another name",
		"goroutine": "troupe: Register of goroutine twice; choose another name",
	} {
		assert.PanicsWithValue(t, want, func() { troupe.Register(name, open) })
	}
	assert.PanicsWithValue(t, "troupe: Register of a nil function as nobody; it takes one that makes the runtime",
		func() { troupe.Register("nobody", nil) })
}

func TestUsageListsRuntimesAndOptions(t *testing.T) {
	usage := troupe.Usage()
	assert.Contains(t, usage, "goroutine")
	assert.Contains(t, usage, "fake[:size=N,patience=DURATION,mode=fair|fast]")
	assert.NotContains(t, usage, "\n")
}

var extras atomic.Int64

func TestOpenAndRegisterFromManyGoroutines(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			name := fmt.Sprint("extra-", extras.Add(1)) // a test may run more than once
			troupe.Register(name, func(troupe.Options) (core.Runtime, error) { return goroutine.New(), nil })
			_, err := troupe.Open(troupe.Spec(name))
			assert.NoError(t, err)
			assert.Contains(t, troupe.Usage(), name)
		})
	}
	wg.Wait()
}

func TestFromEnv(t *testing.T) {
	t.Setenv(troupe.EnvVar, "")
	assert.Equal(t, troupe.Spec("goroutine"), troupe.FromEnv())
	t.Setenv("TROUPE_RUNTIME", "fake:size=2")
	assert.Equal(t, troupe.Spec("fake:size=2"), troupe.FromEnv())
}

func TestSpecAsAFlag(t *testing.T) {
	spec := troupe.Spec("goroutine")
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	var help strings.Builder
	fs.SetOutput(&help)
	fs.Var(&spec, "runtime", troupe.Usage())

	require.NoError(t, fs.Parse([]string{"-runtime", "fake:size=2"}))
	assert.Equal(t, troupe.Spec("fake:size=2"), spec)

	err := fs.Parse([]string{"-runtime", "nothing"})
	require.Error(t, err)
	assert.Contains(t, err.Error(), `unknown runtime "nothing"; known are`)
	assert.Equal(t, troupe.Spec("fake:size=2"), spec, "a bad value changes nothing")
	assert.Error(t, fs.Parse([]string{"-runtime", "fake:size"}))

	require.Error(t, fs.Parse([]string{"-runtime", "goroutine:size=1"}))
	assert.Contains(t, help.String(), "unknown option size=1; this runtime has none", "with the usage")
	assert.Equal(t, troupe.Spec("fake:size=2"), spec)
	assert.NoError(t, fs.Parse([]string{"-runtime", "fake:sise=8"}), "only Open can tell")

	fs.SetOutput(io.Discard)
	var zero troupe.Spec
	assert.Equal(t, "goroutine", zero.String())
}

func TestSpecInAConfiguration(t *testing.T) {
	var conf struct{ Runtime troupe.Spec }
	require.NoError(t, json.Unmarshal([]byte(`{"Runtime":"fake:size=2"}`), &conf))
	assert.Equal(t, troupe.Spec("fake:size=2"), conf.Runtime)
	err := json.Unmarshal([]byte(`{"Runtime":"nothing"}`), &conf)
	assert.ErrorContains(t, err, "known are")
	text, err := json.Marshal(conf)
	require.NoError(t, err)
	assert.JSONEq(t, `{"Runtime":"fake:size=2"}`, string(text))
}
