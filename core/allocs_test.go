//go:build !race

package core_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// What a message may allocate. The race detector allocates too, so these are
// left out with it.
func TestAllocations(t *testing.T) {
	ctx := context.Background()
	standing, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	sys := core.NewSystem(goroutine.New())
	defer func() { _ = sys.Shutdown(ctx) }()
	ref, c := spawnMeter(t, sys)
	tests := []struct {
		name string
		most float64
		do   func()
	}{
		{"AThousandTells", 1, func() { // for the goroutine that handles them
			for range 1000 {
				_ = ref.Tell(ctx, 0)
			}
			_ = ref.Tell(ctx, last)
			<-c.done
		}},
		{"CallOfAnIdleActor", 0, func() { _, _ = ref.Call(ctx, 0) }},
		{"AskAndGet", 1, func() { _, _ = ref.Ask(ctx, 0).Get(ctx) }},
		{"CallWithAStandingDeadline", 2, func() { _, _ = ref.Call(standing, 0) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assert.LessOrEqual(t, testing.AllocsPerRun(200, test.do), test.most)
		})
	}
}
