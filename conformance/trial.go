package conformance

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

// A trial is one run of one rule. It is the [TB] of the factory, and what the
// rule makes its observations with. A rule runs on a goroutine of its own, so
// that FailNow, a panic and a hang are all verdicts on that rule.
type trial struct {
	rule Rule
	make func(TB) core.Runtime
	life context.Context // ends when the trial does
	ctx  context.Context // ends when the rule's time is up
	terms
	label string // that every goroutine of the trial has inherited

	mu       sync.Mutex // guards these
	over     bool       // the verdict has been given
	failures []string
	logs     []string
	lacking  string
	refused  bool // the runtime would not take an actor that the rule needs
	cleanups []func()
	loops    []*loop         // are ended before anything is cleaned up
	gates    []func()        // are opened before anything is cleaned up
	tidying  context.Context // ends when it is time to give up cleaning up
}

var _ TB = (*trial)(nil)

var trials atomic.Uint64

const labelKey = "conformance"

// margin is how much longer than its limit a rule has at least to return, so
// that on a busy machine its own account of what did not happen comes first.
const margin = time.Second

// try gives the verdict of one run of a check.
func (c check) try(newRuntime func(TB) core.Runtime, has terms) *trial {
	if c.short {
		has = has.brief()
	}
	life, end := context.WithCancel(context.Background())
	defer end()
	t := &trial{rule: c.Rule, make: newRuntime, life: life, terms: has}
	t.label = fmt.Sprintf("%s#%d", c.ID, trials.Add(1))
	began := time.Now()
	t.ctx = countdown(life, t.limit)
	if !t.conduct(c.run, t.ctx) {
		t.fail(placeOf(c.run), fmt.Sprintf("did not return within %v\n%s", t.limit, t.goroutines()))
	}
	t.checkTime(time.Since(began))
	enough := countdown(life, t.limit)
	if !t.conduct((*trial).cleanUp, enough) {
		t.fail("", fmt.Sprintf("its Cleanups did not return within %v\n%s", t.limit, t.goroutines()))
	}
	t.close()
	return t
}

// conduct runs f on a goroutine with the label, and reports whether it ended
// before enough did, or soon after.
func (t *trial) conduct(f func(*trial), enough context.Context) bool {
	done := make(chan struct{})
	go pprof.Do(context.Background(), pprof.Labels(labelKey, t.label), func(context.Context) {
		defer close(done)
		defer t.recover()
		f(t)
	})
	select {
	case <-done:
		return true
	case <-enough.Done():
	}
	late := countdown(t.life, max(t.limit/5, margin))
	select {
	case <-done:
		return true
	case <-late.Done():
		return false
	}
}

func (t *trial) recover() { t.blame(recover()) }

// blame fails the rule for what has been recovered, if it is a panic.
func (t *trial) blame(p any) bool {
	if p != nil {
		t.Errorf("panic: %v\n%s", p, debug.Stack())
	}
	return p != nil
}

func (t *trial) cleanUp() {
	t.openGates()
	t.endLoops()
	for {
		t.mu.Lock()
		n := len(t.cleanups)
		if n == 0 {
			t.mu.Unlock()
			return
		}
		f := t.cleanups[n-1]
		t.cleanups = t.cleanups[:n-1]
		t.mu.Unlock()
		t.guard(f)
	}
}

// guard calls f, which may panic or end its goroutine.
func (t *trial) guard(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer t.recover()
		f()
	}()
	<-done
}

// checkTime sees to it that a rule that has used up its time has not passed.
func (t *trial) checkTime(took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx.Err() != nil && len(t.failures) == 0 && t.lacking == "" {
		t.failures = append(t.failures, t.line("", fmt.Sprintf("took %v of %v", took.Round(time.Millisecond), t.limit)))
	}
}

// close ends the trial: what fails later, fails nobody.
func (t *trial) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
}

// gate makes a channel that holds turns back until open is called, or the
// rule is over.
func (t *trial) gate() (pass <-chan struct{}, open func()) {
	ch := make(chan struct{})
	open = sync.OnceFunc(func() { close(ch) })
	t.before(open)
	return ch, open
}

// before has f called before anything is cleaned up.
func (t *trial) before(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gates = append(t.gates, f)
}

func (t *trial) openGates() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, open := range t.gates {
		open()
	}
}

// Helper implements TB.
func (t *trial) Helper() {}

// Name implements TB.
func (t *trial) Name() string { return t.rule.ID }

// Logf implements TB.
func (t *trial) Logf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over {
		t.logs = append(t.logs, fmt.Sprintf(format, args...))
	}
}

// Cleanup implements TB.
func (t *trial) Cleanup(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cleanups = append(t.cleanups, f)
}

// last has f called when everything else has been cleaned up.
func (t *trial) last(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cleanups = slices.Insert(t.cleanups, 0, f)
}

// Errorf implements TB.
func (t *trial) Errorf(format string, args ...any) {
	t.fail(caller(), fmt.Sprintf(format, args...))
}

func (t *trial) fail(place, seen string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over {
		t.failures = append(t.failures, t.line(place, seen))
	}
}

// FailNow implements TB. It is for the goroutine of the rule.
func (t *trial) FailNow() {
	t.mu.Lock()
	if len(t.failures) == 0 && !t.over {
		t.failures = append(t.failures, t.line(caller(), "failed"))
	}
	t.mu.Unlock()
	runtime.Goexit()
}

func (t *trial) fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	t.FailNow()
}

// refuse ends the rule: the runtime would not take an actor that it needs.
func (t *trial) refuse(what string, err error) {
	t.mu.Lock()
	t.refused = !t.over
	t.mu.Unlock()
	t.fatalf("%s = %v, want an actor", what, err)
}

// lacks ends the rule: it is about something that the runtime does not offer.
func (t *trial) lacks(what string) {
	t.mu.Lock()
	if !t.over {
		t.lacking = what
	}
	t.mu.Unlock()
	runtime.Goexit()
}

func (t *trial) failed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.failures) > 0
}

// line is a failure as a stranger reads it: the rule, what was seen, the
// promise and the place. The text of what was seen may have more lines.
func (t *trial) line(place, seen string) string {
	first, rest, more := strings.Cut(seen, "\n")
	line := fmt.Sprintf("%s: %s (rule: %s)", t.rule.ID, first, t.rule.Promise)
	if place != "" {
		line += " [" + place + "]"
	}
	if more {
		line += "\n" + strings.TrimRight(rest, "\n")
	}
	return line
}

// caller is the file and line of the rule, or of the factory.
func caller() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if file := filepath.Base(f.File); !slices.Contains(fixtures, file) {
			return fmt.Sprintf("%s:%d", file, f.Line)
		}
		if !more {
			return ""
		}
	}
}

// placeOf is the file and line where a rule begins.
func placeOf(run func(*trial)) string {
	pc := reflect.ValueOf(run).Pointer()
	file, line := runtime.FuncForPC(pc).FileLine(pc)
	return fmt.Sprintf("%s:%d", filepath.Base(file), line)
}

// fixtures are the files whose lines say nothing about what failed.
var fixtures = []string{"trial.go", "seam.go", "actors.go", "waiting.go"}

// goroutines are those of the trial, as the goroutine profile shows them; or all
// of the process, if it has none: those that a runtime shares with others, or that
// set labels of their own, do not have the trial's.
func (t *trial) goroutines() string {
	own := text(t.profile())
	if own == "" {
		return "no goroutine has the label of this rule; all of the process:\n" + text(profile())
	}
	return own
}

// text is a profile without the goroutine that asks for it.
func text(blocks []string) string {
	var b strings.Builder
	for _, block := range blocks {
		if !strings.Contains(block, "/conformance.profile+") {
			b.WriteString(block + "\n\n")
		}
	}
	return b.String()
}

// profile is the part of the goroutine profile that has the trial's label.
func (t *trial) profile() []string {
	want := fmt.Sprintf("%q:%q", labelKey, t.label)
	return slices.DeleteFunc(profile(), func(block string) bool { return !strings.Contains(block, want) })
}

// profile is the goroutine profile, one entry for each stack.
func profile() []string {
	var all strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&all, 1); err != nil {
		return []string{err.Error()}
	}
	_, stacks, _ := strings.Cut(all.String(), "\n") // the first line is a heading
	return strings.Split(strings.TrimSpace(stacks), "\n\n")
}

// countGoroutines is how many goroutines the trial has, its own included.
func (t *trial) countGoroutines() (n int) {
	for _, block := range t.profile() {
		var same int
		if _, err := fmt.Sscanf(block, "%d @", &same); err == nil {
			n += same
		}
	}
	return n
}
