package pool

import "time"

const (
	defaultBudget   = 64
	defaultPatience = 100 * time.Millisecond
)

// An Option configures a [Runtime].
type Option interface{ apply(*Runtime) }

type optionFunc func(*Runtime)

func (f optionFunc) apply(r *Runtime) { f(r) }

// Budget is how many messages an actor handles at most before it goes behind
// the others that are ready; fewer if they take long. The default, also for
// less than one, is 64.
func Budget(messages int) Option {
	return optionFunc(func(r *Runtime) {
		if messages < 1 {
			messages = defaultBudget
		}
		r.budget = messages
	})
}

// Patience is how long one turn may hold its slot while others are ready.
// After that the slot is lent: one more actor runs until that turn ends or
// waits. The default is 100 ms; at 0, or less, no slot is ever lent.
//
// A turn that waits in core's sight holds no slot. Patience is for what core
// cannot see: a mutex, a channel, a C call, a Call with a context that is not
// the actor's. Such a wait makes the pool slow and never hangs it, unless
// Patience is 0.
//
// The first loan for each type of actor is logged. The actor that the log
// names is the one whose turn has the slot: where that runs the turn of
// another inside its own, as a Call of one that is idle does, it may be the
// other that does not end.
func Patience(d time.Duration) Option {
	return optionFunc(func(r *Runtime) { r.patience = max(d, 0) })
}
