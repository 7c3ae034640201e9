package troupe

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/troupe-go/troupe/core"
)

// Open makes the runtime that spec describes. The system that it is given to
// closes it.
//
// The error says what is wrong with spec and what would be right: the known
// runtimes if this one is not known, what is accepted if an option or its
// value is not. Those errors are core.ErrInvalid. Any other is the runtime's
// own.
func Open(spec Spec) (core.Runtime, error) {
	p, err := spec.parse()
	if err != nil {
		return nil, err
	}
	d, err := lookUp(p.name)
	if err != nil {
		return nil, err
	}
	r := &reading{spec: spec, given: p.options}
	rt, err := d.open(Options{r})
	if bad := r.check(); bad != nil {
		discard(rt)
		return nil, bad
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("troupe: runtime %q: %w", spec, err)
	case isNil(rt):
		return nil, fmt.Errorf("troupe: runtime %q: the function registered for it returned nil; it returns a runtime, or an error", spec)
	}
	return rt, nil
}

// isNil reports whether rt is nil, or a nil pointer.
func isNil(rt core.Runtime) bool {
	v := reflect.ValueOf(rt)
	return rt == nil || v.Kind() == reflect.Pointer && v.IsNil()
}

// discard closes a runtime that nobody will use. It has no actors, so that
// Close has nothing to wait for.
func discard(rt core.Runtime) {
	if c, ok := rt.(core.Closer); ok && !isNil(rt) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = c.Close(ctx) // what it says is not what was wrong
	}
}
