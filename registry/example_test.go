package registry_test

import (
	"context"
	"fmt"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/registry"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

type Reload struct{}

type Reloader interface{ Reload() }

type Cache struct{ reloads int }

func (c *Cache) Reload() { c.reloads++ }

func (c *Cache) Receive(ctx context.Context, msg any) (any, error) {
	switch msg := msg.(type) {
	case Reload:
		c.Reload()
		return c.reloads, nil
	case string: // the name of another actor
		other, err := registry.Find[any](registry.From(ctx), msg)
		if err != nil {
			return nil, err
		}
		return other.Call(ctx, Reload{})
	}
	return nil, core.ErrUnhandled
}

func Example() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	defer sys.Shutdown(ctx)
	for i := range 3 {
		if _, err := core.Spawn(sys, &Cache{}, core.Named(fmt.Sprint("cache-", i))); err != nil {
			fmt.Println(err)
			return
		}
	}

	reg := registry.Of(sys)
	fmt.Println(registry.Broadcast(ctx, reg.All(), Reload{}))
	fmt.Println(registry.Broadcast(ctx, registry.OfType[Reloader](reg), Reload{}))

	one, err := registry.Find[any](reg, "cache-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(one.Call(ctx, "cache-2")) // which it looks up, and calls
	fmt.Println(one.Call(ctx, "cache-9"))
	for ref := range registry.OfType[*Cache](reg) {
		fmt.Println(ref.Name())
	}
	fmt.Println(registry.Stop(ctx, registry.OfType[*Cache](reg)))
	_, found := reg.ByURN(one.URN())
	fmt.Println(found)
	// Output:
	// 3 <nil>
	// 3 <nil>
	// 3 <nil>
	// <nil> registry: no actor is named "cache-9"
	// cache-0
	// cache-1
	// cache-2
	// 3 <nil>
	// false
}
