package subjects

import (
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/pool"
)

func init() {
	registerTroupe("troupe/pool", func() core.Runtime { return pool.New(0) })
}
