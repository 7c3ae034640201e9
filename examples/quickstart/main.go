// Quickstart is an actor that counts.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

type Add struct{ N int }
type Get struct{ core.Returns[int] } // the reply to a Get is an int

// A Counter handles one message at a time, so that n needs no lock.
type Counter struct{ n int }

func (c *Counter) Receive(ctx context.Context, msg any) (any, error) {
	switch msg := msg.(type) {
	case Add:
		c.n += msg.N
		return nil, nil
	case Get:
		return c.n, nil
	}
	return nil, core.ErrUnhandled
}

func main() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	counter, err := core.Spawn(sys, &Counter{})
	if err != nil {
		log.Fatal(err)
	}
	_ = counter.Tell(ctx, Add{2})               // does not wait
	fmt.Println(core.Call(ctx, counter, Get{})) // waits for the reply
	fmt.Println(sys.Shutdown(ctx))
}
