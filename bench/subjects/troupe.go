package subjects

import (
	"context"
	"io"
	"log/slog"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/registry"
)

// NewSystem makes a system as one has in a service: with a logger that does
// not log at DEBUG, and a hook for dead letters. The registry is there and has
// not been asked for anything; see [NewIndexedSystem].
func NewSystem(rt core.Runtime) *core.System {
	return core.NewSystem(rt,
		core.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
		core.WithDeadLetters(func(core.DeadLetter) {}))
}

// NewIndexedSystem makes a system whose registry has been asked for something,
// and so keeps an index of all actors by URN and type from then on.
func NewIndexedSystem(rt core.Runtime) *core.System {
	sys := NewSystem(rt)
	registry.Of(sys)
	return sys
}

// A troupeStage is a Stage on a runtime of ours.
type troupeStage[M any] struct{ sys *core.System }

func newTroupeStage[M any](rt core.Runtime) Stage[M] { return troupeStage[M]{NewIndexedSystem(rt)} }

func (s troupeStage[M]) Spawn(b Behaviour[M]) Ref {
	return must(core.Spawn(s.sys, &troupeActor[M]{stage: s, behaviour: b}))
}

func (s troupeStage[M]) Tell(to Ref, msg M) {
	check(to.(core.Ref[M]).Tell(context.Background(), msg))
}

func (s troupeStage[M]) Ask(to Ref, msg M) int {
	return must(core.As[int](to.(core.Ref[M]).Call(context.Background(), msg)))
}

func (s troupeStage[M]) Stop(ref Ref) { must(ref.(core.Ref[M]).Stop(context.Background())) }

func (s troupeStage[M]) Close() { check(s.sys.Shutdown(context.Background())) }

// A troupeActor lets a Behaviour be an actor, and is its Self.
type troupeActor[M any] struct {
	stage     troupeStage[M]
	behaviour Behaviour[M]
	ctx       context.Context // its own
	self      Ref
	reply     any
	end       error
}

// OnStart notes who it is.
func (a *troupeActor[M]) OnStart(ctx context.Context) error {
	a.ctx, a.self = ctx, core.Self[M](ctx)
	return nil
}

// Receive lets the behaviour handle msg.
func (a *troupeActor[M]) Receive(_ context.Context, msg M) (any, error) {
	a.reply = nil
	a.behaviour.Receive(a, msg)
	return a.reply, a.end
}

func (a *troupeActor[M]) Ref() Ref                 { return a.self }
func (a *troupeActor[M]) Spawn(b Behaviour[M]) Ref { return a.stage.Spawn(b) }
func (a *troupeActor[M]) Tell(to Ref, msg M)       { check(to.(core.Ref[M]).Tell(a.ctx, msg)) }
func (a *troupeActor[M]) Reply(value int)          { a.reply = value }
func (a *troupeActor[M]) End()                     { a.end = core.ErrStop }

// check is for what cannot fail unless the subject is broken.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func registerTroupe(name string, newRuntime func() core.Runtime) {
	register(Subject{
		Name:    name,
		Runtime: newRuntime,
		Ints:    func() Stage[int] { return newTroupeStage[int](newRuntime()) },
		Msgs:    func() Stage[Msg] { return newTroupeStage[Msg](newRuntime()) },
		Wides:   func() Stage[Wide] { return newTroupeStage[Wide](newRuntime()) },
	})
}
