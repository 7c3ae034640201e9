package core_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// ShortenRequest is one message in the form of a struct, as a method of a
// service takes it.
type ShortenRequest struct {
	Text string
	Max  int
}

type Shortener struct{ calls int }

func (s *Shortener) Shorten(ctx context.Context, r ShortenRequest) (string, error) {
	s.calls++
	if r.Max < 1 {
		return "", fmt.Errorf("max is %d, want at least 1", r.Max)
	}
	return strings.TrimSpace(r.Text[:min(r.Max, len(r.Text))]), nil
}

// A method that a service already has is an actor as it stands. Its error is
// the asker's, and the actor lives on.
func ExampleFunc() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	defer sys.Shutdown(ctx)

	shorten, err := core.Spawn(sys, core.Func(new(Shortener).Shorten))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(shorten.Call(ctx, ShortenRequest{"Hello, world", 5}))
	_, err = shorten.Call(ctx, ShortenRequest{})
	fmt.Println(err, shorten.Alive())
	// Output:
	// Hello <nil>
	// max is 0, want at least 1 true
}
