package core_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/troupe-go/troupe/core"
)

// TurnstileMsg is what a Turnstile takes.
type TurnstileMsg interface{ forTurnstile() }

type Coin struct{}
type Push struct{}
type Break struct{}

func (Coin) forTurnstile()  {}
func (Push) forTurnstile()  {}
func (Break) forTurnstile() {}

var ErrClosed = errors.New("turnstile is closed")

type Turnstile struct{ open bool }

func (t *Turnstile) Receive(ctx context.Context, msg TurnstileMsg) (any, error) {
	switch msg.(type) {
	case Coin:
		t.open = true
	case Push:
		if !t.open {
			return nil, ErrClosed
		}
		t.open = false
	case Break:
		return nil, core.ErrStop
	}
	return t.open, nil
}

// An actor can be tested with no system at all: Receive is a method that
// takes any context, and what it returns says what becomes of the actor.
func ExampleActor_unitTest() {
	ctx := context.Background() // in a test, t.Context()
	var t Turnstile
	_, err := t.Receive(ctx, Push{})
	fmt.Println(err == ErrClosed)
	fmt.Println(core.As[bool](t.Receive(ctx, Coin{})))
	_, err = t.Receive(ctx, Break{})
	fmt.Println(err == core.ErrStop)
	// Output:
	// true
	// true <nil>
	// true
}
