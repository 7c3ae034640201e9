package conformance_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

func right(conformance.TB) core.Runtime { return goroutine.New() }

// A deaf runtime takes actors and never runs them.
type deaf struct{}

func (deaf) Attach(core.Loop) (core.Waker, error) { return deafPlace{}, nil }

type deafPlace struct{}

func (deafPlace) Wake(core.Waker) {}

func wrong(conformance.TB) core.Runtime { return deaf{} }

const soon = 50 * time.Millisecond

// Each rule is checked, on runtimes of its own.
func TestCheckOfARightRuntime(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	made := map[string]int{}
	r := conformance.Check(func(tb conformance.TB) core.Runtime {
		mu.Lock()
		defer mu.Unlock()
		made[tb.Name()]++
		return goroutine.New()
	}, conformance.Strict(), conformance.Deadline(2*time.Second))
	require.NoError(t, r.Err)
	assert.True(t, r.OK(), r)
	assert.False(t, r.Partial())
	assert.Empty(t, r.Broken())
	assert.Len(t, r.Results, len(conformance.Rules()))
	for _, rule := range conformance.Rules() {
		assert.Positive(t, made[rule.ID], "%s ran on the runtime of another rule", rule.ID)
	}
}

func TestCheckOfAWrongRuntime(t *testing.T) {
	r := conformance.Check(wrong, conformance.Only("wake/none-is-lost"), conformance.Deadline(soon))
	assert.False(t, r.OK())
	assert.Equal(t, []string{"wake/none-is-lost"}, r.Broken())
	first, _, _ := strings.Cut(r.Results[0].Failure, "\n")
	const want = "wake/none-is-lost: the Turn after Wake 1 did not happen within 50ms" +
		" (rule: Each Wake is answered by a Turn, however many there are.) [wake.go:"
	assert.True(t, strings.HasPrefix(first, want), "got %q, want it to begin with %q", first, want)
	assert.Contains(t, r.String(), "MUST broken: wake/none-is-lost")
	assert.Contains(t, r.String(), "0 of 1 rules passed")
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	tests := map[string]struct {
		opt  conformance.Option
		want string
	}{
		"unknownSkip":   {conformance.Skip("wake/none", "why not"), `conformance: Skip of "wake/none", which is no rule`},
		"noReason":      {conformance.Skip("wake/none-is-lost", ""), "conformance: Skip of wake/none-is-lost for no reason"},
		"unknownOnly":   {conformance.Only("x/y"), `conformance: Only of "x/y", which is no rule`},
		"onlyNothing":   {conformance.Only(), "conformance: Only of no rule"},
		"noTime":        {conformance.Deadline(0), "conformance: Deadline of 0s"},
		"noStress":      {conformance.Stress(0), "conformance: Stress of 0"},
		"nilOption":     {nil, "conformance: nil Option"},
		"inboxRuleHere": {conformance.Only("len/zero-when-new"), `conformance: Only of "len/zero-when-new", which is no rule`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := conformance.Check(right, test.opt)
			require.EqualError(t, r.Err, test.want)
			assert.False(t, r.OK())
			assert.Equal(t, test.want, r.String())
		})
	}
}

func TestSkippedMust(t *testing.T) {
	r := conformance.Check(wrong, conformance.Only("wake/none-is-lost"),
		conformance.Skip("wake/none-is-lost", "it is deaf"))
	assert.True(t, r.Partial())
	assert.False(t, r.OK(), "nothing has passed")
	assert.Equal(t, "it is deaf", r.Results[0].Skipped)
	assert.Contains(t, r.String(), "MUST skipped: wake/none-is-lost: it is deaf")
	assert.Contains(t, r.String(), "(partial: a MUST was skipped)")
}

func TestLackingCapability(t *testing.T) {
	r := conformance.Check(right, conformance.Only("pinned/one-thread", "wake/during-a-turn"))
	assert.True(t, r.OK(), r)
	assert.Equal(t, "Pinner", r.Results[1].Lacks)
	assert.Contains(t, r.String(), "not checked: pinned/one-thread: no Pinner")
	assert.Equal(t, []conformance.Area{{Name: "wake", Verdict: "ok"}, {Name: "pinned", Verdict: "-"}}, r.Areas())
}

// A SHOULD fails only where it is asked for.
func TestStrict(t *testing.T) {
	const should = "isolation/one-blocked-actor"
	factory := func(tb conformance.TB) core.Runtime {
		if tb.Name() == should {
			tb.Errorf("it cannot be made for this")
			tb.FailNow()
		}
		return goroutine.New()
	}
	only := conformance.Only(should, "attach/calls-no-turn")
	lax := conformance.Check(factory, only)
	assert.True(t, lax.OK(), lax)
	assert.Equal(t, []string{should}, lax.Broken())
	assert.Equal(t, "partial", lax.Areas()[1].Verdict)
	strict := conformance.Check(factory, only, conformance.Strict())
	assert.False(t, strict.OK())
}

func TestRunOfARightRuntime(t *testing.T) {
	conformance.Run(t, right, conformance.Stress(2), conformance.Strict(),
		conformance.Only("attach/one-place-each", "wake/takes-any-hint", "isolation/many-blocked-actors", "pinned/one-thread"))
}

func TestRunOfARightInbox(t *testing.T) {
	conformance.RunInbox(t, newSlice, func(i int) string { return strings.Repeat("x", i) }, conformance.Strict(),
		conformance.Only("len/counts-pushes", "pop/changes-none", "ask/is-answered", "pop/lets-go"))
}

// A slice is an inbox that is first in, first out.
type slice[M any] []core.Envelope[M]

func newSlice() core.Inbox[string] { return new(slice[string]) }

func (s *slice[M]) Push(e core.Envelope[M]) { *s = append(*s, e) }
func (s *slice[M]) Len() int                { return len(*s) }
func (s *slice[M]) Pop() (e core.Envelope[M], ok bool) {
	if len(*s) == 0 {
		return e, false
	}
	e, *s = (*s)[0], (*s)[1:]
	return e, true
}
