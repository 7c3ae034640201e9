package pool_test

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/pool"
)

// Each benchmark has a twin in plain Go as its first row. Compare within one
// run only.

func eachBenched(b *testing.B, bench func(b *testing.B, sys *core.System)) {
	for _, rt := range []struct {
		name string
		open func() core.Runtime
	}{
		{"goroutine", func() core.Runtime { return goroutine.New() }},
		{"pool_1", func() core.Runtime { return pool.New(1) }},
		{"pool_2", func() core.Runtime { return pool.New(2) }},
		{"pool_8", func() core.Runtime { return pool.New(8) }},
	} {
		b.Run(rt.name, func(b *testing.B) {
			sys := core.NewSystem(rt.open())
			b.ReportAllocs()
			bench(b, sys)
			b.StopTimer()
			require.NoError(b, sys.Shutdown(context.Background()))
		})
	}
}

func spawnBenched[M, R any](b *testing.B, sys *core.System, f func(context.Context, M) (R, error)) core.Ref[M] {
	b.Helper()
	ref, err := core.Spawn(sys, core.Func(f))
	require.NoError(b, err)
	return ref
}

func BenchmarkTell(b *testing.B) {
	b.Run("channel", func(b *testing.B) {
		c, done := make(chan int, 1024), make(chan struct{})
		go func() {
			for range c {
			}
			close(done)
		}()
		for i := range b.N {
			c <- i
		}
		close(c)
		<-done
	})
	eachBenched(b, func(b *testing.B, sys *core.System) {
		done := make(chan struct{})
		last := b.N - 1
		ref := spawnBenched(b, sys, func(_ context.Context, i int) (any, error) {
			if i == last {
				close(done)
			}
			return nil, nil
		})
		ctx := context.Background()
		b.ResetTimer()
		for i := range b.N {
			ref.Tell(ctx, i)
		}
		<-done
	})
}

// ring passes one message round n actors.
func ring(n int) func(b *testing.B, sys *core.System) {
	return func(b *testing.B, sys *core.System) {
		done := make(chan struct{})
		refs := make([]core.Ref[int], n)
		for i := range refs {
			refs[i] = spawnBenched(b, sys, func(ctx context.Context, hops int) (any, error) {
				if hops == 0 {
					close(done)
					return nil, nil
				}
				return nil, refs[(i+1)%n].Tell(ctx, hops-1)
			})
		}
		b.ResetTimer()
		refs[0].Tell(context.Background(), b.N)
		<-done
	}
}

func ringOfChannels(n int) func(b *testing.B) {
	return func(b *testing.B) {
		c := make([]chan int, n)
		for i := range c {
			c[i] = make(chan int)
		}
		done := make(chan struct{})
		for i := range c {
			go func() {
				for hops := range c[i] {
					if hops == 0 {
						close(done)
						return
					}
					c[(i+1)%n] <- hops - 1
				}
			}()
		}
		b.ResetTimer()
		c[0] <- b.N
		<-done
		b.StopTimer()
		for i := range c {
			close(c[i])
		}
	}
}

func BenchmarkPingPong(b *testing.B) {
	b.Run("channels", ringOfChannels(2))
	eachBenched(b, ring(2))
}

func BenchmarkRing(b *testing.B) {
	b.Run("channels", ringOfChannels(100))
	eachBenched(b, ring(100))
}

func BenchmarkCall(b *testing.B) {
	b.Run("channels", pairOfChannels)
	eachBenched(b, func(b *testing.B, sys *core.System) {
		ref := spawnBenched(b, sys, func(_ context.Context, i int) (any, error) { return nil, nil })
		ctx := context.Background()
		ref.Call(ctx, 0)
		b.ResetTimer()
		for i := range b.N {
			if _, err := ref.Call(ctx, i); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAskGet(b *testing.B) {
	b.Run("channels", pairOfChannels)
	eachBenched(b, func(b *testing.B, sys *core.System) {
		ref := spawnBenched(b, sys, func(_ context.Context, i int) (any, error) { return nil, nil })
		ctx := context.Background()
		ref.Call(ctx, 0)
		b.ResetTimer()
		for i := range b.N {
			if _, err := ref.Ask(ctx, i).Get(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func pairOfChannels(b *testing.B) {
	request, reply := make(chan int), make(chan int)
	go func() {
		for i := range request {
			reply <- i
		}
	}()
	for i := range b.N {
		request <- i
		<-reply
	}
	close(request)
}

// BenchmarkCall64 has 64 goroutines call one actor.
func BenchmarkCall64(b *testing.B) {
	b.Run("channels", func(b *testing.B) {
		type request struct{ reply chan int }
		c := make(chan request)
		go func() {
			for r := range c {
				r.reply <- 1
			}
		}()
		callers(b, func() func() {
			reply := make(chan int)
			return func() { c <- request{reply}; <-reply }
		})
		close(c)
	})
	eachBenched(b, func(b *testing.B, sys *core.System) {
		ref := spawnBenched(b, sys, func(_ context.Context, i int) (any, error) { return nil, nil })
		ctx := context.Background()
		callers(b, func() func() { return func() { ref.Call(ctx, 1) } })
	})
}

func callers(b *testing.B, newCall func() func()) {
	const n = 64
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			call := newCall()
			for range b.N/n + min(1, max(0, b.N%n-i)) {
				call()
			}
		})
	}
	all.Wait()
}

// BenchmarkFanOut has 4 producers send to 10,000 actors whose inboxes have
// been used before.
func BenchmarkFanOut(b *testing.B) {
	const actors, producers = 10_000, 4
	b.Run("channels", func(b *testing.B) {
		c := make([]chan int, actors)
		var all sync.WaitGroup
		for i := range c {
			c[i] = make(chan int, 1024)
			go func() {
				for range c[i] {
					all.Done()
				}
			}()
		}
		fanOut(b, &all, actors, producers, func(i int) { c[i] <- i })
		for i := range c {
			close(c[i])
		}
		runtime.GC()
	})
	eachBenched(b, func(b *testing.B, sys *core.System) {
		var all sync.WaitGroup
		ctx := context.Background()
		refs := make([]core.Ref[int], actors)
		for i := range refs {
			refs[i] = spawnBenched(b, sys, func(context.Context, int) (any, error) { all.Done(); return nil, nil })
		}
		fanOut(b, &all, actors, producers, func(i int) { refs[i].Tell(ctx, i) })
	})
}

func fanOut(b *testing.B, handled *sync.WaitGroup, actors, producers int, send func(i int)) {
	handled.Add(2 * actors)
	for i := range 2 * actors {
		send(i % actors)
	}
	handled.Wait()
	b.ResetTimer()
	handled.Add(b.N)
	var all sync.WaitGroup
	for p := range producers {
		all.Go(func() {
			for i := p; i < b.N; i += producers {
				send(i * 7919 % actors)
			}
		})
	}
	all.Wait()
	handled.Wait()
}

// BenchmarkCallBesideAHog has a goroutine call an actor on a pool of one slot,
// while nobody else is ready and beside an actor that always is, by turns of
// sixty-four calls. The messages of both actors take equally long.
func BenchmarkCallBesideAHog(b *testing.B) {
	for _, d := range []time.Duration{0, time.Microsecond, 5 * time.Microsecond, 20 * time.Microsecond, 100 * time.Microsecond} {
		b.Run(d.String(), func(b *testing.B) {
			sys := core.NewSystem(pool.New(1, pool.Patience(0)))
			other := spawnBenched(b, sys, func(context.Context, int) (any, error) { work(d); return nil, nil })
			var ready atomic.Bool
			hog := spawnBenched(b, sys, func(ctx context.Context, n int) (any, error) {
				work(d)
				if !ready.Load() {
					return nil, nil
				}
				return nil, core.Self[int](ctx).Tell(ctx, n)
			})
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour) // so that the caller does not run the turn
			defer cancel()
			var alone, beside []time.Duration
			for range b.N {
				alone = timeCalls(b, ctx, other, alone)
				ready.Store(true)
				require.NoError(b, hog.Tell(ctx, 0))
				beside = timeCalls(b, ctx, other, beside)
				ready.Store(false)
				_, err := hog.Call(ctx, 0) // behind what it told itself
				require.NoError(b, err)
			}
			require.NoError(b, sys.Shutdown(context.Background()))
			reportTail(b, alone, beside)
		})
	}
}

// work takes so long, and no time at all for none.
func work(d time.Duration) {
	if d > 0 {
		spin(d)
	}
}

func timeCalls(b *testing.B, ctx context.Context, ref core.Ref[int], took []time.Duration) []time.Duration {
	for range 64 {
		start := time.Now()
		_, err := ref.Call(ctx, 0)
		took = append(took, time.Since(start))
		require.NoError(b, err)
	}
	return took
}

func reportTail(b *testing.B, alone, beside []time.Duration) {
	slices.Sort(alone)
	slices.Sort(beside)
	for name, percent := range map[string]int{"p50": 50, "p99": 99} {
		a, with := alone[len(alone)*percent/100], beside[len(beside)*percent/100]
		b.ReportMetric(float64(a)/1e3, name+"-alone-µs")
		b.ReportMetric(float64(with)/float64(a), name+"-ratio")
	}
	b.ReportMetric(0, "ns/op") // of 128 calls of two kinds
}
