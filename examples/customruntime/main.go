// Customruntime runs its actors on a runtime of its own, package single, on
// which one turn runs at a time and a turn that waits lets the others run.
//
// Every actor of a tower calls the one below it and waits for the answer, so
// that in the end all of them wait at once, on one goroutine.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/examples/customruntime/single"
)

func init() {
	troupe.Register("single", func(troupe.Options) (core.Runtime, error) { return single.New(), nil })
}

// Height asks a floor how many floors there are, itself included.
type Height struct{ core.Returns[int] }

// A Floor stands on another, or on the ground.
type Floor struct {
	below core.Ref[Height]
}

// Receive implements core.Actor.
func (f *Floor) Receive(ctx context.Context, ask Height) (any, error) {
	if f.below == (core.Ref[Height]{}) {
		return 1, nil
	}
	n, err := core.Call(ctx, f.below, ask)
	return n + 1, err
}

func main() {
	spec := cmp.Or(troupe.Spec(os.Getenv(troupe.EnvVar)), "single")
	flag.Var(&spec, "runtime", troupe.Usage())
	floors := flag.Int("floors", 1000, "how many actors there are")
	flag.Parse()
	if err := run(spec, *floors); err != nil {
		log.Fatal(err)
	}
}

func run(spec troupe.Spec, floors int) error {
	rt, err := troupe.Open(spec)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	sys := core.NewSystem(rt)
	top, err := build(sys, floors)
	if err != nil {
		return err
	}
	n, err := core.Call(ctx, top, Height{})
	if err != nil {
		return err
	}
	fmt.Printf("%d actors on %v waited for each other and counted %d\n", floors, &spec, n)
	return sys.Shutdown(ctx)
}

// build returns the top of the tower.
func build(sys *core.System, floors int) (top core.Ref[Height], err error) {
	for range floors {
		if top, err = core.Spawn(sys, &Floor{top}); err != nil {
			return top, err
		}
	}
	return top, nil
}
