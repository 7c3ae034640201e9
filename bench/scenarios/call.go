package scenarios

import (
	"context"
	"sync"
	"time"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

const manyCallers = 64

func init() {
	s := calls("call", "a call of an idle actor", 1, callTroupe)
	s.Slices = manySlices
	s.Budgets = map[string]float64{"troupe/goroutine": 0.1, "troupe/pool": 0.1}
	register(s)
	s = calls("call-64", "64 callers of one actor: a call", manyCallers, callTroupe)
	s.Contended = true
	s.Budgets = map[string]float64{"troupe/goroutine": 0.15, "troupe/pool": 0.5}
	register(s)
	s = calls("ask", "an ask of an idle actor, then Get", 1, askTroupe)
	s.Slices = manySlices
	s.Budgets = map[string]float64{"troupe/goroutine": 0.4, "troupe/pool": 0.4}
	register(s)
	register(harness.Scenario{
		Name:      "call-deadline",
		Group:     table,
		Op:        "a call of an idle actor, with a standing deadline",
		Reference: "go/pair",
		Budgets:   map[string]float64{"troupe/goroutine": 1, "troupe/pool": 1},
		NotQuick:  lockedNotQuick,
		Bodies: with(
			bodies{"go/pair": func(r *harness.Run) harness.Job {
				return callersJob(r, 1, 0, pairWithin(r))
			}},
			onTroupe(func(r *harness.Run, sys *core.System) (harness.Job, func() int) {
				return serverJob(r, sys, 1, func(ref core.Ref[int]) func(int) int { return callTroupe(standing(r), ref) })
			}, allRuntimes...),
		),
	})
}

// A troupeCall makes a call of a server.
type troupeCall func(ctx context.Context, ref core.Ref[int]) func(msg int) int

func calls(name, op string, callers int, call troupeCall) harness.Scenario {
	return harness.Scenario{
		Name:      name,
		Group:     table,
		Op:        op,
		Reference: "go/pair",
		NotQuick:  lockedNotQuick,
		Bodies: with(
			bodies{
				"go/pair": func(r *harness.Run) harness.Job {
					return callersJob(r, callers, 0, pairs(r))
				},
				"go/lock": func(r *harness.Run) harness.Job { return callersJob(r, callers, 0, lockedCall()) },
			},
			onTroupe(func(r *harness.Run, sys *core.System) (harness.Job, func() int) {
				return serverJob(r, sys, callers, func(ref core.Ref[int]) func(int) int { return call(context.Background(), ref) })
			}, allRuntimes...),
			onEachPeer(func(r *harness.Run, peer subjects.Subject) harness.Job {
				stage := peer.Ints()
				r.Cleanup(stage.Close)
				return callPeer(r, stage, callers, peer.ReplyBoxes)
			}),
		),
	}
}

// answer is what is asked for. It is above 255, which Go has a box for.
func answer(msg int) int { return msg + 1000 }

// A server is an actor that answers.
type server struct{ meter }

// Receive answers, and boxes the answer.
func (s *server) Receive(_ context.Context, msg int) (any, error) {
	s.n++
	return answer(msg), nil
}

func callTroupe(ctx context.Context, ref core.Ref[int]) func(int) int {
	return func(msg int) int {
		v, err := core.As[int](ref.Call(ctx, msg))
		if err != nil {
			panic(err)
		}
		return v
	}
}

func askTroupe(ctx context.Context, ref core.Ref[int]) func(int) int {
	return func(msg int) int {
		v, err := core.As[int](ref.Ask(ctx, msg).Get(ctx))
		if err != nil {
			panic(err)
		}
		return v
	}
}

// standing is a deadline that is far away, and the same for all calls.
func standing(r *harness.Run) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	r.Cleanup(cancel)
	return ctx
}

// A service is what calls are made of.
type service struct {
	newCall func() func(msg int) int // of a caller's own
	handled *int
}

// shared is a service of callers that share call.
func shared(call func(int) int, handled *int) service {
	return service{func() func(int) int { return call }, handled}
}

func serverJob(
	r *harness.Run, sys *core.System, callers int, call func(core.Ref[int]) func(int) int,
) (harness.Job, func() int) {
	s := new(server)
	return callersJob(r, callers, 1, shared(call(spawn(r, sys, s)), &s.n)), func() int { return s.n }
}

func callPeer(r *harness.Run, stage subjects.Stage[int], callers, boxes int) harness.Job {
	handled := new(int)
	ref := stage.Spawn(subjects.Func[int](func(self subjects.Self[int], msg int) {
		*handled++
		self.Reply(answer(msg))
	}))
	return callersJob(r, callers, boxes, shared(func(msg int) int { return stage.Ask(ref, msg) }, handled))
}

// lockedCall is a call as it is without actors.
func lockedCall() service {
	var mu sync.Mutex
	handled := new(int)
	return shared(func(msg int) int {
		mu.Lock()
		defer mu.Unlock()
		*handled++
		return answer(msg)
	}, handled)
}

// A letter is a message and where its reply goes.
type letter struct {
	msg   int
	reply chan int
}

// pairs is a goroutine that answers; every caller has a channel for replies.
func pairs(r *harness.Run) service {
	in, handled := make(chan letter), new(int)
	go func() {
		for l := range in {
			*handled++
			l.reply <- answer(l.msg)
		}
	}()
	r.Cleanup(func() { close(in) })
	return service{func() func(int) int {
		reply := make(chan int)
		return func(msg int) int {
			in <- letter{msg, reply}
			return <-reply
		}
	}, handled}
}

// pairWithin is a call of a goroutine that gives up at a deadline.
func pairWithin(r *harness.Run) service {
	ctx, in, reply, handled := standing(r), make(chan int), make(chan int), new(int)
	go func() {
		for msg := range in {
			*handled++
			reply <- answer(msg)
		}
	}()
	r.Cleanup(func() { close(in) })
	return shared(func(msg int) int {
		select {
		case in <- msg:
		case <-ctx.Done():
			return 0
		}
		select {
		case v := <-reply:
			return v
		case <-ctx.Done():
			return 0
		}
	}, handled)
}

// callersJob divides n calls among goroutines, or makes them itself if there
// is to be one caller. Handlers box an answer boxes times.
func callersJob(r *harness.Run, callers, boxes int, s service) harness.Job {
	made := 0
	check := func(n, wrong int) {
		r.Check("replies to something else", wrong, 0)
		made += n
		r.Check("calls handled", *s.handled, made)
		r.Boxed(boxes * n)
	}
	if callers == 1 {
		call := s.newCall()
		return func(n int) { check(n, callMany(call, 1, 1, n)) }
	}
	return func(n int) {
		var all sync.WaitGroup
		wrong := make([]int, callers)
		for i := range callers {
			call := s.newCall()
			all.Go(func() { wrong[i] = callMany(call, 1+i, callers, n) })
		}
		all.Wait()
		sum := 0
		for _, w := range wrong {
			sum += w
		}
		check(n, sum)
	}
}

// callMany counts the replies that are not to the message they came back for.
func callMany(call func(int) int, first, step, n int) (wrong int) {
	for msg := first; msg <= n; msg += step {
		if call(msg) != answer(msg) {
			wrong++
		}
	}
	return wrong
}
