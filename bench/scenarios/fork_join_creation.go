package scenarios

import (
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// mostForks is how many actors there may be at a time.
const mostForks = 40_000

// An actor is made for each small computation, tells the joiner its result,
// and ends.
func init() {
	registerSavina("fork-join-creation", "an actor for a computation: an actor", mostForks, forkJoinCreation)
}

func forkJoinCreation(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	sums := make(chan int, 1)
	join := &joiner{sums: sums}
	ref := stage.Spawn(join)
	return func(n int) {
		for n > 0 {
			part := min(n, mostForks)
			n -= part
			stage.Tell(ref, subjects.Msg{Kind: expectForks, N: part})
			for i := range part {
				stage.Tell(stage.Spawn(subjects.Func[subjects.Msg](square)), subjects.Msg{N: i + 1, From: ref})
			}
			r.Check("sum of the squares", <-sums, sumOfSquares(part))
		}
	}
}

// square is a computation and the end of its actor.
func square(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	self.Tell(msg.From, subjects.Msg{Kind: joinFork, N: msg.N * msg.N})
	self.End()
}

// The messages of a joiner.
const (
	expectForks = iota
	joinFork
)

// A joiner adds up as many results as it is told to expect.
type joiner struct {
	left, sum int
	sums      chan<- int
}

// Receive adds a result.
func (j *joiner) Receive(_ subjects.Self[subjects.Msg], msg subjects.Msg) {
	if msg.Kind == expectForks {
		j.left, j.sum = msg.N, 0
		return
	}
	j.sum += msg.N
	j.left--
	if j.left == 0 {
		j.sums <- j.sum
	}
}
