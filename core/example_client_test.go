package core_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// Clicks is what a package exports of a counting actor: a method for each
// request, and the ref inside. It is comparable, and the zero Clicks is that
// of a dead actor.
type Clicks struct{ ref core.Ref[clicksMsg] }

func NewClicks(sys *core.System) (Clicks, error) {
	ref, err := core.Spawn(sys, &clicks{})
	return Clicks{ref}, err
}

func (c Clicks) Add(ctx context.Context, n int) error   { return c.ref.Tell(ctx, addClicks(n)) }
func (c Clicks) Get(ctx context.Context) (int, error)   { return core.Call(ctx, c.ref, getClicks{}) }
func (c Clicks) Stop(ctx context.Context) (bool, error) { return c.ref.Stop(ctx) }

type clicksMsg interface{ forClicks() }
type addClicks int
type getClicks struct{ core.Returns[int] }

func (addClicks) forClicks() {}
func (getClicks) forClicks() {}

type clicks struct{ n int }

func (c *clicks) Receive(ctx context.Context, m clicksMsg) (any, error) {
	switch m := m.(type) {
	case addClicks:
		c.n += int(m)
	case getClicks:
		return c.n, nil
	}
	return nil, nil
}

// A package hides its actor behind a type of its own.
func ExampleRef() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	defer sys.Shutdown(ctx)
	c, err := NewClicks(sys)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Add(ctx, 3))
	fmt.Println(c.Get(ctx))
	fmt.Println(map[Clicks]string{c: "this one"}[c], c == Clicks{})
	_, err = Clicks{}.Get(ctx)
	fmt.Println(errors.Is(err, core.ErrDead))
	fmt.Println(c.Stop(ctx))
	// Output:
	// <nil>
	// 3 <nil>
	// this one false
	// true
	// true <nil>
}

// A Parent is built with its own ref, and has a child when it has started.
type Parent struct {
	self  core.Ref[string]
	child Clicks
}

func NewParent(self core.Ref[string]) (*Parent, error) { return &Parent{self: self}, nil }

func (p *Parent) OnStart(ctx context.Context) (err error) {
	p.child, err = NewClicks(core.SystemOf(ctx))
	return err
}

func (p *Parent) Receive(ctx context.Context, s string) (any, error) {
	if s == "again" {
		return nil, p.self.Tell(ctx, "once")
	}
	if err := p.child.Add(ctx, len(s)); err != nil {
		return nil, err
	}
	return p.child.Get(ctx)
}

func ExampleSpawnNew() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	defer sys.Shutdown(ctx)
	p, err := core.SpawnNew(sys, NewParent)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = p.Call(ctx, "again") // which sends "once"
	fmt.Println(err)
	fmt.Println(p.Call(ctx, "hello"))
	// Output:
	// <nil>
	// 9 <nil>
}

// What can never be right is an error that says what would be.
func ExampleSpawn_invalid() {
	_, err := core.Spawn(core.NewSystem(nil), &clicks{})
	fmt.Println(err)
	sys := core.NewSystem(goroutine.New())
	defer sys.Shutdown(context.Background())
	_, err = core.Spawn(sys, &clicks{}, core.Bounded(0, core.Wait))
	fmt.Println(err)
	_, err = core.Spawn(sys, core.Func(sumUp), core.WithInbox(NewTray))
	fmt.Println(err)
	// Output:
	// core: invalid argument: nil runtime; NewSystem takes the one to run actors on
	// core: invalid argument: inbox of 0 messages; the least is 1
	// core: invalid argument: an inbox for messages of type core_test.Letter, and an actor that takes core_test.SumJob; both have to be the same
}
