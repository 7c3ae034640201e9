package conformance

import (
	"errors"
	"fmt"
	"time"
)

// An Option configures a run.
type Option interface{ apply(*config) error }

type optionFunc func(*config) error

func (f optionFunc) apply(c *config) error { return f(c) }

type config struct {
	only     map[string]bool // nil: all
	skip     map[string]string
	deadline time.Duration
	stress   int
	strict   bool
}

// Only runs the named rules and no others. Only of nothing, and of a rule
// that there is not, is an error.
func Only(ids ...string) Option {
	return optionFunc(func(c *config) error {
		if len(ids) == 0 {
			return errors.New("Only of no rule")
		}
		if c.only == nil {
			c.only = map[string]bool{}
		}
		for _, id := range ids {
			c.only[id] = true
		}
		return nil
	})
}

// Skip leaves out a rule, for a reason that the report shows. A report in
// which a MUST was skipped is partial. A rule that there is not, and no
// reason, are errors.
func Skip(id, reason string) Option {
	return optionFunc(func(c *config) error {
		if reason == "" {
			return fmt.Errorf("Skip of %s for no reason", id)
		}
		c.skip[id] = reason
		return nil
	})
}

// Deadline replaces the five seconds that a rule has. A rule that takes
// longer has failed. A rule on one actor that holds up others has a fifth of
// that, but a second if there is one. Where the process has to wait for a
// processor, because the machine is busy with others, the seconds are longer.
func Deadline(d time.Duration) Option {
	return optionFunc(func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("Deadline of %v", d)
		}
		c.deadline = d
		return nil
	})
}

// Stress runs each rule n times, each time on a fresh runtime: once alone, and
// if that does not break it the other times ten at once, with ten times the
// time, which is what they take on one CPU. Once it is broken it is not begun
// again. Where the runtimes share a limit, such as that of threads, one that
// refuses an actor that the rule needs is tried again alone.
func Stress(n int) Option {
	return optionFunc(func(c *config) error {
		if n < 1 {
			return fmt.Errorf("Stress of %d", n)
		}
		c.stress = n
		return nil
	})
}

// Strict makes SHOULD rules fail as MUST rules do.
func Strict() Option {
	return optionFunc(func(c *config) error { c.strict = true; return nil })
}

const defaultDeadline = 5 * time.Second

// configure reads the options for a table of checks.
func configure(checks []check, opts []Option) (*config, error) {
	c := &config{skip: map[string]string{}, deadline: defaultDeadline, stress: 1}
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("conformance: nil Option")
		}
		if err := opt.apply(c); err != nil {
			return nil, fmt.Errorf("conformance: %w", err)
		}
	}
	known := map[string]bool{}
	for _, check := range checks {
		known[check.ID] = true
	}
	return c, c.checkIDs(known)
}

func (c *config) checkIDs(known map[string]bool) error {
	for id := range c.only {
		if !known[id] {
			return fmt.Errorf("conformance: Only of %q, which is no rule", id)
		}
	}
	for id := range c.skip {
		if !known[id] {
			return fmt.Errorf("conformance: Skip of %q, which is no rule", id)
		}
	}
	return nil
}

// selects reports whether a rule is to be run, or reported as skipped.
func (c *config) selects(id string) bool { return c.only == nil || c.only[id] }

// atOnce is how many trials of a Stress there are at a time: the race
// detector ends a process that has 8,128 goroutines, and some rules have
// hundreds.
const atOnce = 10

// terms are what one run of a rule has.
type terms struct {
	limit time.Duration // to return
	spare time.Duration // for repeating something, see upTo
	grace time.Duration // for what is to happen soon after a deadline
}

// brief is a fifth of the time, and a second at least if there is one.
func (t terms) brief() terms {
	t.limit = min(t.limit, max(t.limit/5, time.Second))
	return t
}

// grace is long for what only has to notice that a context has ended.
const grace = 500 * time.Millisecond

func (c *config) alone() terms { return terms{c.deadline, c.deadline / 10, grace} }

// among is for one of ten at once: they share what one alone may repeat, as it
// is their number that finds what is rare.
func (c *config) among() terms {
	return terms{c.deadline * atOnce, c.deadline / 10 / atOnce, grace * atOnce}
}
