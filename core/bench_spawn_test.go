package core_test

import (
	"context"
	"flag"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

var benchIdle = flag.Int("bench.idle", 100_000, "how many actors BenchmarkIdle makes")

// A fresh actor: spawned, told once, and stopped.
func BenchmarkSpawn(b *testing.B) {
	ctx := context.Background()
	compare(b, func(b *testing.B, sys *core.System) job {
		return func(n int) {
			handled := 0
			for range n {
				c := new(meter)
				ref, _ := core.Spawn(sys, c)
				_ = ref.Tell(ctx, 0)
				_, _ = ref.Stop(ctx)
				handled += c.n
			}
			checkCount(b, "handled", handled, n)
		}
	}, twin{"slice", func(b *testing.B) job {
		return func(n int) {
			handled := 0
			for range n {
				c, box, ended := new(meter), newSlicebox(), make(chan struct{})
				go func() {
					defer close(ended)
					box.serve(c)
				}()
				box.push(0)
				box.close()
				<-ended
				handled += c.n
			}
			checkCount(b, "handled", handled, n)
		}
	}})
}

// The memory of an actor that has handled one message and has nothing to do.
func BenchmarkIdle(b *testing.B) {
	b.Run("slice", func(b *testing.B) {
		reportBytes(b, func() (keep any, end func()) {
			boxes := make([]*slicebox, *benchIdle)
			var ready sync.WaitGroup
			ready.Add(len(boxes))
			for i := range boxes {
				box := newSlicebox()
				boxes[i] = box
				go func() {
					box.swap(nil)
					ready.Done()
					box.swap(nil)
				}()
				box.push(0)
			}
			ready.Wait()
			return boxes, func() {
				for _, box := range boxes {
					box.close()
				}
			}
		})
	})
	for _, rt := range benchRuntimes() {
		b.Run(rt.Name, func(b *testing.B) {
			reportBytes(b, func() (keep any, end func()) {
				sys := testkit.System(b, rt)
				refs := make([]core.Ref[int], *benchIdle)
				var handled sync.WaitGroup
				handled.Add(len(refs))
				for i := range refs {
					refs[i] = must[core.Ref[int]](b)(core.Spawn(sys, idler{&handled}))
					_ = refs[i].Tell(context.Background(), 0)
				}
				handled.Wait()
				return refs, func() {}
			})
		})
	}
}

type idler struct{ handled *sync.WaitGroup }

func (i idler) Receive(context.Context, int) (any, error) {
	i.handled.Done()
	return nil, nil
}

// reportBytes reports heap and stacks by what build has made, divided by how
// many.
func reportBytes(b *testing.B, build func() (keep any, end func())) {
	var total float64
	for range b.N {
		before := inUse()
		keep, end := build()
		total += inUse() - before
		runtime.KeepAlive(keep)
		end()
	}
	b.ReportMetric(total/float64(b.N)/float64(*benchIdle), "B/actor")
	b.ReportMetric(0, "ns/op")
}

func inUse() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc + m.StackInuse)
}

const skynetLeaves = 100_000

// A tree of actors, ten children each, that adds up the numbers of its
// hundred thousand leaves. An operation is one tree.
func BenchmarkSkynet(b *testing.B) {
	const want = skynetLeaves * (skynetLeaves - 1) / 2
	compare(b, func(b *testing.B, sys *core.System) job {
		return func(n int) {
			for range n {
				root := core.Promise[int]{}
				spawnSkynet(sys, skynetNode{0, skynetLeaves}, func(sum int) { _ = root.Resolve(sum) })
				got, _ := root.Future().Get(context.Background())
				checkCount(b, "sum", got, want)
			}
		}
	}, twin{"slice", func(b *testing.B) job {
		return func(n int) {
			for range n {
				done := make(chan int, 1)
				goSkynet(skynetNode{0, skynetLeaves}, func(sum int) { done <- sum })
				checkCount(b, "sum", <-done, want)
			}
		}
	}})
}

// A skynetNode is a tree over the numbers from first on.
type skynetNode struct{ first, leaves int }

func (s skynetNode) children(spawn func(skynetNode)) {
	for i := range 10 {
		spawn(skynetNode{s.first + i*s.leaves/10, s.leaves / 10})
	}
}

// A skynetActor adds up what its children tell it.
type skynetActor struct {
	node   skynetNode
	sum    int
	left   int
	report func(int)
}

// spread is the message that has an actor spawn its children.
const spread = -1

func (s *skynetActor) Receive(ctx context.Context, msg int) (any, error) {
	switch {
	case msg == spread && s.node.leaves == 1:
		s.report(s.node.first)
		return nil, core.ErrStop
	case msg == spread:
		s.left = 10
		self := core.Self[int](ctx)
		s.node.children(func(n skynetNode) {
			spawnSkynet(core.SystemOf(ctx), n, func(sum int) { _ = self.Tell(ctx, sum) })
		})
		return nil, nil
	}
	s.sum += msg
	if s.left--; s.left > 0 {
		return nil, nil
	}
	s.report(s.sum)
	return nil, core.ErrStop
}

func spawnSkynet(sys *core.System, node skynetNode, report func(int)) {
	ref, _ := core.Spawn(sys, &skynetActor{node: node, report: report})
	_ = ref.Tell(context.Background(), spread)
}

// goSkynet is the same of goroutines with sliceboxes.
func goSkynet(node skynetNode, report func(int)) {
	box := newSlicebox()
	go func() {
		if node.leaves == 1 {
			box.swap(nil)
			report(node.first)
			return
		}
		box.swap(nil)
		node.children(func(n skynetNode) { goSkynet(n, box.push) })
		sum := 0
		for left := 10; left > 0; {
			for _, part := range box.swap(nil) {
				sum += part
				left--
			}
		}
		report(sum)
	}()
	box.push(spread)
}

// benchRuntimes are the runtimes that are measured: not those that have a
// thread, or share one, as there is no thread for each of a hundred thousand
// actors.
func benchRuntimes() []testkit.Runtime {
	return slices.DeleteFunc(testkit.Runtimes(), func(rt testkit.Runtime) bool {
		return strings.HasPrefix(rt.Name, "locked")
	})
}
