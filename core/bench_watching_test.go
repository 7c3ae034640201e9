package core_test

import (
	"context"
	"io"
	"log/slog"
	"runtime/pprof"
	"testing"
	"time"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A watch is something that core could do in every turn, before and after the
// handler.
type watch struct{ before, after func() }

func nothing() {}

// watches are what was decided against, or for what is logged alone: see
// Watching in docs/design.md. What can be made once for an actor is, but for
// label_made, whose labels are the turn's own.
func watches() map[string]watch {
	labelled := pprof.WithLabels(context.Background(), pprof.Labels("actor", "core_test.meter"))
	return map[string]watch{
		"nothing": {nothing, nothing}, // the noise
		"clock":   {func() { sawTime = time.Now() }, nothing},
		"label": {
			func() { pprof.SetGoroutineLabels(labelled) },
			func() { pprof.SetGoroutineLabels(context.Background()) },
		},
		"label_made": {
			func() {
				pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("actor", "core_test.meter")))
			},
			func() { pprof.SetGoroutineLabels(context.Background()) },
		},
		"record_disabled": {recordAt(slog.LevelInfo), nothing},
		"record_enabled":  {recordAt(slog.LevelDebug), nothing},
	}
}

var sawTime time.Time

// recordAt makes a record at DEBUG with a logger that logs from level on, to
// nowhere.
func recordAt(level slog.Level) func() {
	l := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: level})).With("actor", "core_test.meter")
	return func() { l.LogAttrs(context.Background(), slog.LevelDebug, "message handled") }
}

// A watched is a meter with something done around its handler.
type watched struct {
	meter
	watch watch
}

func (w *watched) Receive(ctx context.Context, msg int) (any, error) {
	w.watch.before()
	defer w.watch.after()
	return w.meter.Receive(ctx, msg)
}

// A call of an idle actor with something done in its turn, by a call of one
// like it that does nothing. The ratio is what that would cost every message.
func BenchmarkWatching(b *testing.B) {
	for name, w := range watches() {
		b.Run(name, func(b *testing.B) {
			for _, rt := range benchRuntimes() {
				b.Run(rt.Name, func(b *testing.B) {
					sys := testkit.System(b, rt)
					interleave(b, watchedJob(b, sys, w), watchedJob(b, sys, watch{nothing, nothing}))
				})
			}
		})
	}
}

func watchedJob(b *testing.B, sys *core.System, w watch) job {
	actor := &watched{watch: w}
	ref := must[core.Ref[int]](b)(core.Spawn(sys, actor))
	must[any](b)(ref.Call(context.Background(), 0)) // it has started
	actor.n = 0
	return callJob(b, ref, &actor.meter, context.Background())
}
