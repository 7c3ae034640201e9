package core_test

import (
	"context"
	"fmt"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

type Letter struct {
	Urgent bool
	Text   string
}

// A Tray is an inbox of one's own: urgent letters first. It needs no lock, as
// core calls it under the actor's.
type Tray struct{ urgent, normal []core.Envelope[Letter] }

func NewTray() core.Inbox[Letter] { return &Tray{} }

func (t *Tray) Push(e core.Envelope[Letter]) {
	q := &t.normal
	if e.Msg.Urgent {
		q = &t.urgent
	}
	*q = append(*q, e)
}

func (t *Tray) Pop() (e core.Envelope[Letter], ok bool) {
	for _, q := range []*[]core.Envelope[Letter]{&t.urgent, &t.normal} {
		if len(*q) > 0 {
			e, *q = (*q)[0], (*q)[1:]
			return e, true
		}
	}
	return e, false
}

func (t *Tray) Len() int { return len(t.urgent) + len(t.normal) }

func ExampleWithInbox() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	open, opened := make(chan struct{}), make(chan struct{})
	clerk, err := core.Spawn(sys, core.Func(func(ctx context.Context, l Letter) (any, error) {
		if l.Text == "" {
			close(opened)
			core.Blocking(ctx, func() { <-open })
			return nil, nil
		}
		fmt.Println(l.Text)
		return nil, nil
	}), core.WithInbox(NewTray), core.Bounded(100, core.DropOldest))
	if err != nil {
		fmt.Println(err)
		return
	}
	send := func(l Letter) {
		if err := clerk.Tell(ctx, l); err != nil {
			fmt.Println(err)
		}
	}
	send(Letter{})
	<-opened // the clerk is busy, and the rest piles up
	send(Letter{Text: "first"})
	send(Letter{Text: "bill"})
	send(Letter{Urgent: true, Text: "fire!"})
	close(open)
	fmt.Println(sys.Shutdown(ctx)) // after what was accepted
	// Output:
	// fire!
	// first
	// bill
	// <nil>
}
