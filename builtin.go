package troupe

import (
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/locked"
	"github.com/troupe-go/troupe/runtime/pool"
)

func init() {
	Register("goroutine", openGoroutine)
	Register("locked", openLocked, "threads=N", "max=N")
	Register("pool", openPool, "size=N", "budget=N", "patience=DURATION")
}

func openGoroutine(Options) (core.Runtime, error) { return goroutine.New(), nil }

func openLocked(o Options) (core.Runtime, error) {
	var opts []locked.Option
	threads := o.Int("threads", 0, 1)
	if threads > 0 {
		opts = append(opts, locked.Threads(threads))
	}
	if n := o.Int("max", 0, max(threads, 1)); n > 0 { // fewer would refuse actors in the middle of the work
		opts = append(opts, locked.Max(n))
	}
	return locked.New(opts...), nil
}

func openPool(o Options) (core.Runtime, error) {
	const unset = -1
	opts := []pool.Option{pool.Budget(o.Int("budget", unset, 1))}
	if d := o.Duration("patience", unset); d != unset {
		opts = append(opts, pool.Patience(d))
	}
	return pool.New(o.Int("size", 0, 0), opts...), nil
}
