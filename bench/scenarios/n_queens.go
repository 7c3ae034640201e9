package scenarios

import (
	"math/bits"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

const (
	queens         = 10
	queenSolutions = 724 // as published: A000170
	queenWorkers   = 20
	// rowsOfQueens is how many rows are a message each; a worker does the rest.
	rowsOfQueens = 4
)

// Workers place queens on a board, and a master hands out what they find
// still to be done.
func init() {
	registerSavina("n-queens", "a master and 20 workers place 10 queens: a board handed out", queenWorkers+1, nQueens)
}

func nQueens(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	found := make(chan subjects.Msg, 1)
	master := &queenMaster{found: found}
	ref := stage.Spawn(master)
	for range queenWorkers {
		master.workers = append(master.workers, stage.Spawn(&queenWorker{ref}))
	}
	boards := (board{}).count(rowsOfQueens)
	r.Unit(boards)
	return func(n int) {
		for range n / boards {
			stage.Tell(ref, subjects.Msg{Kind: openBoard})
			got := <-found
			r.Check("solutions", got.N, queenSolutions)
			r.Check("boards handed out", got.M, boards)
		}
	}
}

// A board has queens in its first rows, and sets of the columns that they
// threaten in the next one.
type board struct {
	row                  int
	columns, left, right uint32
}

// each calls f with the boards of one queen more.
func (b board) each(f func(board)) {
	for free := ^(b.columns | b.left | b.right) & (1<<queens - 1); free != 0; free &= free - 1 {
		queen := uint32(1) << bits.TrailingZeros32(free)
		f(board{b.row + 1, b.columns | queen, (b.left | queen) << 1, (b.right | queen) >> 1})
	}
}

// count is how many boards there are from b on to those with rows queens, b
// included.
func (b board) count(rows int) int {
	n := 1
	if b.row < rows {
		b.each(func(next board) { n += next.count(rows) })
	}
	return n
}

// solutions is how often the rest can be placed.
func (b board) solutions() (n int) {
	if b.row == queens {
		return 1
	}
	b.each(func(next board) { n += next.solutions() })
	return n
}

// pack puts b into a message.
func (b board) pack(kind int) subjects.Msg {
	return subjects.Msg{Kind: kind, N: b.row<<32 | int(b.columns), M: int(b.left)<<32 | int(b.right)}
}

func unpack(msg subjects.Msg) board {
	return board{msg.N >> 32, uint32(msg.N), uint32(msg.M >> 32), uint32(msg.M)}
}

// The messages of n-queens.
const (
	openBoard  = iota // of the master and the workers: to be handed out, to be done
	closeBoard        // done, with N solutions
)

// A queenMaster hands boards out in turns.
type queenMaster struct {
	workers   []subjects.Ref
	open      int
	out       int
	solutions int
	found     chan<- subjects.Msg
}

// Receive hands out, or adds up.
func (m *queenMaster) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	if msg.Kind == openBoard {
		self.Tell(m.workers[m.out%len(m.workers)], msg)
		m.open++
		m.out++
		return
	}
	m.solutions += msg.N
	m.open--
	if m.open == 0 {
		m.found <- subjects.Msg{N: m.solutions, M: m.out}
		m.solutions, m.out = 0, 0
	}
}

// A queenWorker does boards.
type queenWorker struct{ master subjects.Ref }

// Receive has the boards of one queen more handed out, or finds solutions.
func (w *queenWorker) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	b, done := unpack(msg), subjects.Msg{Kind: closeBoard}
	if b.row < rowsOfQueens {
		b.each(func(next board) { self.Tell(w.master, next.pack(openBoard)) })
	} else {
		done.N = b.solutions()
	}
	self.Tell(w.master, done)
}
