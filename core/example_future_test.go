package core_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/pool"
)

type SumJob struct {
	core.Returns[int]
	From, To int
}

func sumUp(ctx context.Context, j SumJob) (int, error) {
	n := 0
	for i := j.From; i < j.To; i++ {
		n += i
	}
	return n, nil
}

// Eight workers on a pool of four. The producer waits when they fall behind,
// because their inboxes are bounded; the futures are joined.
func ExampleJoin() {
	ctx := context.Background()
	sys := core.NewSystem(pool.New(4))
	defer sys.Shutdown(ctx)

	var workers []core.Ref[SumJob]
	for range 8 {
		w, err := core.Spawn(sys, core.Func(sumUp), core.Bounded(16, core.Wait))
		if err != nil {
			fmt.Println(err)
			return
		}
		workers = append(workers, w)
	}
	var sums []core.Future[int]
	for i := range 1000 {
		w := workers[i%len(workers)]
		sums = append(sums, core.Ask(ctx, w, SumJob{From: i * 10, To: i*10 + 10})) // waits for room
	}
	total := core.Reduce(core.Join(sums...), 0, func(n, sum int) int { return n + sum })
	fmt.Println(total.Get(ctx))
	// Output: 49995000 <nil>
}

// A Promise completes once; whoever has its Future reads it as often as they
// like.
func ExamplePromise() {
	ctx := context.Background()
	var p core.Promise[int]
	square := core.Map(p.Future(), func(n int) (int, error) { return n * n, nil })
	fmt.Println(p.Resolve(7))
	fmt.Println(p.Reject(errors.New("too late")))
	fmt.Println(square.Get(ctx))
	// Output:
	// <nil>
	// core: promise is already resolved; its first outcome stays
	// 49 <nil>
}
