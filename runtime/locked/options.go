package locked

// An Option configures a [Runtime].
type Option interface{ apply(*options) }

type options struct {
	threads  int
	onThread func() (stop func(), err error)
	quota    *quota
}

type optionFunc func(*options)

func (f optionFunc) apply(o *options) { f(o) }

// Threads places all actors on n threads, at least one, in place of a thread
// for each. An actor stays for life on the thread that has the fewest actors
// when it is spawned. A thread is started for its first actor, which is
// refused where [Max] does not allow that many. The threads end when the
// Runtime is closed.
func Threads(n int) Option {
	return optionFunc(func(o *options) { o.threads = max(n, 1) })
}

// Max allows the Runtime n threads at a time. Without it there is a maximum
// for all Runtimes of the process together: half of what is left, by the
// first use of this package, of Go's own limit of 10,000, the user's limit of
// processes and the limits of the control groups that the process is in; and
// 1,000 at the most. Go ends the process when a thread cannot be started.
func Max(n int) Option {
	return optionFunc(func(o *options) { o.quota = newQuota(n) })
}

// OnThread calls start on each new thread, before the turns of any actor, and
// what start returns, if that is not nil, when the thread is about to end. If
// start returns an error, or panics, the actor is refused that the thread was
// for. Neither function may spawn an actor on this Runtime, which could be
// placed on the thread that waits for it.
func OnThread(start func() (stop func(), err error)) Option {
	return optionFunc(func(o *options) { o.onThread = start })
}
