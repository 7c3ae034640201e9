package troupe

import (
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

func init() {
	Register("goroutine", openGoroutine)
}

func openGoroutine(Options) (core.Runtime, error) { return goroutine.New(), nil }
