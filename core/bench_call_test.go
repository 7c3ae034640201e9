package core_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/troupe-go/troupe/core"
)

// A call of an idle actor.
func BenchmarkCall(b *testing.B) {
	compare(b, func(b *testing.B, sys *core.System) job {
		ref, c := spawnMeter(b, sys)
		return callJob(b, ref, c, context.Background())
	}, pairTwin(), lockedTwin(1))
}

// A call with a deadline that is far away, and the same one for all calls.
func BenchmarkCallDeadline(b *testing.B) {
	compare(b, func(b *testing.B, sys *core.System) job {
		ref, c := spawnMeter(b, sys)
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		b.Cleanup(cancel)
		return callJob(b, ref, c, ctx)
	}, twin{"pair", func(b *testing.B) job {
		d := openDesk(b)
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		b.Cleanup(cancel)
		return func(n int) {
			got := 0
			for range n {
				got += d.callWithin(ctx)
			}
			checkCount(b, "replies", got, n)
		}
	}})
}

func callJob(b *testing.B, ref core.Ref[int], c *meter, ctx context.Context) job {
	return func(n int) {
		got := 0
		for range n {
			v, err := ref.Call(ctx, 0)
			if err == nil {
				got += v.(int)
			}
		}
		checkCount(b, "replies", got, n)
		checkCount(b, "handled", c.n, n)
		c.n = 0
	}
}

func (d desk) callWithin(ctx context.Context) int {
	select {
	case d.in <- 0:
	case <-ctx.Done():
		return 0
	}
	select {
	case v := <-d.out:
		return v
	case <-ctx.Done():
		return 0
	}
}

// An ask, and then the reply.
func BenchmarkAskGet(b *testing.B) {
	compare(b, func(b *testing.B, sys *core.System) job {
		ref, _ := spawnMeter(b, sys)
		ctx := context.Background()
		return func(n int) {
			got := 0
			for range n {
				v, err := ref.Ask(ctx, 0).Get(ctx)
				if err == nil {
					got += v.(int)
				}
			}
			checkCount(b, "replies", got, n)
		}
	}, pairTwin())
}

func pairTwin() twin {
	return twin{"pair", func(b *testing.B) job {
		d := openDesk(b)
		return func(n int) {
			got := 0
			for range n {
				d.in <- 0
				got += <-d.out
			}
			checkCount(b, "replies", got, n)
		}
	}}
}

func lockedTwin(callers int) twin {
	return twin{"locked", func(b *testing.B) job {
		l := new(lockedCall)
		return callersJob(b, callers, func() func() int { return l.call })
	}}
}

// Sixty-four callers of one actor.
func BenchmarkCall64(b *testing.B) {
	const callers = 64
	compare(b, func(b *testing.B, sys *core.System) job {
		ref, _ := spawnMeter(b, sys)
		return callersJob(b, callers, func() func() int {
			return func() int {
				v, err := ref.Call(context.Background(), 0)
				if err != nil {
					return 0
				}
				return v.(int)
			}
		})
	}, twin{"pairs", func(b *testing.B) job { return pairsJob(b, callers) }}, lockedTwin(callers))
}

// pairsJob is callers of one goroutine, each with a channel for its replies.
func pairsJob(b *testing.B, callers int) job {
	in := make(chan chan int)
	go func() {
		for out := range in {
			out <- 1
		}
	}()
	b.Cleanup(func() { close(in) })
	return callersJob(b, callers, func() func() int {
		out := make(chan int)
		return func() int {
			in <- out
			return <-out
		}
	})
}

// callersJob divides n calls among goroutines.
func callersJob(b *testing.B, callers int, newCall func() func() int) job {
	return func(n int) {
		var all sync.WaitGroup
		got := make([]int, callers)
		for i := range callers {
			call := newCall()
			all.Go(func() {
				sum := 0
				for range n/callers + min(1, max(0, n%callers-i)) {
					sum += call()
				}
				got[i] = sum
			})
		}
		all.Wait()
		sum := 0
		for _, g := range got {
			sum += g
		}
		checkCount(b, "replies", sum, n)
	}
}
