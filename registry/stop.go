package registry

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/troupe-go/troupe/core"
)

// Stop stops actors as core.Ref.Stop does, the newest first and each fully
// before the next, and returns how many it stopped; one that had ended by its
// turn does not count. Actors that are spawned meanwhile are not stopped.
//
// When ctx ends, all that are left are asked to stop, and Stop returns an
// error that wraps that of ctx and says how many have not stopped yet. An
// actor among actors that calls Stop itself is asked to stop, and not waited
// for. Any other error of one actor keeps none of the others from being
// stopped; such errors are joined.
func Stop(ctx context.Context, actors iter.Seq[core.Ref[any]]) (stopped int, err error) {
	if ctx == nil {
		return 0, errNilContext
	}
	if actors == nil {
		return 0, errNilActors
	}
	self := core.Self[any](ctx)
	var failures []error
	pending := 0
	for _, actor := range newestFirst(actors) {
		if actor == self {
			actor.AskStop()
			continue
		}
		ok, err := actor.Stop(ctx)
		switch {
		case ok:
			stopped++
		case err != nil && ctx.Err() != nil:
			pending++
		case err != nil:
			failures = append(failures, fmt.Errorf("registry: stopping %v: %w", actor, err))
		}
	}
	if pending > 0 {
		failures = append(failures, fmt.Errorf("registry: %d actors have not stopped yet: %w", pending, context.Cause(ctx)))
	}
	return stopped, errors.Join(failures...)
}

// AskStop asks actors to stop, the newest first, and waits for none. The
// futures, in that order, say of each whether it was alive. A nil iterator is
// over none.
func AskStop(actors iter.Seq[core.Ref[any]]) []core.Future[bool] {
	if actors == nil {
		return nil
	}
	var asked []core.Future[bool]
	for _, actor := range newestFirst(actors) {
		asked = append(asked, actor.AskStop())
	}
	return asked
}

func newestFirst(actors iter.Seq[core.Ref[any]]) []core.Ref[any] {
	all := slices.Collect(actors)
	slices.Reverse(all)
	return all
}
