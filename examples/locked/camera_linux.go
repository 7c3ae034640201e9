package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/troupe-go/troupe/core"
)

// Where asks a Camera for the thread that it runs on.
type Where struct{ core.Returns[Thread] }

// A Camera stands for a device whose driver is bound to a thread. It makes a
// thread its own, and does not clean up: the thread ends with it.
type Camera struct {
	Name       string
	StandsBack int // behind the program's other threads, in steps of nice
}

// OnStart implements core.Starter.
func (c *Camera) OnStart(context.Context) error {
	t, err := thisThread()
	if err != nil {
		return err
	}
	if strings.HasPrefix(t.Name, "camera-") {
		return fmt.Errorf("%s would share the thread of %s", c.Name, t.Name)
	}
	return Thread{c.Name, min(t.Nice+c.StandsBack, 19)}.set()
}

// Receive implements core.Actor.
func (c *Camera) Receive(context.Context, Where) (any, error) { return thisThread() }

// OnStop implements core.Stopper.
func (c *Camera) OnStop(context.Context) error {
	t, err := thisThread()
	fmt.Println(c.Name, "ends on", t)
	return err
}
