package pool_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/pool"
)

func TestConformance(t *testing.T) {
	var all sync.WaitGroup
	for _, size := range []int{1, 2, 8} {
		all.Go(func() {
			t.Run(fmt.Sprint("size-", size), func(t *testing.T) {
				conformance.Run(t, func(conformance.TB) core.Runtime { return pool.New(size) }, conformance.Strict())
			})
		})
	}
	all.Wait()
}
