package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A mutant is one breakage.
type mutant struct {
	rule     string // the rule that it breaks
	file     string // below the module's root
	old, new string
	tests    string // that must turn red, one at least; names with | between them
}

func (m mutant) String() string {
	return fmt.Sprintf("%-12s %s: %q", m.rule, m.file, strings.TrimSpace(m.old))
}

// An engine runs mutants.
type engine struct {
	root    string        // of the module
	pkg     string        // whose tests are run
	timeout time.Duration // of one run; what hangs is killed
	jobs    int

	mu  sync.Mutex
	out io.Writer
}

var (
	errSurvived = errors.New("survived")
	errNoBuild  = errors.New("does not build")
)

// run runs the tests as they are, then each mutant, and reports whether all
// were killed.
func (e *engine) run(all []mutant) bool {
	err := e.fit(all)
	if err == nil {
		err = e.baseline(all)
	}
	if err != nil {
		fmt.Fprintln(e.out, err)
		return false
	}
	errs := make([]error, len(all))
	var workers sync.WaitGroup
	next := make(chan int)
	for range max(e.jobs, 1) {
		workers.Go(func() {
			for i := range next {
				errs[i] = e.try(all[i])
				e.say(all[i], errs[i])
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	workers.Wait()
	return e.report(errs)
}

// say prints what became of m.
func (e *engine) say(m mutant, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err == nil {
		fmt.Fprintf(e.out, "killed    %v\n", m)
	} else {
		fmt.Fprintf(e.out, "NOT KILLED %v\n\t%v\n", m, err)
	}
}

func (e *engine) report(errs []error) bool {
	killed := 0
	for _, err := range errs {
		if err == nil {
			killed++
		}
	}
	fmt.Fprintf(e.out, "%d of %d mutants killed\n", killed, len(errs))
	return killed == len(errs)
}

// fit checks that every old text is there, once.
func (e *engine) fit(all []mutant) error {
	var errs []error
	for _, m := range all {
		if _, err := e.broken(m); err != nil {
			errs = append(errs, fmt.Errorf("%v\n\t%w", m, err))
		}
	}
	return errors.Join(errs...)
}

// broken is the text of the broken file.
func (e *engine) broken(m mutant) (string, error) {
	src, err := os.ReadFile(e.path(m))
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(src), m.old); n != 1 {
		return "", fmt.Errorf("the old text is there %d times, want 1", n)
	}
	return strings.Replace(string(src), m.old, m.new, 1), nil
}

func (e *engine) path(m mutant) string { return filepath.Join(e.root, filepath.FromSlash(m.file)) }

// baseline checks that every test that is named exists and passes while
// nothing is broken.
func (e *engine) baseline(all []mutant) error {
	names := map[string]bool{}
	for _, m := range all {
		for name := range strings.SplitSeq(m.tests, "|") {
			names[name] = true
		}
	}
	var list []string
	for name := range names {
		list = append(list, name)
	}
	out, err := e.goTest(strings.Join(list, "|"), "-v", "-timeout=5m")
	if err != nil {
		return fmt.Errorf("the tests fail with nothing broken: %w\n%s", err, out)
	}
	var errs []error
	for _, name := range list {
		if !strings.Contains(out, "\n--- PASS: "+name+" ") {
			errs = append(errs, fmt.Errorf("there is no test %q", name))
		}
	}
	return errors.Join(errs...)
}

// try returns nil if the mutant is killed.
func (e *engine) try(m mutant) error {
	overlay, cleanUp, err := e.overlay(m)
	if err != nil {
		return err
	}
	defer cleanUp()
	out, err := e.goTest(m.tests, "-overlay="+overlay, "-timeout="+e.timeout.String())
	switch {
	case err == nil:
		return fmt.Errorf("%w: %s passed", errSurvived, m.tests)
	case strings.Contains(out, "[build failed]"), strings.Contains(out, "[setup failed]"):
		return fmt.Errorf("%w:\n%s", errNoBuild, out)
	case !strings.Contains(out, "FAIL"):
		return fmt.Errorf("%w\n%s", err, out) // go test itself failed
	}
	return nil
}

// overlay writes the broken file and the description of it that go build
// takes, so that the module itself stays as it is.
func (e *engine) overlay(m mutant) (file string, cleanUp func(), err error) {
	text, err := e.broken(m)
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "rulemutants")
	if err != nil {
		return "", nil, err
	}
	broken, file := filepath.Join(dir, "broken.go"), filepath.Join(dir, "overlay.json")
	files, err := testFiles(filepath.Join(e.root, e.pkg))
	if err != nil {
		return "", nil, err
	}
	replaced := map[string]string{e.path(m): broken}
	for _, path := range unneeded(files, strings.Split(m.tests, "|")) {
		replaced[path] = "" // deleted
	}
	replace, err := json.Marshal(map[string]any{"Replace": replaced})
	if err == nil {
		err = errors.Join(os.WriteFile(broken, []byte(text), 0o600), os.WriteFile(file, replace, 0o600))
	}
	return file, func() { _ = os.RemoveAll(dir) }, err
}

// goTest runs the named tests. Vet and debug information would only cost
// time.
func (e *engine) goTest(tests string, args ...string) (out string, err error) {
	args = append([]string{"test", "-vet=off", "-ldflags=-s -w", "-count=1", "-run=^(" + tests + ")$"}, args...)
	cmd := exec.Command("go", append(args, e.pkg)...)
	cmd.Dir = e.root
	text, err := cmd.CombinedOutput()
	return string(text), err
}

func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}
