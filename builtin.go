package troupe

import (
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/pool"
)

func init() {
	Register("goroutine", openGoroutine)
	Register("pool", openPool, "size=N", "budget=N", "patience=DURATION")
}

func openGoroutine(Options) (core.Runtime, error) { return goroutine.New(), nil }

func openPool(o Options) (core.Runtime, error) {
	const unset = -1
	opts := []pool.Option{pool.Budget(o.Int("budget", unset, 1))}
	if d := o.Duration("patience", unset); d != unset {
		opts = append(opts, pool.Patience(d))
	}
	return pool.New(o.Int("size", 0, 0), opts...), nil
}
