package registry

import (
	"fmt"

	"github.com/troupe-go/troupe/core"
)

// Find is [Registry.ByName] for a ref that takes messages of type M. The
// error is core.ErrDead if there is no actor of that name, and
// core.ErrInvalid if there is one that takes messages of another type.
func Find[M any](r *Registry, name string) (core.Ref[M], error) {
	actor, ok := r.ByName(name)
	if !ok {
		return core.Ref[M]{}, &notFoundError{name}
	}
	ref, err := core.Narrow[M](actor)
	if err != nil {
		return core.Ref[M]{}, fmt.Errorf("registry: actor %q: %w", name, err)
	}
	return ref, nil
}

// A notFoundError says which name nobody has.
type notFoundError struct{ name string }

func (e *notFoundError) Error() string { return fmt.Sprintf("registry: no actor is named %q", e.name) }

// Unwrap makes errors.Is find core.ErrDead: an actor that has ended and one
// that never was are the same to whoever wants to send it something.
func (e *notFoundError) Unwrap() error { return core.ErrDead }
