package subjects

import (
	"context"
	"io"
	"strconv"
	"sync/atomic"
	"time"

	goakt "github.com/tochemey/goakt/v3/actor"
	"github.com/tochemey/goakt/v3/goaktpb"
	"github.com/tochemey/goakt/v3/log"
	"google.golang.org/protobuf/proto"
)

func init() {
	register(Subject{
		Name:       "goakt",
		Module:     "github.com/tochemey/goakt/v3",
		Ints:       func() Stage[int] { return newGoaktStage[int]() },
		Msgs:       func() Stage[Msg] { return newGoaktStage[Msg]() },
		Wides:      func() Stage[Wide] { return newGoaktStage[Wide]() },
		ReplyBoxes: 1, // a reply is a message of protobuf
		NotQuick:   true,
		Except: map[string]string{
			"fan-out": goaktManyActors, "spawn": goaktManyActors, "idle": goaktManyActors, "skynet": goaktManyActors,
			"mixed": goaktManyActors, "spawn-one-by-one": goaktManyActors,
			"call-64": "of several who ask at once one may wait for the reply to another: the context that its Ask reads is used again as soon as the actor has replied",
		},
	})
}

// goaktManyActors is why it is not where there are, or were, ten thousand
// actors or more.
const goaktManyActors = "the more actors there have been, the longer it takes to start or stop one: ten thousand take half a minute"

// goaktPatience is more than any reply needs.
const goaktPatience = time.Minute

// A goaktStage is a Stage of GoAkt.
type goaktStage[M any] struct {
	sys    goakt.ActorSystem
	actors atomic.Int64 // how many there have been
}

func newGoaktStage[M any]() Stage[M] {
	sys := must(goakt.NewActorSystem("bench",
		goakt.WithLogger(log.New(log.ErrorLevel, io.Discard)), goakt.WithPassivationDisabled()))
	check(sys.Start(context.Background()))
	return &goaktStage[M]{sys: sys}
}

// A goaktLetter is a message, which has to be one of protobuf for GoAkt. Within
// a system none is encoded, so it only has to say that it is.
type goaktLetter[M any] struct {
	proto.Message
	msg M
}

// A goaktActor lets a Behaviour be an actor, and is its Self.
type goaktActor[M any] struct {
	stage     *goaktStage[M]
	behaviour Behaviour[M]
	ctx       *goakt.ReceiveContext // its own
	ended     chan struct{}
}

// A goaktRef is an actor, and how to wait for its end.
type goaktRef[M any] struct {
	*goakt.PID
	*goaktActor[M]
}

// Spawn has no actor be the child of another one, with which it would end.
func (s *goaktStage[M]) Spawn(b Behaviour[M]) Ref {
	a := &goaktActor[M]{stage: s, behaviour: b, ended: make(chan struct{})}
	name := strconv.FormatInt(s.actors.Add(1), 10)
	return goaktRef[M]{must(s.sys.Spawn(context.Background(), name, a)), a}
}

func (s *goaktStage[M]) Tell(to Ref, msg M) {
	check(goakt.Tell(context.Background(), to.(goaktRef[M]).PID, &goaktLetter[M]{msg: msg}))
}

func (s *goaktStage[M]) Ask(to Ref, msg M) int {
	reply := must(goakt.Ask(context.Background(), to.(goaktRef[M]).PID, &goaktLetter[M]{msg: msg}, goaktPatience))
	return reply.(*goaktLetter[int]).msg
}

func (s *goaktStage[M]) Stop(ref Ref) {
	check(goakt.Tell(context.Background(), ref.(goaktRef[M]).PID, new(goaktpb.PoisonPill)))
	<-ref.(goaktRef[M]).ended
}

// Close ends the actors one by one, as the end of a system of many leaves some
// of their goroutines behind.
func (s *goaktStage[M]) Close() {
	ctx := context.Background()
	for _, pid := range s.sys.Actors() {
		check(pid.Shutdown(ctx))
	}
	check(s.sys.Stop(ctx))
}

// PreStart has nothing to do.
func (a *goaktActor[M]) PreStart(context.Context) error { return nil }

// PostStop says that it has ended.
func (a *goaktActor[M]) PostStop(context.Context) error {
	close(a.ended)
	return nil
}

// Receive lets the behaviour handle what is a message of the scenario.
func (a *goaktActor[M]) Receive(ctx *goakt.ReceiveContext) {
	if l, ok := ctx.Message().(*goaktLetter[M]); ok {
		a.ctx = ctx
		a.behaviour.Receive(a, l.msg)
	}
}

func (a *goaktActor[M]) Ref() Ref                 { return goaktRef[M]{a.ctx.Self(), a} }
func (a *goaktActor[M]) Spawn(b Behaviour[M]) Ref { return a.stage.Spawn(b) }
func (a *goaktActor[M]) Tell(to Ref, msg M) {
	a.ctx.Tell(to.(goaktRef[M]).PID, &goaktLetter[M]{msg: msg})
}
func (a *goaktActor[M]) Reply(value int) { a.ctx.Response(&goaktLetter[int]{msg: value}) }
func (a *goaktActor[M]) End()            { a.ctx.Shutdown() }
