package subjects

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/anthdm/hollywood/actor"

	_ "github.com/troupe-go/troupe/bench/subjects/protobufs" // beside protoactor
)

func init() {
	register(Subject{
		Name:       "hollywood",
		Module:     "github.com/anthdm/hollywood",
		Ints:       func() Stage[int] { return newHollyStage[int]() },
		Msgs:       func() Stage[Msg] { return newHollyStage[Msg]() },
		Wides:      func() Stage[Wide] { return newHollyStage[Wide]() },
		ReplyBoxes: 1, // a reply is an any
		Except: map[string]string{
			"call-64": "replies that are awaited at the same time have random names, and now and then the same one",
		},
	})
}

// hollyInbox is where an inbox begins to grow. By default it begins with room
// for 1,024 messages, and an actor takes 28 kB.
const hollyInbox = 32

// hollyPatience is more than any reply needs.
const hollyPatience = time.Minute

// A hollyStage is a Stage of Hollywood. Its engine has no end, and an idle
// actor no goroutine.
type hollyStage[M any] struct {
	engine *actor.Engine
	actors atomic.Int64 // how many there have been
}

func newHollyStage[M any]() Stage[M] {
	return &hollyStage[M]{engine: must(actor.NewEngine(actor.NewEngineConfig()))}
}

// A hollyActor lets a Behaviour be an actor, and is its Self.
type hollyActor[M any] struct {
	stage     *hollyStage[M]
	behaviour Behaviour[M]
	ctx       *actor.Context // its own
}

// Spawn names the actor, as a random name may be that of another one.
func (s *hollyStage[M]) Spawn(b Behaviour[M]) Ref {
	return s.engine.Spawn(
		func() actor.Receiver { return &hollyActor[M]{stage: s, behaviour: b} }, "actor",
		actor.WithID(strconv.FormatInt(s.actors.Add(1), 10)), actor.WithInboxSize(hollyInbox))
}

func (s *hollyStage[M]) Tell(to Ref, msg M) { s.engine.Send(to.(*actor.PID), msg) }

func (s *hollyStage[M]) Ask(to Ref, msg M) int {
	return must(s.engine.Request(to.(*actor.PID), msg, hollyPatience).Result()).(int)
}

func (s *hollyStage[M]) Stop(ref Ref) { <-s.engine.Poison(ref.(*actor.PID)).Done() }

func (s *hollyStage[M]) Close() {}

// Receive lets the behaviour handle what is a message of the scenario.
func (a *hollyActor[M]) Receive(ctx *actor.Context) {
	if msg, ok := ctx.Message().(M); ok {
		a.ctx = ctx
		a.behaviour.Receive(a, msg)
	}
}

func (a *hollyActor[M]) Ref() Ref                 { return a.ctx.PID() }
func (a *hollyActor[M]) Spawn(b Behaviour[M]) Ref { return a.stage.Spawn(b) }
func (a *hollyActor[M]) Tell(to Ref, msg M)       { a.ctx.Send(to.(*actor.PID), msg) }
func (a *hollyActor[M]) Reply(value int)          { a.ctx.Respond(value) }
func (a *hollyActor[M]) End()                     { a.stage.engine.Poison(a.ctx.PID()) }
