package core_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

type Backend struct{}

func (Backend) Receive(ctx context.Context, msg string) (any, error) {
	if msg == "fatal" {
		return nil, core.Fatal(errors.New("the backend's disk"))
	}
	return nil, core.ErrUnhandled
}

// A Front hands on what it is sent.
type Front struct{ backend core.Ref[string] }

func (f Front) Receive(ctx context.Context, msg string) (any, error) {
	return f.backend.Call(ctx, msg)
}

// What an actor returns says what becomes of it, and of no other: the errors
// that reach an asker are found by errors.Is, and do nothing to the asker.
func ExampleRef_Call_errors() {
	ctx := context.Background()
	quiet := core.WithLogger(slog.New(slog.DiscardHandler))
	backends, fronts := core.NewSystem(goroutine.New(), quiet), core.NewSystem(goroutine.New(), quiet)
	defer fronts.Shutdown(ctx)
	backend, err := core.Spawn(backends, Backend{})
	if err != nil {
		fmt.Println(err)
		return
	}
	front, err := core.Spawn(fronts, Front{backend})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = front.Call(ctx, "what?")
	fmt.Println(errors.Is(err, core.ErrUnhandled), front.Alive())
	_, err = front.Call(ctx, "fatal")
	fmt.Println(err)
	<-backends.Done() // the backend's system ends of it
	select {
	case <-fronts.Done():
		fmt.Println("and so does the front's")
	default:
		fmt.Println("the front is alive:", front.Alive())
	}
	fmt.Println(backends.Shutdown(ctx))
	// Output:
	// true true
	// the backend's disk
	// the front is alive: true
	// the backend's disk
}
