package subjects

import (
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/locked"
)

func init() {
	registerTroupe("troupe/locked", func() core.Runtime { return locked.New() })
}
