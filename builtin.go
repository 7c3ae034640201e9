package troupe

import (
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/locked"
	"github.com/troupe-go/troupe/runtime/pool"
)

func init() {
	builtin("goroutine", goroutineOf)
	builtin("locked", lockedOf, "threads=N", "max=N")
	builtin("pool", poolOf, "size=N", "budget=N", "patience=DURATION")
}

// builtin registers a runtime whose options can be checked without opening it:
// of reads them and makes nothing, what it returns makes the runtime.
func builtin(name string, of func(Options) (open func() core.Runtime), options ...string) {
	register(name, driver{
		open:    func(o Options) (core.Runtime, error) { return of(o)(), nil },
		read:    func(o Options) { of(o) },
		options: options,
	})
}

func goroutineOf(Options) func() core.Runtime {
	return func() core.Runtime { return goroutine.New() }
}

// lockedOf refuses options of which it is known that they will have actors
// refused in the middle of the work.
func lockedOf(o Options) func() core.Runtime {
	var opts []locked.Option
	threads := o.Int("threads", 0, 1)
	if n := o.Int("max", 0, max(threads, 1)); n > 0 {
		opts = append(opts, locked.Max(n))
	} else if threads > 0 {
		threads = o.intBetween("threads", 0, 1, max(locked.ProcessMax(), 1))
	}
	if threads > 0 {
		opts = append(opts, locked.Threads(threads))
	}
	return func() core.Runtime { return locked.New(opts...) }
}

func poolOf(o Options) func() core.Runtime {
	const unset = -1
	opts := []pool.Option{pool.Budget(o.Int("budget", unset, 1))}
	if d := o.Duration("patience", unset); d != unset {
		opts = append(opts, pool.Patience(d))
	}
	size := o.intBetween("size", 0, 0, pool.MaxSize)
	return func() core.Runtime { return pool.New(size, opts...) }
}
