package troupe

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options are those of a [Spec], as the function given to [Register] reads
// them. Each is read by its name; [Open] fails if one is left that nobody
// read, or if one was read whose value is not acceptable. They are for one
// call of that function, on its goroutine.
type Options struct{ r *reading }

// A reading is what has been found while a Spec's options were read.
type reading struct {
	spec  Spec
	given []option
	read  []string // names that were asked for
	err   error    // the first value that was not acceptable
}

// Int is the named option, or def if that is not given. Open fails unless the
// value is an integer of at least least.
func (o Options) Int(name string, def, least int) int {
	return o.intBetween(name, def, least, math.MaxInt)
}

// intBetween is Int for a value that is at most most.
func (o Options) intBetween(name string, def, least, most int) int {
	text, ok := o.look(name)
	if !ok {
		return def
	}
	n, err := strconv.Atoi(text)
	if err == nil && least <= n && n <= most {
		return n
	}
	accepted := fmt.Sprintf("an integer, at least %d", least)
	if most < math.MaxInt || errors.Is(err, strconv.ErrRange) {
		accepted = fmt.Sprintf("an integer from %d to %d", least, most)
	}
	o.r.refuse(name, text, accepted)
	return def
}

// Duration is the named option, or def if that is not given. Open fails
// unless the value is a duration as time.ParseDuration reads it, and not
// negative.
func (o Options) Duration(name string, def time.Duration) time.Duration {
	text, ok := o.look(name)
	if !ok {
		return def
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		o.r.refuse(name, text, "a duration such as 100ms or 1s, or 0")
		return def
	}
	return d
}

// OneOf is the named option, or the first of the accepted values if that is
// not given. Open fails unless the value is one of them.
func (o Options) OneOf(name string, accepted ...string) string {
	text, ok := o.look(name)
	if !ok {
		return accepted[0]
	}
	if !slices.Contains(accepted, text) {
		o.r.refuse(name, text, strings.Join(accepted, " or "))
		return accepted[0]
	}
	return text
}

func (o Options) look(name string) (value string, ok bool) {
	if !slices.Contains(o.r.read, name) {
		o.r.read = append(o.r.read, name)
	}
	for _, given := range o.r.given {
		if given.name == name {
			return given.value, true
		}
	}
	return "", false
}

func (r *reading) refuse(name, value, accepted string) {
	if r.err == nil {
		r.err = badSpec("runtime %q: option %s is %q; accepted is %s", r.spec, name, value, accepted)
	}
}

// check is the first thing that was wrong with the options, once all that are
// ever read have been.
func (r *reading) check() error {
	if r.err != nil {
		return r.err
	}
	for _, given := range r.given {
		if !slices.Contains(r.read, given.name) {
			return badSpec("runtime %q: unknown option %s=%s; %s", r.spec, given.name, given.value, r.accepted())
		}
	}
	return nil
}

func (r *reading) accepted() string {
	if len(r.read) == 0 {
		return "this runtime has none"
	}
	return "accepted are " + strings.Join(r.read, ", ")
}
