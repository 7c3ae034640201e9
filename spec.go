package troupe

import (
	"fmt"
	"os"
	"strings"

	"github.com/troupe-go/troupe/core"
)

// A Spec names a runtime and its options: "pool:size=8,budget=64". The zero
// Spec is that of the default runtime, goroutine. A *Spec is a flag.Value and
// an encoding.TextUnmarshaler.
type Spec string

// EnvVar is the environment variable that FromEnv reads.
const EnvVar = "TROUPE_RUNTIME"

const defaultSpec Spec = "goroutine"

// FromEnv is the Spec in $TROUPE_RUNTIME, unchecked, or "goroutine" if that is
// empty or not set.
func FromEnv() Spec {
	if s := os.Getenv(EnvVar); s != "" {
		return Spec(s)
	}
	return defaultSpec
}

// String is the spec as it is written; that of the zero Spec is "goroutine".
// It makes a *Spec a flag.Value.
func (s Spec) String() string {
	if s == "" {
		return string(defaultSpec)
	}
	return string(s)
}

// Set takes spec if its form is right, its runtime is known, and that is one of
// this module that has these options; otherwise it leaves s as it was. The
// options of a runtime that [Register] made known are checked by [Open], as
// only opening it tells what they mean.
func (s *Spec) Set(spec string) error {
	p, err := Spec(spec).parse()
	if err != nil {
		return err
	}
	d, err := lookUp(p.name)
	if err != nil {
		return err
	}
	if err := d.check(Spec(spec), p); err != nil {
		return err
	}
	*s = Spec(spec)
	return nil
}

// UnmarshalText is Set, for files of configuration.
func (s *Spec) UnmarshalText(text []byte) error { return s.Set(string(text)) }

// parsed is a Spec in its parts.
type parsed struct {
	name    string
	options []option // in the order in which they are written
}

type option struct{ name, value string }

func (s Spec) parse() (parsed, error) {
	name, rest, hasOptions := strings.Cut(s.String(), ":")
	p := parsed{name: name}
	if !hasOptions {
		return p, nil
	}
	for part := range strings.SplitSeq(rest, ",") {
		key, value, ok := strings.Cut(part, "=")
		switch {
		case !ok || key == "" || value == "":
			return p, badSpec("runtime %q: %q is no option; options are written name=value,name=value", string(s), part)
		case p.has(key):
			return p, badSpec("runtime %q: option %s is given twice; give it once", s, key)
		}
		p.options = append(p.options, option{key, value})
	}
	return p, nil
}

func (p parsed) has(name string) bool {
	for _, o := range p.options {
		if o.name == name {
			return true
		}
	}
	return false
}

// A specError says what is wrong with a Spec, and what would be right.
type specError struct{ text string }

func badSpec(format string, args ...any) error {
	return &specError{"troupe: " + fmt.Sprintf(format, args...)}
}

func (e *specError) Error() string { return e.text }

// Unwrap makes errors.Is find core.ErrInvalid.
func (e *specError) Unwrap() error { return core.ErrInvalid }
