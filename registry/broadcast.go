package registry

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/troupe-go/troupe/core"
)

// Broadcast tells msg to actors, one after the other, and returns how many
// took it. It passes over those that have ended, and those that do not take
// messages of that type: neither is an error. It goes on behind one that
// could not be told for another reason, such as core.ErrInboxFull, and
// returns those errors joined. When ctx ends it returns at once.
func Broadcast(ctx context.Context, actors iter.Seq[core.Ref[any]], msg any) (told int, err error) {
	if ctx == nil {
		return 0, errNilContext
	}
	if actors == nil {
		return 0, errNilActors
	}
	var failures []error
	for actor := range actors {
		err := actor.Tell(ctx, msg)
		switch {
		case err == nil:
			told++
			continue
		case errors.Is(err, core.ErrDead), errors.Is(err, core.ErrUnhandled):
			continue
		}
		failures = append(failures, fmt.Errorf("registry: telling %v: %w", actor, err))
		if ctx.Err() != nil {
			break
		}
	}
	return told, errors.Join(failures...)
}

var (
	errNilContext = fmt.Errorf("registry: %w: nil context; context.Background() is the one that never ends", core.ErrInvalid)
	errNilActors  = fmt.Errorf("registry: %w: nil iterator; Registry.All is that over all actors", core.ErrInvalid)
)
