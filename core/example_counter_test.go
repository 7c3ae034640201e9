package core_test

import (
	"context"
	"fmt"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

type Add struct{ N int }
type Get struct{}

// Tally is an actor of messages of any type. It handles one at a time, so
// that n needs no lock.
type Tally struct{ n int }

func (t *Tally) Receive(ctx context.Context, msg any) (any, error) {
	switch msg := msg.(type) {
	case Add:
		t.n += msg.N
		return nil, nil
	case Get:
		return t.n, nil
	}
	return nil, core.ErrUnhandled
}

func Example() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	tally, err := core.Spawn(sys, &Tally{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tally.Tell(ctx, Add{2}))
	fmt.Println(tally.Tell(ctx, Add{3}))
	fmt.Println(tally.Call(ctx, Get{}))
	fmt.Println(sys.Shutdown(ctx))
	// Output:
	// <nil>
	// <nil>
	// 5 <nil>
	// <nil>
}
