package scenarios

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

// A stagedBody is what a scenario does on a Stage of numbers.
type stagedBody func(r *harness.Run, stage subjects.Stage[int]) harness.Job

// A fault interferes with a wire.
type fault func(*wire[int])

// none leaves all as it is.
func none(*wire[int]) {}

// interfere has do carry the first message that is msg.
func interfere(msg int, do func(w *wire[int], to subjects.Ref, send func(subjects.Ref, int))) fault {
	return func(w *wire[int]) {
		var once atomic.Bool
		w.carry = func(to subjects.Ref, m int, send func(subjects.Ref, int)) {
			if m == msg && once.CompareAndSwap(false, true) {
				do(w, to, send)
				return
			}
			send(to, m)
		}
	}
}

// loses has msg never arrive.
func loses(msg int) fault {
	return interfere(msg, func(*wire[int], subjects.Ref, func(subjects.Ref, int)) {})
}

// repeats has the first message that is msg arrive twice.
func repeats(msg int) fault {
	var once atomic.Bool
	return repeatsThose(func(m int) bool { return m == msg && once.CompareAndSwap(false, true) })
}

// repeatsBelow has each message below limit arrive twice.
func repeatsBelow(limit int) fault {
	return repeatsThose(func(m int) bool { return 0 < m && m < limit })
}

// repeatsThose lets no message come between the two.
func repeatsThose(chosen func(msg int) bool) fault {
	return func(w *wire[int]) {
		var mu sync.Mutex
		w.carry = func(to subjects.Ref, msg int, send func(subjects.Ref, int)) {
			mu.Lock()
			defer mu.Unlock()
			send(to, msg)
			if chosen(msg) {
				send(to, msg)
			}
		}
	}
}

// crosses has a and b each arrive where the other one was to.
func crosses(a, b int) fault {
	return func(w *wire[int]) {
		var mu sync.Mutex
		held := map[int]subjects.Ref{}
		w.carry = func(to subjects.Ref, msg int, send func(subjects.Ref, int)) {
			if msg != a && msg != b {
				send(to, msg)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if other, ok := held[a+b-msg]; ok {
				send(other, msg)
				send(to, a+b-msg)
				return
			}
			held[msg] = to
		}
	}
}

// misleads has msg arrive at the actor's neighbour.
func misleads(msg int) fault {
	return interfere(msg, func(w *wire[int], to subjects.Ref, send func(subjects.Ref, int)) { send(w.neighbour(to), msg) })
}

// misleadsAll has every message below limit arrive at another actor, and none
// twice at one, as when two have each other's references.
func misleadsAll(limit int) fault {
	return func(w *wire[int]) {
		w.carry = func(to subjects.Ref, msg int, send func(subjects.Ref, int)) {
			if msg%limit^1 < len(w.refs) {
				to = w.refs[msg%limit^1]
			}
			send(to, msg)
		}
	}
}

// swaps has the first message that is late arrive after the first that is early.
func swaps(late, early int) fault {
	return func(w *wire[int]) {
		var held, over atomic.Bool
		w.carry = func(to subjects.Ref, msg int, send func(subjects.Ref, int)) {
			if msg == late && held.CompareAndSwap(false, true) {
				return
			}
			send(to, msg)
			if msg == early && held.Load() && over.CompareAndSwap(false, true) {
				send(to, late)
			}
		}
	}
}

// asksTwice has msg asked twice.
func asksTwice(msg int) fault {
	return func(w *wire[int]) {
		w.ask = func(m int, ask func() int) int {
			if m == msg {
				ask()
			}
			return ask()
		}
	}
}

// asksNever has msg lost.
func asksNever(msg int) fault {
	return func(w *wire[int]) {
		w.ask = func(m int, ask func() int) int {
			if m == msg {
				select {}
			}
			return ask()
		}
	}
}

// crossesReplies has the one who asks a get the reply to b, and the other way
// round.
func crossesReplies(a, b int) fault {
	return func(w *wire[int]) {
		toA, toB := make(chan int, 1), make(chan int, 1)
		w.ask = func(msg int, ask func() int) int {
			reply := ask()
			switch msg {
			case a:
				toB <- reply
				return <-toA
			case b:
				toA <- reply
				return <-toB
			}
			return reply
		}
	}
}

// repliesOfNeighbour has those who ask a and b, one after the other, get what
// the other one should have had, where there is one caller only.
func repliesOfNeighbour(a, b int) fault {
	return func(w *wire[int]) {
		w.ask = func(msg int, ask func() int) int {
			switch reply := ask(); msg {
			case a:
				return reply + b - a
			case b:
				return reply + a - b
			default:
				return reply
			}
		}
	}
}

// What is said of a fault.
const (
	miscounted = "messages handled: "
	outOfOrder = "messages that were not the next of their producer's: "
	wrongReply = "replies to something else: "
	twiceAsked = "calls handled: "
	wrongSum   = "sum: "
	hangs      = "a message was lost, or it hangs"
)

// A faulty scenario is one that something goes wrong in.
type faulty struct {
	fault fault
	want  string
}

// A faultyCase is what may go wrong in a scenario of the table, by name. A ring
// has one message under way, and an actor of spawn and idle gets one, so
// that there is no order to break.
type faultyCase struct {
	body   stagedBody
	n      int
	faults map[string]faulty
}

func faultyCases() map[string]faultyCase {
	tells := func(producers int) stagedBody {
		return func(r *harness.Run, stage subjects.Stage[int]) harness.Job { return tellPeer(r, stage, producers) }
	}
	fans := func(size fanSize) stagedBody {
		return func(r *harness.Run, stage subjects.Stage[int]) harness.Job { return fanOutPeer(r, size, stage) }
	}
	rings := func(size int) stagedBody {
		return func(r *harness.Run, stage subjects.Stage[int]) harness.Job { return ringPeer(r, stage, size) }
	}
	calls := func(callers int) stagedBody {
		return func(r *harness.Run, stage subjects.Stage[int]) harness.Job { return callPeer(r, stage, callers, 0) }
	}
	return map[string]faultyCase{
		"tell-1": {tells(1), 1000, map[string]faulty{
			"loses": {loses(300), miscounted}, "repeats": {repeats(300), miscounted}, "swaps": {swaps(300, 301), outOfOrder},
		}},
		"tell-8": {tells(8), 1000, map[string]faulty{
			"loses": {loses(300), miscounted}, "repeats": {repeats(300), miscounted}, "swaps": {swaps(300, 308), outOfOrder},
		}},
		"fan-out": {fans(fanSize{4, 100, 4}), 1000, map[string]faulty{
			"loses": {loses(37), notItsOwn}, "loses the last": {loses(999), hangs}, "repeats": {repeats(37), notItsOwn},
			"misleads": {misleads(37), notItsOwn}, "misleads all": {misleadsAll(100), notItsOwn}, "swaps": {swaps(37, 137), notItsOwn},
		}},
		"tell-of-N": {fans(fanSize{1, 10, 4}), 1000, map[string]faulty{
			"loses": {loses(7), notItsOwn}, "repeats": {repeats(7), notItsOwn},
			"misleads": {misleads(7), notItsOwn}, "misleads all": {misleadsAll(10), notItsOwn}, "swaps": {swaps(7, 17), notItsOwn},
		}},
		"fan-out-of-1": {fans(fanSize{4, 1, 4}), 1000, map[string]faulty{
			"loses": {loses(6), notItsOwn}, "repeats": {repeats(6), notItsOwn}, "swaps": {swaps(6, 10), notItsOwn},
		}},
		"ping-pong": {rings(2), 100, map[string]faulty{
			"loses": {loses(50), hangs}, "repeats": {repeats(50), notItsOwn}, "misleads": {misleads(50), notItsOwn},
		}},
		"ring": {rings(100), 1000, map[string]faulty{
			"loses": {loses(500), hangs}, "repeats": {repeats(500), notItsOwn}, "misleads": {misleads(500), notItsOwn},
		}},
		"call": {calls(1), 100, map[string]faulty{
			"loses": {asksNever(50), hangs}, "repeats": {asksTwice(50), twiceAsked}, "swaps": {repliesOfNeighbour(50, 51), wrongReply},
		}},
		"call-64": {calls(64), 640, map[string]faulty{
			"loses": {asksNever(50), hangs}, "repeats": {asksTwice(50), twiceAsked}, "misleads": {crossesReplies(50, 51), wrongReply},
		}},
		"spawn": {spawnPeer, 100, map[string]faulty{
			"crosses": {crosses(50, 51), "message handled: "},
			"loses":   {loses(50), miscounted}, "repeats": {repeats(50), miscounted}, "misleads": {misleads(50), miscounted},
		}},
		"spawn-one-by-one": {oneByOnePeer, 100, map[string]faulty{
			"loses": {loses(50), miscounted}, "repeats": {repeats(50), miscounted}, "misleads": {misleads(50), miscounted},
		}},
		"idle": {idlePeer, 100, map[string]faulty{
			"loses": {loses(50), hangs}, "repeats": {repeats(50), secondMessage}, "misleads": {misleads(50), secondMessage},
		}},
		"skynet": {skynetPeer, 100, map[string]faulty{
			"loses": {loses(50), hangs}, "repeats": {repeatsBelow(10), wrongSum}, "repeats the task": {repeats(spread), wrongSum},
			"misleads": {misleads(50), hangs}, "crosses": {crosses(5, 15), wrongSum},
		}},
	}
}

// eachFault calls do with each fault, and with none, of each case.
func eachFault(do func(name string, c faultyCase, f faulty)) {
	for name, c := range faultyCases() {
		do(name, c, faulty{none, ""})
		for what, f := range c.faults {
			do(name+" "+what, c, f)
		}
	}
}

// faultyScenarios are those that a process of their own may be told to measure.
func faultyScenarios() (all []harness.Scenario) {
	eachFault(func(name string, c faultyCase, f faulty) {
		all = append(all, c.scenario(name, f, func(func()) {}))
	})
	return all
}

// scenario has cleanup close the Stage: a Run whose check fails does not.
func (c *faultyCase) scenario(name string, f faulty, cleanup func(func())) harness.Scenario {
	return harness.Scenario{Name: name, Fixed: c.n, Tiny: true, Bodies: bodies{"wire": func(r *harness.Run) harness.Job {
		w := newWire(subjects.Named("go/slice").Ints())
		cleanup(w.Close)
		f.fault(w)
		return c.body(r, w)
	}}}
}

// A check of a scenario is worth something if it fails when one message has been
// lost, repeated, misled or overtaken. Where all that can be seen is that the end
// does not come, it is the harness that says so, of a process of its own.
func TestScenariosNoticeAFault(t *testing.T) {
	eachFault(func(name string, c faultyCase, f faulty) {
		t.Run(name, func(t *testing.T) {
			s := c.scenario(name, f, t.Cleanup)
			switch f.want {
			case "":
				_, err := harness.Measure(&s, "wire", false, 0)
				require.NoError(t, err)
			case hangs:
				t.Parallel()
				_, err := harness.Plan{Rounds: 1, Limit: 2 * time.Second}.Measure(&s, []string{"wire"})
				require.ErrorContains(t, err, hangs)
			default:
				_, err := harness.Measure(&s, "wire", false, 0)
				require.ErrorContains(t, err, f.want)
			}
		})
	})
}

func TestASlowConsumerHasABound(t *testing.T) {
	s := harness.Scenario{Fixed: 20_000, Bodies: onSystems(subjects.NewSystem,
		func(r *harness.Run, sys *core.System) (harness.Job, func() int) { return slowTroupeWith(r, sys) })}
	_, err := harness.Measure(&s, "troupe/goroutine", false, 0)
	require.ErrorContains(t, err, "messages on their way: ")
}

// What a system says it has handled is not what its handlers have seen.
func TestASystemIsComparedWithItsHandlers(t *testing.T) {
	for missing, want := range map[int]string{
		0: "", 1: "messages that the handlers have seen: 1000, want 1001", -1: "messages that the handlers have seen: 1002, want 1001",
	} {
		s := harness.Scenario{Fixed: 1000, Bodies: onSystems(subjects.NewSystem,
			func(r *harness.Run, sys *core.System) (harness.Job, func() int) {
				job, count := tellTroupe(r, sys, 1)
				return job, func() int { return count() - missing }
			})}
		_, err := harness.Measure(&s, "troupe/goroutine", false, 0)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}
