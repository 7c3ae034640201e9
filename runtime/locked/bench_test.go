package locked_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/locked"
)

// Two threads pass a message to and fro, as actors and as plain goroutines on
// threads of their own. An operation is one message.
func BenchmarkPingPong(b *testing.B) {
	b.Run("Actors", pingPongOfActors)
	b.Run("PlainGo", pingPongOfPlainGo)
}

// A player sends what is left of the rounds to the other.
type player struct {
	other core.Ref[int]
	over  chan struct{}
}

func (p *player) Receive(ctx context.Context, left int) (any, error) {
	if left == 0 {
		close(p.over)
		return nil, nil
	}
	return nil, p.other.Tell(ctx, left-1)
}

func pingPongOfActors(b *testing.B) {
	sys := core.NewSystem(locked.New())
	over := make(chan struct{})
	ping, pong := &player{over: over}, &player{over: over}
	a, b2 := must(core.Spawn(sys, ping)), must(core.Spawn(sys, pong))
	ping.other, pong.other = b2, a
	b.ResetTimer()
	check(a.Tell(b.Context(), b.N))
	<-over
	b.StopTimer()
	check(sys.Shutdown(b.Context()))
}

func pingPongOfPlainGo(b *testing.B) {
	ping, pong, over := make(chan int, 1), make(chan int, 1), make(chan struct{})
	play := func(in <-chan int, out chan<- int) {
		runtime.LockOSThread()
		for left := range in {
			if left == 0 {
				close(over)
				return
			}
			out <- left - 1
		}
	}
	go play(ping, pong)
	go play(pong, ping)
	b.ResetTimer()
	ping <- b.N
	<-over
	b.StopTimer()
	close(ping) // whoever waits still ends
	close(pong)
}
