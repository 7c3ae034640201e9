// Quickstart is an actor that counts.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
)

// A Counter handles one message at a time, so that n needs no lock.
type Counter struct{ n int }

func (c *Counter) Receive(ctx context.Context, add int) (any, error) {
	c.n += add
	return c.n, nil // the reply, if anybody waits for it
}

func main() {
	spec := troupe.FromEnv() // where actors run: $TROUPE_RUNTIME, or "goroutine"
	flag.Var(&spec, "runtime", troupe.Usage())
	flag.Parse()
	rt, err := troupe.Open(spec)
	if err != nil {
		log.Fatal(err)
	}
	ctx, sys := context.Background(), core.NewSystem(rt)
	counter, err := core.Spawn(sys, &Counter{})
	if err != nil {
		log.Fatal(err)
	}
	_ = counter.Tell(ctx, 2)           // does not wait
	fmt.Println(counter.Call(ctx, 40)) // waits for the reply
	fmt.Println(sys.Shutdown(ctx))
}
