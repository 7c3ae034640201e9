package conformance

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/troupe-go/troupe/core"
)

// Run checks the runtimes that newRuntime makes, one subtest for each rule,
// each on a runtime of its own. A SHOULD that is broken is logged.
//
// A runtime that is a [core.Closer] is closed by the suite; one that is not,
// and has something to give back, registers a Cleanup with the TB.
func Run(t *testing.T, newRuntime func(TB) core.Runtime, opts ...Option) {
	t.Helper()
	runAll(t, runtimeChecks(), newRuntime, opts)
}

// Check is Run without a testing.T.
func Check(newRuntime func(TB) core.Runtime, opts ...Option) *Report {
	return checkAll(runtimeChecks(), newRuntime, opts)
}

func checkAll(checks []check, newRuntime func(TB) core.Runtime, opts []Option) *Report {
	c, err := configure(checks, opts)
	if err != nil {
		return &Report{Err: err}
	}
	r := &Report{strict: c.strict}
	for _, check := range checks {
		if c.selects(check.ID) {
			res, _ := c.result(check, newRuntime)
			r.Results = append(r.Results, res)
		}
	}
	return r
}

func runAll(t *testing.T, checks []check, newRuntime func(TB) core.Runtime, opts []Option) {
	t.Helper()
	c, err := configure(checks, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, area := range byArea(checks) {
		t.Run(area[0].area(), func(t *testing.T) {
			for _, check := range area {
				if c.selects(check.ID) {
					t.Run(check.name(), func(t *testing.T) { c.show(t, check, newRuntime) })
				}
			}
		})
	}
}

func byArea(checks []check) (areas [][]check) {
	for i, c := range checks {
		if i == 0 || checks[i-1].area() != c.area() {
			areas = append(areas, nil)
		}
		areas[len(areas)-1] = append(areas[len(areas)-1], c)
	}
	return areas
}

// show makes the verdict on a rule that of a subtest.
func (c *config) show(t *testing.T, check check, newRuntime func(TB) core.Runtime) {
	t.Helper()
	res, logs := c.result(check, newRuntime)
	for _, line := range logs {
		t.Log(line)
	}
	switch {
	case res.Skipped != "":
		t.Skipf("%s is skipped: %s (rule: %s)", check.ID, res.Skipped, check.Promise)
	case res.Lacks != "":
		t.Skipf("%s does not apply: no %s (rule: %s)", check.ID, res.Lacks, check.Promise)
	case res.Failure != "" && (check.Must || c.strict):
		t.Error(res.Failure)
	case res.Failure != "":
		first, _, _ := strings.Cut(res.Failure, "\n")
		t.Logf("SHOULD: %s", first)
	}
}

// result runs a rule as often as asked for.
func (c *config) result(check check, newRuntime func(TB) core.Runtime) (res Result, logs []string) {
	res = Result{Rule: check.Rule, Skipped: c.skip[check.ID]}
	if res.Skipped != "" {
		return res, nil
	}
	trials := c.trials(check, newRuntime)
	failed, lacking := 0, 0
	for _, t := range trials {
		logs = append(logs, t.logs...)
		if len(t.failures) > 0 {
			failed++
			res.Failure = strings.Join(t.failures, "\n")
		}
		if t.lacking != "" {
			lacking++
			res.Lacks = t.lacking
		}
	}
	if lacking < len(trials) {
		res.Lacks = ""
	}
	if failed > 0 && c.stress > 1 {
		res.Failure += fmt.Sprintf("\n%s: failed %d of %d times", check.ID, failed, len(trials))
	}
	return res, logs
}

// trials runs a rule once, and if that does not break it as often as asked for.
func (c *config) trials(check check, newRuntime func(TB) core.Runtime) []*trial {
	first := check.try(newRuntime, c.alone())
	if c.stress == 1 || len(first.failures) > 0 {
		return []*trial{first}
	}
	return append(c.crowd(check, newRuntime), first)
}

// crowd runs a rule that has been kept once all the other times, some at once,
// until one breaks it. A trial that was refused an actor proves nothing, as the
// others may have had all that there are of something: it is repeated alone.
func (c *config) crowd(check check, newRuntime func(TB) core.Runtime) []*trial {
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		trials []*trial
		broken bool
	)
	room := make(chan struct{}, atOnce)
	for range c.stress - 1 {
		room <- struct{}{}
		mu.Lock()
		enough := broken
		mu.Unlock()
		if enough {
			break
		}
		wg.Go(func() {
			defer func() { <-room }()
			t := check.try(newRuntime, c.among())
			mu.Lock()
			defer mu.Unlock()
			trials = append(trials, t)
			broken = broken || len(t.failures) > 0 && !t.refused
		})
	}
	wg.Wait()
	for i, t := range trials {
		if t.refused {
			trials[i] = check.try(newRuntime, c.alone())
		}
	}
	return trials
}
