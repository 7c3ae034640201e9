package subjects

import (
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

func init() {
	registerTroupe("troupe/goroutine", func() core.Runtime { return goroutine.New() })
}
