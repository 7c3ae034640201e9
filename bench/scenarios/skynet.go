package scenarios

import (
	"context"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

// spread is the message that has an actor spawn its children; the others are
// sums.
const spread = -1

// astray is more than any sum: a node that gets what is not its own adds it, so
// that the root's sum is wrong.
const astray = 1 << 40

// A tree of actors, ten children each, that adds up the numbers of its
// hundred thousand leaves.
func init() {
	register(harness.Scenario{
		Name:        "skynet",
		Group:       table,
		Op:          "a tree of actors with 100,000 leaves: a leaf",
		Reference:   "go/slice",
		QuickRounds: 4,
		NotQuick:    slowToStart,
		Budgets:     map[string]float64{"troupe/goroutine": 1.1, "troupe/pool": 0.7},
		Bodies: with(
			bodies{"go/slice": skynetSlice},
			onSystems(subjects.NewSystem, skynetTroupe),
			onPeers(skynetPeer),
		),
	})
	register(harness.Scenario{
		Name:        "skynet-indexed",
		Group:       indexed,
		Op:          "skynet, in a system whose registry is in use",
		Reference:   "go/slice",
		QuickRounds: 3,
		Bodies:      with(bodies{"go/slice": skynetSlice}, onTroupe(skynetTroupe)),
	})
}

// skynetJob grows a tree for each hundred thousand operations.
func skynetJob(r *harness.Run, grow func(root skynetNode, report func(sum int))) harness.Job {
	leaves := r.Size(100_000)
	r.Unit(leaves)
	return func(n int) {
		for range n / leaves {
			sum := make(chan int, 1)
			grow(skynetNode{leaves: leaves}, func(s int) { sum <- s })
			r.Check("sum", <-sum, leaves*(leaves-1)/2)
		}
	}
}

// A skynetNode is a tree over the numbers from first on.
type skynetNode struct {
	first, leaves int
	sum           int // of its children
	reports       int // of its children, and one more if it has been told to spread
}

// children calls spawn with the ten that it has.
func (s *skynetNode) children(spawn func(skynetNode)) {
	for i := range 10 {
		spawn(skynetNode{first: s.first + i*s.leaves/10, leaves: s.leaves / 10})
	}
}

// handle returns the node's sum, and whether it is complete. A node that is
// to spread and is no leaf spawns.
func (s *skynetNode) handle(msg int, spawn func(skynetNode)) (sum int, complete bool) {
	if msg != spread {
		s.sum += msg
		s.reports++
		if !s.ofAChild(msg) {
			s.sum += astray
		}
		return s.sum, s.reports == 11
	}
	s.reports++
	if s.reports > 1 {
		s.sum += astray
		return 0, false
	}
	if s.leaves == 1 {
		return s.first, true
	}
	s.children(spawn)
	return 0, false
}

// ofAChild reports whether sum is between those of the first child and the last.
func (s *skynetNode) ofAChild(sum int) bool {
	leaves := s.leaves / 10
	first := leaves*s.first + leaves*(leaves-1)/2
	return first <= sum && sum <= first+9*leaves*leaves
}

func skynetSlice(r *harness.Run) harness.Job { return skynetJob(r, growSlice) }

func growSlice(node skynetNode, report func(int)) {
	box := subjects.NewSlicebox[int]()
	go func() {
		var batch []int
		for {
			batch = box.Swap(batch)
			for _, msg := range batch {
				sum, complete := node.handle(msg, func(child skynetNode) { growSlice(child, box.Push) })
				if complete {
					report(sum)
					return
				}
			}
		}
	}()
	box.Push(spread)
}

// A skynetActor tells its parent, or, at the root, reports.
type skynetActor struct {
	skynetNode
	parent core.Ref[int]
	report func(int)
}

// Receive ends the actor when it has told its sum.
func (s *skynetActor) Receive(ctx context.Context, msg int) (any, error) {
	sum, complete := s.handle(msg, func(child skynetNode) {
		growTroupe(ctx, core.SystemOf(ctx), &skynetActor{skynetNode: child, parent: core.Self[int](ctx)})
	})
	switch {
	case !complete:
		return nil, nil
	case s.report != nil:
		s.report(sum)
	default:
		mustTell(ctx, s.parent, sum)
	}
	return nil, core.ErrStop
}

func growTroupe(ctx context.Context, sys *core.System, a *skynetActor) {
	ref, err := core.Spawn(sys, a)
	if err != nil {
		panic(err)
	}
	mustTell(ctx, ref, spread)
}

func skynetTroupe(r *harness.Run, sys *core.System) (harness.Job, func() int) {
	handled := 0
	job := skynetJob(r, func(root skynetNode, report func(int)) {
		handled += root.messages()
		growTroupe(context.Background(), sys, &skynetActor{skynetNode: root, report: report})
	})
	return job, func() int { return handled }
}

// messages are what a tree has handled when its root is complete: each node was
// told to spread, and, but for the leaves, how much each of ten children is.
func (s *skynetNode) messages() int {
	n := 1
	for nodes := 1; nodes < s.leaves; nodes *= 10 {
		n += 2 * 10 * nodes
	}
	return n
}

// A skynetPeerActor is the same of a peer.
type skynetPeerActor struct {
	skynetNode
	parent subjects.Ref
	report func(int)
}

// Receive ends the actor when it has told its sum.
func (s *skynetPeerActor) Receive(self subjects.Self[int], msg int) {
	sum, complete := s.handle(msg, func(child skynetNode) {
		self.Tell(self.Spawn(&skynetPeerActor{skynetNode: child, parent: self.Ref()}), spread)
	})
	switch {
	case !complete:
		return
	case s.report != nil:
		s.report(sum)
	default:
		self.Tell(s.parent, sum)
	}
	self.End()
}

func skynetPeer(r *harness.Run, stage subjects.Stage[int]) harness.Job {
	return skynetJob(r, func(root skynetNode, report func(int)) {
		stage.Tell(stage.Spawn(&skynetPeerActor{skynetNode: root, report: report}), spread)
	})
}
