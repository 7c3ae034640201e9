package scenarios

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

// A program's check is worth something if it fails when one message has been
// changed on its way.
func TestProgramsNoticeAWrongMessage(t *testing.T) {
	one := func(msg *subjects.Msg) { msg.N++ }
	for name, c := range map[string]struct {
		prepare onStage
		kind    int // of the message to change, the second of its kind
		change  func(*subjects.Msg)
		n       int
		want    string
	}{
		"counting":              {counting, increment, func(msg *subjects.Msg) { msg.Kind = -1 }, 9, "count: 8, want 9"},
		"counting in order":     {counting, increment, one, 9, "increments out of order: 2, want 0"},
		"thread-ring":           {threadRing, 0, one, 2000, "who had the token last: 492, want 491"},
		"fork-join-throughput":  {forkJoinThroughput, 0, one, 100, "sum of the squares: 338355, want 338350"},
		"fork-join-creation":    {forkJoinCreation, joinFork, one, 100, "sum of the squares: 338351, want 338350"},
		"big":                   {big, pong, one, 2 * bigActors, "pongs out of turn: 1, want 0"},
		"chameneos":             {chameneos, meet, func(msg *subjects.Msg) { msg.N = (msg.N + 1) % 3 }, 300, "colours: "},
		"concurrent-dictionary": {concurrentDictionary, hasValue, one, 400, "wrong answers: 1, want 0"},
		"dining-philosophers":   {diningPhilosophers, hungry, func(msg *subjects.Msg) { msg.Kind = sated }, 1000, "meals with a fork of someone else's: "},
		"bank-transaction":      {bankTransaction, get, one, 500, "money: 1000000000001, want 1000000000000"},
		"mixed":                 {mixed, mixedTell, func(msg *subjects.Msg) { msg.Kind = -1 }, 400, "replies and counts that are wrong: "},
		"n-queens":              {nQueens, closeBoard, one, (board{}).count(rowsOfQueens), "solutions: 725, want 724"},
	} {
		t.Run(name, func(t *testing.T) {
			var seen atomic.Int32
			err := runOn(t, c.prepare, c.n, func(msg *subjects.Msg) {
				if msg.Kind == c.kind && seen.Add(1) == 2 {
					c.change(msg)
				}
			})
			require.ErrorContains(t, err, c.want)
		})
	}
}

// runOn runs n operations of a program on a stage where change sees every
// message on its way.
func runOn(t *testing.T, prepare onStage, n int, change func(*subjects.Msg)) error {
	t.Helper()
	w := newWire(subjects.Named("go/slice").Msgs())
	w.carry = func(to subjects.Ref, msg subjects.Msg, send func(subjects.Ref, subjects.Msg)) {
		change(&msg)
		send(to, msg)
	}
	t.Cleanup(w.Close)
	s := harness.Scenario{Fixed: n, Bodies: bodies{"wire": func(r *harness.Run) harness.Job { return prepare(r, w) }}}
	_, err := harness.Measure(&s, "wire", false, 0)
	return err
}

// The benchmarks game publishes 498 and 292 for its ring of 503.
func TestLastOfRingIsAsPublished(t *testing.T) {
	assert.Equal(t, 498, lastOfRing(503, 1000))
	assert.Equal(t, 292, lastOfRing(503, 50_000_000))
}

func TestSumOfSquares(t *testing.T) {
	sum := 0
	for i := range 1000 {
		sum += i * i
		assert.Equal(t, sum, sumOfSquares(i))
	}
}

func TestABoardSurvivesAMessage(t *testing.T) {
	deep := board{row: 9, columns: 1<<10 - 1, left: 1<<20 - 1, right: 1<<10 - 1}
	assert.Equal(t, deep, unpack(deep.pack(openBoard)))
}
