// Locked gives each of its actors an OS thread with a name and a scheduling
// priority of its own:
//
//	locked [-runtime SPEC] [-look]
//
// The kernel keeps both for each thread, as a C library keeps what is in
// thread-local storage: an actor that went on on another thread would not find
// them again. Any tool shows them that lists threads, such as top -H and
// ps -L; the program itself reads them in /proc/self/task.
//
// It refuses a runtime that is not locked, and one on which two of its actors
// would share a thread.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/locked"
)

func main() {
	spec := cmp.Or(troupe.Spec(os.Getenv(troupe.EnvVar)), "locked")
	flag.Var(&spec, "runtime", troupe.Usage())
	look := flag.Bool("look", false, "keep the threads until the input ends, so that others can look at them")
	flag.Parse()

	wait := func() error { return nil }
	if *look {
		wait = func() error { _, err := io.Copy(io.Discard, os.Stdin); return err }
	}
	if err := run(spec, wait); err != nil {
		log.Fatal(err)
	}
}

// run has cameras at work until wait returns.
func run(spec troupe.Spec, wait func() error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	rt, err := troupe.Open(spec)
	if err != nil {
		return err
	}
	sys := core.NewSystem(rt)
	if _, ok := rt.(*locked.Runtime); ok {
		err = errors.Join(start(ctx, sys), wait())
	} else {
		err = fmt.Errorf("runtime %q does not keep actors on their threads; locked does", &spec)
	}
	return errors.Join(err, sys.Shutdown(ctx))
}

// start spawns the cameras and prints on which threads they run.
func start(ctx context.Context, sys *core.System) error {
	for i := range 3 {
		c := &Camera{Name: fmt.Sprintf("camera-%d", i+1), StandsBack: i + 1}
		camera, err := core.Spawn(sys, c)
		if err != nil {
			return err
		}
		thread, err := core.Call(ctx, camera, Where{})
		if err != nil {
			return err
		}
		fmt.Println(c.Name, "runs on", thread)
	}
	return nil
}
