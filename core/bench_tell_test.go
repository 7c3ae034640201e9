package core_test

import (
	"context"
	"sync"
	"testing"

	"github.com/troupe-go/troupe/core"
)

// One producer, one actor.
func BenchmarkTell(b *testing.B) { benchTell(b, 1) }

// Eight producers, one actor.
func BenchmarkTell8(b *testing.B) { benchTell(b, 8) }

func benchTell(b *testing.B, producers int) {
	subject := func(b *testing.B, sys *core.System) job {
		ref, c := spawnMeter(b, sys)
		ctx := context.Background()
		return func(n int) {
			produce(producers, n, func(msg int) { _ = ref.Tell(ctx, msg) })
			checkCount(b, "handled", <-c.done, n+1)
		}
	}
	compare(b, subject, channelTwin(producers), sliceTwin(producers))
}

func channelTwin(producers int) twin {
	return twin{"channel", func(b *testing.B) job {
		in, c := make(chan int, 1024), &meter{done: make(chan int, 1)}
		go func() {
			for msg := range in {
				_, _ = c.Receive(context.Background(), msg)
			}
		}()
		b.Cleanup(func() { close(in) })
		return func(n int) {
			produce(producers, n, func(msg int) { in <- msg })
			checkCount(b, "handled", <-c.done, n+1)
		}
	}}
}

func sliceTwin(producers int) twin {
	return twin{"slice", func(b *testing.B) job {
		box, c := newSlicebox(), &meter{done: make(chan int, 1)}
		go box.serve(c)
		b.Cleanup(box.close)
		return func(n int) {
			produce(producers, n, box.push)
			checkCount(b, "handled", <-c.done, n+1)
		}
	}}
}

// A hop is a message of the ring: how many are to follow, and whom to tell.
type hop struct{ left int }

// A runner passes hops on to the next.
type runner struct {
	next core.Ref[hop]
	done chan struct{}
}

func (r *runner) Receive(ctx context.Context, h hop) (any, error) {
	if h.left == 0 {
		r.done <- struct{}{}
		return nil, nil
	}
	return nil, r.next.Tell(ctx, hop{h.left - 1})
}

// Two actors that take turns; an operation is one message.
func BenchmarkPingPong(b *testing.B) { benchRing(b, 2) }

// A message goes round a ring of a hundred actors; an operation is one hop.
func BenchmarkRing(b *testing.B) { benchRing(b, 100) }

func benchRing(b *testing.B, size int) {
	subject := func(b *testing.B, sys *core.System) job {
		done := make(chan struct{})
		runners := make([]*runner, size)
		refs := make([]core.Ref[hop], size)
		for i := range runners {
			runners[i] = &runner{done: done}
			refs[i] = must[core.Ref[hop]](b)(core.Spawn(sys, runners[i]))
		}
		for i := range runners {
			runners[i].next = refs[(i+1)%size]
		}
		return func(n int) {
			_ = refs[0].Tell(context.Background(), hop{n - 1})
			<-done
		}
	}
	compare(b, subject, twin{"channels", func(b *testing.B) job { return channelRing(b, size) }})
}

func channelRing(b *testing.B, size int) job {
	done := make(chan struct{})
	ins := make([]chan hop, size)
	for i := range ins {
		ins[i] = make(chan hop)
	}
	for i := range ins {
		go func() {
			for h := range ins[i] {
				if h.left == 0 {
					done <- struct{}{}
				} else {
					ins[(i+1)%size] <- hop{h.left - 1}
				}
			}
		}()
	}
	b.Cleanup(func() {
		for _, in := range ins {
			close(in)
		}
	})
	return func(n int) {
		ins[0] <- hop{n - 1}
		<-done
	}
}

const fanOut = 10_000

// Four producers tell ten thousand actors once each; an operation is one such
// sweep.
func BenchmarkFanOut(b *testing.B) {
	subject := func(b *testing.B, sys *core.System) job {
		refs := make([]core.Ref[int], fanOut)
		var handled sync.WaitGroup
		for i := range refs {
			refs[i] = must[core.Ref[int]](b)(core.Spawn(sys, core.Func(func(context.Context, int) (any, error) {
				handled.Done()
				return nil, nil
			})))
		}
		return sweeps(&handled, func(i int) { _ = refs[i].Tell(context.Background(), 0) })
	}
	compare(b, subject, twin{"channels", func(b *testing.B) job {
		ins := make([]chan int, fanOut)
		var handled sync.WaitGroup
		for i := range ins {
			ins[i] = make(chan int, 16)
			go func() {
				for range ins[i] {
					handled.Done()
				}
			}()
		}
		b.Cleanup(func() {
			for _, in := range ins {
				close(in)
			}
		})
		return sweeps(&handled, func(i int) { ins[i] <- 0 })
	}})
}

// sweeps sends to all from four goroutines, and waits until all is handled.
func sweeps(handled *sync.WaitGroup, send func(i int)) job {
	const producers = 4
	sweep := func() {
		handled.Add(fanOut)
		for k := range producers {
			go func() {
				for i := k; i < fanOut; i += producers {
					send(i)
				}
			}()
		}
		handled.Wait()
	}
	sweep() // so that every inbox has been used
	return func(n int) {
		for range n {
			sweep()
		}
	}
}
