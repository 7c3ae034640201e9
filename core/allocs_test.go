//go:build !race

package core_test

import (
	"context"
	"log/slog"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/pool"
)

// A mirror replies with the message. Go has a box for numbers up to 255; a
// greater one costs the handler an allocation.
type mirror struct{ handled chan struct{} }

func (m *mirror) Receive(_ context.Context, msg int) (any, error) {
	if msg == last {
		m.handled <- struct{}{}
	}
	return msg, nil
}

// What an operation allocates, exactly. The race detector allocates too, so
// this is left out with it.
func TestAllocations(t *testing.T) {
	for name, rt := range map[string]core.Runtime{"goroutine": goroutine.New(), "pool": pool.New(2)} {
		t.Run(name, func(t *testing.T) {
			sys := core.NewSystem(rt, core.WithLogger(slog.New(slog.DiscardHandler)))
			defer func() { _ = sys.Shutdown(t.Context()) }()
			for _, op := range operations(t, sys) {
				t.Run(op.name, func(t *testing.T) {
					assert.InDelta(t, op.want, allocations(op.each, op.do), 0.01)
				})
			}
		})
	}
}

type operation struct {
	name string
	want float64 // allocations of one
	each int     // how many of them do does
	do   func()
}

func operations(t *testing.T, sys *core.System) []operation {
	const boxed = 1000
	ctx := context.Background()
	standing, cancel := context.WithTimeout(ctx, time.Hour)
	t.Cleanup(cancel)
	m := &mirror{make(chan struct{}, 1)}
	ref := must[core.Ref[int]](t)(core.Spawn(sys, m))
	return []operation{
		{"Tell", 0, 1000, func() {
			for range 999 {
				_ = ref.Tell(ctx, 1)
			}
			_ = ref.Tell(ctx, last)
			<-m.handled
		}},
		{"Call", 0, 1, func() { _, _ = ref.Call(ctx, 1) }},
		{"CallWithABoxedReply", 1, 1, func() { _, _ = ref.Call(ctx, boxed) }},
		{"CallWithAStandingDeadline", 1, 1, func() { _, _ = ref.Call(standing, 1) }},
		{"AskAndGet", 1, 1, func() { _, _ = ref.Ask(ctx, 1).Get(ctx) }},
		{"AskAndGetWithABoxedReply", 2, 1, func() { _, _ = ref.Ask(ctx, boxed).Get(ctx) }},
		{"SpawnTellStop", 4, 1, func() {
			ref, _ := core.Spawn(sys, m)
			_ = ref.Tell(ctx, 1)
			_, _ = ref.Stop(ctx)
		}},
	}
}

// allocations is how many allocations an operation makes on average, once the
// pools of the system are warm. Garbage is not collected meanwhile, as that
// would empty them.
func allocations(each int, do func()) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runs := 20_000 / each
	for range runs {
		do()
	}
	before := mallocs()
	for range runs {
		do()
	}
	return float64(mallocs()-before) / float64(runs*each)
}

func mallocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}
