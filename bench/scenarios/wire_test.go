package scenarios

import (
	"slices"
	"sync"

	"github.com/troupe-go/troupe/bench/subjects"
)

// A wire is a Stage whose messages and replies can be interfered with.
type wire[M any] struct {
	subjects.Stage[M]
	carry func(to subjects.Ref, msg M, send func(subjects.Ref, M))
	ask   func(msg M, ask func() int) int

	mu   sync.Mutex
	refs []subjects.Ref
}

func newWire[M any](stage subjects.Stage[M]) *wire[M] {
	return &wire[M]{
		Stage: stage,
		carry: func(to subjects.Ref, msg M, send func(subjects.Ref, M)) { send(to, msg) },
		ask:   func(_ M, ask func() int) int { return ask() },
	}
}

func (w *wire[M]) Spawn(b subjects.Behaviour[M]) subjects.Ref {
	ref := w.Stage.Spawn(subjects.Func[M](func(self subjects.Self[M], msg M) {
		b.Receive(wiredSelf[M]{self, w}, msg)
	}))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refs = append(w.refs, ref)
	return ref
}

func (w *wire[M]) Tell(to subjects.Ref, msg M) { w.carry(to, msg, w.Stage.Tell) }

func (w *wire[M]) Ask(to subjects.Ref, msg M) int {
	return w.ask(msg, func() int { return w.Stage.Ask(to, msg) })
}

// neighbour is the actor spawned before the one at ref, or, of the first, after it.
func (w *wire[M]) neighbour(ref subjects.Ref) subjects.Ref {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.refs, ref)
	if i == 0 {
		return w.refs[1]
	}
	return w.refs[i-1]
}

// A wiredSelf sends by a wire.
type wiredSelf[M any] struct {
	subjects.Self[M]
	wire *wire[M]
}

func (s wiredSelf[M]) Spawn(b subjects.Behaviour[M]) subjects.Ref { return s.wire.Spawn(b) }

func (s wiredSelf[M]) Tell(to subjects.Ref, msg M) { s.wire.carry(to, msg, s.Self.Tell) }
