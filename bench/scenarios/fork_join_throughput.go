package scenarios

import (
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// forks is how many actors the work of the fork-join is divided among.
const forks = 60

// A producer gives actors a small computation in turns, and waits for all.
func init() {
	registerSavina("fork-join-throughput", "60 actors compute in turns: a message", forks, forkJoinThroughput)
}

func forkJoinThroughput(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	var left sync.WaitGroup
	all, refs := make([]squarer, forks), make([]subjects.Ref, forks)
	for i := range all {
		refs[i] = stage.Spawn(&all[i])
	}
	return func(n int) {
		inBursts(n, func(part int) {
			left.Add(min(part, forks))
			for i := range all {
				all[i] = squarer{want: (part + forks - 1 - i) / forks, left: &left}
			}
			for i := range part {
				stage.Tell(refs[i%forks], subjects.Msg{N: i + 1})
			}
			left.Wait()
			sum := 0
			for i := range all {
				sum += all[i].sum
			}
			r.Check("sum of the squares", sum, sumOfSquares(part))
		})
	}
}

// sumOfSquares is that of the numbers up to n.
func sumOfSquares(n int) int { return n * (n + 1) * (2*n + 1) / 6 }

// A squarer adds up as many squares as it wants.
type squarer struct {
	sum, want int
	left      *sync.WaitGroup
}

// Receive adds one.
func (s *squarer) Receive(_ subjects.Self[subjects.Msg], msg subjects.Msg) {
	s.sum += msg.N * msg.N
	s.want--
	if s.want == 0 {
		s.left.Done()
	}
}
