package conformance

import (
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/core"
)

const short = 50 * time.Millisecond

func within(d time.Duration) terms { return (&config{deadline: d}).alone() }

// ample is time enough, on a machine however busy.
const ample = time.Minute

// verdict is the failures of a rule that does run, for that long.
func verdict(limit time.Duration, run func(*trial)) []string {
	t := must("area/name", "It does.", run).try(nil, within(limit))
	return t.failures
}

func TestTrialVerdicts(t *testing.T) {
	later := make(chan struct{})
	t.Cleanup(func() { close(later) })
	tests := []struct {
		name string
		run  func(*trial)
		want string // the first line begins with it; empty for a pass
	}{
		{"nothing", func(*trial) {}, ""},
		{"Errorf", func(t *trial) { t.Errorf("got %d, want 2", 1) }, "area/name: got 1, want 2 (rule: It does.) [trial_test.go:"},
		{"FailNow", func(t *trial) { t.FailNow() }, "area/name: failed"},
		{"fatalf", func(t *trial) { t.fatalf("no"); panic("it went on") }, "area/name: no (rule:"},
		{"panic", func(*trial) { panic("oops") }, "area/name: panic: oops (rule:"},
		{"Goexit", func(*trial) { runtime.Goexit() }, ""},
		{"lacks", func(t *trial) { t.lacks("wings") }, ""},
		{"await", func(t *trial) { await(t, make(chan int), "the event") }, "area/name: the event did not happen within 50ms"},
		{"eventually", func(t *trial) { t.eventually(func() bool { return false }, "the state") }, "area/name: the state did not happen within 50ms"},
		{"hang", func(t *trial) { pass, _ := t.gate(); <-pass }, "area/name: did not return within 50ms (rule: It does.) [trial_test.go:"},
		{"panicElsewhere", func(t *trial) { t.returns(func() { panic("there") }, "it") }, "area/name: panic: there"},
		{"panicMeanwhile", func(t *trial) { <-t.start(func() { panic("there") }); <-t.ctx.Done() }, "area/name: panic: there"},
		{"Cleanup", func(t *trial) { t.Cleanup(func() { t.Errorf("a leak") }) }, "area/name: a leak (rule:"},
		{"hangInCleanup", func(t *trial) { t.Cleanup(func() { <-later }) }, "area/name: its Cleanups did not return within 50ms"},
		{"testify", func(t *trial) { require.Equal(t, 1, 2) }, "area/name: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.want == "" {
				require.Empty(t, verdict(ample, test.run))
				return
			}
			got := verdict(short, test.run)
			require.NotEmpty(t, got)
			assert.True(t, strings.HasPrefix(got[0], test.want), "got %q, want it to begin with %q", got[0], test.want)
		})
	}
}

// A rule that ignores what it waited for still does not pass.
func TestTrialWhoseTimeIsUpFails(t *testing.T) {
	got := verdict(short, func(t *trial) { <-t.ctx.Done() })
	require.Len(t, got, 1)
	assert.Regexp(t, `^area/name: took [0-9.]+m?s of 50ms \(rule: It does\.\)$`, got[0])
}

// With one processor, and that busy, each tick comes ten milliseconds late.
func TestCountdownIsSlowWhereTheProcessorIsBusy(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	began := time.Now()
	for ctx := countdown(t.Context(), short); ctx.Err() == nil; {
	}
	assert.Greater(t, time.Since(began), 2*short)
}

func TestTrialShowsWhereItHangs(t *testing.T) {
	t.Parallel()
	got := verdict(short, hangHere)
	require.Len(t, got, 1)
	assert.Contains(t, got[0], "conformance.hangHere")
	assert.NotContains(t, got[0], "testing.(*T).Run", "it shows goroutines that are not the trial's")
}

func hangHere(t *trial) { pass, _ := t.gate(); <-pass }

// A runtime may share goroutines with others, or give them labels of its own.
func TestTrialShowsGoroutinesWithoutItsLabel(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	go workElsewhere(stop)
	t.Cleanup(func() { close(stop) })
	got := verdict(short, func(t *trial) { await(t, make(chan int), "the event") })
	require.Len(t, got, 1)
	assert.Contains(t, got[0], "no goroutine has the label of this rule; all of the process:")
	assert.Contains(t, got[0], "conformance.workElsewhere")

	got = verdict(short, func(t *trial) {
		go pprof.Do(t.ctx, pprof.Labels("mine", "yes"), func(context.Context) { workHere(stop) })
		await(t, make(chan int), "the event")
	})
	require.Len(t, got, 1)
	assert.Contains(t, got[0], "conformance.workHere")
}

func workElsewhere(stop <-chan struct{}) { <-stop }
func workHere(stop <-chan struct{})      { <-stop }

func TestTrialCleansUp(t *testing.T) {
	var order []string
	verdict(ample, func(t *trial) {
		t.Cleanup(func() { order = append(order, "first") })
		t.last(func() { order = append(order, "last") })
		t.Cleanup(func() { order = append(order, "second"); panic("in a cleanup") })
		t.before(func() { order = append(order, "before") })
		t.FailNow()
	})
	assert.Equal(t, []string{"before", "second", "first", "last"}, order)
}

func TestTrialIsOverWhenItsVerdictIs(t *testing.T) {
	tr := must("area/name", "It does.", func(*trial) {}).try(nil, within(ample))
	tr.Errorf("too late")
	assert.Empty(t, tr.failures)
}

func TestTrialCountsItsGoroutinesOnly(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	go func() { <-stop }()
	assert.Empty(t, verdict(ample, func(tr *trial) {
		own := tr.countGoroutines()
		for range 5 {
			go func() { <-stop }()
		}
		if n := tr.countGoroutines() - own; n != 5 {
			tr.Errorf("counted %d more goroutines, want 5", n)
		}
	}))
}

func TestTrialIsWhatAFactoryGets(t *testing.T) {
	factory := func(tb TB) core.Runtime {
		tb.Helper()
		tb.Logf("made for %s", tb.Name())
		tb.Errorf("it went wrong")
		tb.FailNow()
		return nil
	}
	tr := must("area/name", "It does.", func(t *trial) { t.runtime() }).try(factory, within(ample))
	assert.Equal(t, []string{"made for area/name"}, tr.logs)
	require.Len(t, tr.failures, 1)
	assert.Contains(t, tr.failures[0], "it went wrong")
}

func TestNilRuntimeFails(t *testing.T) {
	tr := must("area/name", "It does.", func(t *trial) { t.runtime() }).try(func(TB) core.Runtime { return nil }, within(ample))
	require.Len(t, tr.failures, 1)
	assert.Contains(t, tr.failures[0], "the factory returned nil")
}

// The suite's own loop keeps core's side of the contract.
func TestLoopWakesAsCoreDoes(t *testing.T) {
	l := &loop{news: make(chan struct{}, 1)}
	var woken int
	l.waker = wakerFunc(func() { woken++ })
	l.wake(nil)
	l.wake(nil)
	assert.Equal(t, 1, woken, "Wakes with none answered")
	assert.Equal(t, core.More, l.Turn(1), "the second wake is for the Turn")
	assert.Equal(t, core.Idle, l.Turn(1))
	assert.Zero(t, l.strays.Load())
	assert.Equal(t, core.Idle, l.Turn(1), "a Turn too many")
	assert.EqualValues(t, 1, l.strays.Load())
	l.ending.Store(true)
	l.wake(nil)
	assert.Equal(t, core.Ended, l.Turn(1))
	l.wake(nil)
	assert.Equal(t, 2, woken, "no Wake after Ended")
}

type wakerFunc func()

func (f wakerFunc) Wake(core.Waker) { f() }

func TestRuleNamesAreSubtestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, rules := range [][]Rule{Rules(), InboxRules()} {
		for _, r := range rules {
			assert.Regexp(t, `^[a-z]+/[a-z-]+$`, r.ID)
			assert.Regexp(t, `^[A-Z].*\.$`, r.Promise, r.ID)
			assert.False(t, seen[r.ID], "%s is there twice", r.ID)
			seen[r.ID] = true
		}
	}
}

func ExampleRule() {
	r := Rules()[0]
	fmt.Println(r.Level(), r.ID)
	fmt.Println(r.Promise)
	// Output:
	// MUST attach/one-place-each
	// Attach returns a Waker of the actor's own: its Wake has that actor's Turn called, and no other's.
}

// What is repeated takes a tenth of the rule's time, and ten at once share it.
func TestTrialCountsOn(t *testing.T) {
	const pause = short/10 + time.Millisecond
	count := func(has terms, least int) (n int) {
		must("area/name", "It does.", func(t *trial) {
			for range t.upTo(least, 10) {
				n++
				<-time.After(pause)
			}
		}).try(nil, has)
		return n
	}
	assert.LessOrEqual(t, count(within(short), 0), 1, "with time for one, or for none on a busy machine")
	assert.Equal(t, 3, count(within(short), 3), "though the time is up")
	assert.LessOrEqual(t, count((&config{deadline: 10 * short}).among(), 0), 1, "among ten")
	assert.Equal(t, 10, count(within(time.Hour), 0), "with time enough")
}
