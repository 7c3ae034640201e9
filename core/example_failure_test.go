package core_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

type Fragile struct{}

func (Fragile) OnFailure(ctx context.Context, err error) {
	var p *core.PanicError
	fmt.Printf("failed: %v; a panic: %v\n", err, errors.As(err, &p))
}

func (Fragile) Receive(ctx context.Context, msg string) (any, error) {
	switch msg {
	case "error":
		return nil, errors.New("no luck")
	case "panic":
		panic("bug")
	case "fatal":
		return nil, core.Fatal(errors.New("disk is gone"))
	}
	return msg, nil
}

// What fails for an asker is the asker's; what fails for nobody ends the
// actor.
func ExampleFailureHandler() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New(), core.WithLogger(slog.New(slog.DiscardHandler)))
	defer sys.Shutdown(ctx)
	fragile, err := core.Spawn(sys, Fragile{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fragile.Call(ctx, "error"))
	fmt.Println(fragile.Call(ctx, "panic"))
	fmt.Println(fragile.Call(ctx, "still here"))
	if err := fragile.Tell(ctx, "panic"); err != nil {
		fmt.Println(err)
	}
	<-fragile.Done()
	fmt.Println(fragile.Err())
	fmt.Println(errors.Is(fragile.Tell(ctx, "hello?"), core.ErrDead))
	// Output:
	// <nil> no luck
	// <nil> core: panic: bug
	// still here <nil>
	// failed: core: panic: bug; a panic: true
	// core: panic: bug
	// true
}

// A fatal error takes the system with it.
func ExampleFatal() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New(), core.WithLogger(slog.New(slog.DiscardHandler)))
	fragile, err := core.Spawn(sys, Fragile{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fragile.Tell(ctx, "fatal"))
	fmt.Println("run:", sys.Run(ctx, 10*time.Second))
	// Output:
	// <nil>
	// run: disk is gone
}

// A message that was told and is not handled is a dead letter.
func ExampleWithDeadLetters() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New(),
		core.WithLogger(slog.New(slog.DiscardHandler)),
		core.WithDeadLetters(func(d core.DeadLetter) {
			fmt.Printf("dead letter %q: %v\n", d.Msg, errors.Is(d.Reason, core.ErrDead))
		}))
	open := make(chan struct{})
	ref, err := core.Spawn(sys, core.Func(func(ctx context.Context, msg string) (any, error) {
		core.Blocking(ctx, func() { <-open })
		return nil, errors.New("no luck")
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ref.Tell(ctx, "fails"))
	fmt.Println(ref.Tell(ctx, "waits"))
	close(open)
	fmt.Println(sys.Shutdown(ctx))
	st := sys.Stats()
	fmt.Println(st.Accepted, "=", st.Handled, "+", st.DeadLetters)
	// Output:
	// <nil>
	// <nil>
	// dead letter "waits": true
	// <nil>
	// 2 = 1 + 1
}
