package conformance

import (
	"context"
	"log/slog"
	"testing"

	"github.com/troupe-go/troupe/core"
)

// Bench measures the runtimes that newRuntime makes: a tell and a call from
// outside, an ask, two actors that tell each other, and the life of an actor.
// It is for comparing runtimes with each other on one machine.
func Bench(b *testing.B, newRuntime func(TB) core.Runtime) {
	b.Run("tell", func(b *testing.B) { benchTell(b, benchSystem(b, newRuntime)) })
	b.Run("call", func(b *testing.B) { benchCall(b, benchSystem(b, newRuntime)) })
	b.Run("ask", func(b *testing.B) { benchAsk(b, benchSystem(b, newRuntime)) })
	b.Run("ping-pong", func(b *testing.B) { benchPingPong(b, benchSystem(b, newRuntime)) })
	b.Run("life", func(b *testing.B) { benchLife(b, benchSystem(b, newRuntime)) })
}

func benchSystem(b *testing.B, newRuntime func(TB) core.Runtime) *core.System {
	sys := core.NewSystem(newRuntime(b), core.WithLogger(slog.New(slog.DiscardHandler)))
	b.Cleanup(func() {
		if err := sys.Shutdown(context.Background()); err != nil {
			b.Errorf("Shutdown = %v, want nil", err)
		}
	})
	b.ReportAllocs()
	return sys
}

func benchSpawn(b *testing.B, sys *core.System, receive func(context.Context, int) (int, error)) core.Ref[int] {
	ref, err := core.Spawn(sys, core.Func(receive))
	if err != nil {
		b.Fatalf("Spawn = %v, want an actor", err)
	}
	return ref
}

func echo(_ context.Context, n int) (int, error) { return n, nil }

func benchTell(b *testing.B, sys *core.System) {
	ctx := context.Background()
	done := make(chan struct{})
	ref := benchSpawn(b, sys, func(_ context.Context, n int) (int, error) {
		if n < 0 {
			close(done)
		}
		return n, nil
	})
	b.ResetTimer()
	for range b.N {
		_ = ref.Tell(ctx, 1)
	}
	_ = ref.Tell(ctx, -1)
	<-done
}

func benchCall(b *testing.B, sys *core.System) {
	ctx := context.Background()
	ref := benchSpawn(b, sys, echo)
	for b.Loop() {
		_, _ = ref.Call(ctx, 1)
	}
}

func benchAsk(b *testing.B, sys *core.System) {
	ctx := context.Background()
	ref := benchSpawn(b, sys, echo)
	for b.Loop() {
		_, _ = ref.Ask(ctx, 1).Get(ctx)
	}
}

func benchPingPong(b *testing.B, sys *core.System) {
	done := make(chan struct{})
	var ping, pong core.Ref[int]
	back := func(to *core.Ref[int]) func(context.Context, int) (int, error) {
		return func(ctx context.Context, n int) (int, error) {
			if n == 0 {
				close(done)
				return 0, nil
			}
			return n, to.Tell(ctx, n-1)
		}
	}
	ping = benchSpawn(b, sys, back(&pong))
	pong = benchSpawn(b, sys, back(&ping))
	b.ResetTimer()
	_ = ping.Tell(context.Background(), b.N)
	<-done
}

func benchLife(b *testing.B, sys *core.System) {
	ctx := context.Background()
	for b.Loop() {
		ref := benchSpawn(b, sys, echo)
		_, _ = ref.Call(ctx, 1)
		_, _ = ref.Stop(ctx)
	}
}
