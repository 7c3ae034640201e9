package subjects

import (
	"io"
	"log/slog"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

func init() {
	register(Subject{
		Name:       "protoactor",
		Module:     "github.com/asynkron/protoactor-go",
		Ints:       func() Stage[int] { return newProtoStage[int]() },
		Msgs:       func() Stage[Msg] { return newProtoStage[Msg]() },
		Wides:      func() Stage[Wide] { return newProtoStage[Wide]() },
		ReplyBoxes: 1, // a reply is an any
	})
}

// protoPatience is more than any reply needs.
const protoPatience = time.Minute

// A protoStage is a Stage of Proto.Actor.
type protoStage[M any] struct{ sys *actor.ActorSystem }

func newProtoStage[M any]() Stage[M] {
	return &protoStage[M]{actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger {
		return slog.New(slog.NewTextHandler(io.Discard, nil))
	}))}
}

// A protoActor lets a Behaviour be an actor, and is its Self.
type protoActor[M any] struct {
	stage     *protoStage[M]
	behaviour Behaviour[M]
	ctx       actor.Context // its own
}

func (s *protoStage[M]) Spawn(b Behaviour[M]) Ref { return s.sys.Root.Spawn(s.props(b)) }

func (s *protoStage[M]) props(b Behaviour[M]) *actor.Props {
	return actor.PropsFromProducer(func() actor.Actor { return &protoActor[M]{stage: s, behaviour: b} })
}

func (s *protoStage[M]) Tell(to Ref, msg M) { s.sys.Root.Send(to.(*actor.PID), msg) }

func (s *protoStage[M]) Ask(to Ref, msg M) int {
	return must(s.sys.Root.RequestFuture(to.(*actor.PID), msg, protoPatience).Result()).(int)
}

func (s *protoStage[M]) Stop(ref Ref) { check(s.sys.Root.PoisonFuture(ref.(*actor.PID)).Wait()) }

func (s *protoStage[M]) Close() { s.sys.Shutdown() }

// Receive lets the behaviour handle what is a message of the scenario.
func (a *protoActor[M]) Receive(ctx actor.Context) {
	if msg, ok := ctx.Message().(M); ok {
		a.ctx = ctx
		a.behaviour.Receive(a, msg)
	}
}

func (a *protoActor[M]) Ref() Ref                 { return a.ctx.Self() }
func (a *protoActor[M]) Spawn(b Behaviour[M]) Ref { return a.stage.Spawn(b) }
func (a *protoActor[M]) Tell(to Ref, msg M)       { a.ctx.Send(to.(*actor.PID), msg) }
func (a *protoActor[M]) Reply(value int)          { a.ctx.Respond(value) }
func (a *protoActor[M]) End()                     { a.ctx.Poison(a.ctx.Self()) }
