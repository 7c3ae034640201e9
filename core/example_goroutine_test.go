package core_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/pool"
)

// ProbeMsg is what a Probe takes.
type ProbeMsg interface{ forProbe() }

type Check struct {
	core.Returns[int]
	Hosts []string
}
type save struct{}

func (Check) forProbe() {}
func (save) forProbe()  {}

// A Probe looks at many hosts at once, and writes its log some time later.
type Probe struct {
	isUp  func(ctx context.Context, host string) bool
	saved chan<- string
	log   []byte
	timer *time.Timer
}

func (p *Probe) Receive(ctx context.Context, msg ProbeMsg) (any, error) {
	switch msg := msg.(type) {
	case Check:
		n := p.check(ctx, msg.Hosts)
		p.log = fmt.Appendf(p.log, "%d of %d are up", n, len(msg.Hosts))
		p.saveSoon(ctx)
		return n, nil
	case save:
		p.timer = nil
		core.Blocking(ctx, func() { p.saved <- string(p.log) }) // others run meanwhile
	}
	return nil, nil
}

func (p *Probe) check(ctx context.Context, hosts []string) int {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	up := make([]bool, len(hosts))
	var all sync.WaitGroup
	for i, host := range hosts {
		all.Go(func() { up[i] = p.isUp(ctx, host) })
	}
	core.Blocking(ctx, all.Wait)
	n := 0
	for _, ok := range up {
		if ok {
			n++
		}
	}
	return n
}

// saveSoon sets a timer, which is no part of the turn: Detach gives it a
// context that is not taken for the handler's.
func (p *Probe) saveSoon(ctx context.Context) {
	if p.timer != nil {
		return
	}
	self, later := core.Self[ProbeMsg](ctx), core.Detach(ctx)
	p.timer = time.AfterFunc(time.Millisecond, func() {
		if err := self.Tell(later, save{}); err != nil {
			fmt.Println(err)
		}
	})
}

// A handler that starts goroutines and waits for them, and one that sets a
// timer, on a pool of one.
func ExampleDetach() {
	ctx := context.Background()
	sys := core.NewSystem(pool.New(1))
	defer sys.Shutdown(ctx)
	saved := make(chan string)
	probe, err := core.Spawn(sys, &Probe{
		isUp:  func(ctx context.Context, host string) bool { return host != "down.example" },
		saved: saved,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(core.Call(ctx, probe, Check{Hosts: []string{"a.example", "b.example", "down.example"}}))
	fmt.Println(<-saved)
	// Output:
	// 2 <nil>
	// 2 of 3 are up
}
