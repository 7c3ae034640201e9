package subjects

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/vladopajic/go-actor/actor"
)

func init() {
	register(Subject{
		Name:     "go-actor",
		Module:   "github.com/vladopajic/go-actor",
		Ints:     func() Stage[int] { return newGoActorStage[int]() },
		Msgs:     func() Stage[Msg] { return newGoActorStage[Msg]() },
		Wides:    func() Stage[Wide] { return newGoActorStage[Wide]() },
		NotQuick: true,
		Except: map[string]string{
			"idle": "two goroutines and two channels are 9 kB: a million actors do not fit into the memory of many machines",
		},
	})
}

// A goActorStage is a Stage of go-actor. The library keeps no list of actors.
type goActorStage[M any] struct {
	mu  sync.Mutex
	all map[*goActor[M]]struct{}
}

func newGoActorStage[M any]() Stage[M] {
	return &goActorStage[M]{all: map[*goActor[M]]struct{}{}}
}

// A goActor lets a Behaviour be an actor, and is its Self. It is two
// goroutines, one of which is the mailbox.
type goActor[M any] struct {
	stage     *goActorStage[M]
	mailbox   actor.Mailbox[goActorLetter[M]]
	behaviour Behaviour[M]
	ctx       context.Context // its own
	reply     chan<- int
	status    actor.WorkerStatus
	ended     chan struct{}
}

// A goActorLetter is a message and where its reply goes: the best practices of
// the library have it so.
type goActorLetter[M any] struct {
	msg   M
	reply chan<- int
}

// Spawn gives the actor a mailbox of the usual kind, which has no bound.
func (s *goActorStage[M]) Spawn(b Behaviour[M]) Ref {
	a := &goActor[M]{
		stage:     s,
		mailbox:   actor.NewMailbox[goActorLetter[M]](actor.OptStopAfterReceivingAll()),
		behaviour: b,
		status:    actor.WorkerContinue,
		ended:     make(chan struct{}),
	}
	s.mu.Lock()
	s.all[a] = struct{}{}
	s.mu.Unlock()
	a.mailbox.Start()
	actor.New(a).Start()
	return a
}

func (s *goActorStage[M]) Tell(to Ref, msg M) {
	to.(*goActor[M]).send(actor.ContextStarted(), goActorLetter[M]{msg: msg})
}

func (s *goActorStage[M]) Ask(to Ref, msg M) int {
	reply := make(chan int, 1)
	to.(*goActor[M]).send(actor.ContextStarted(), goActorLetter[M]{msg, reply})
	return <-reply
}

// Stop stops the mailbox. The actor ends when it has received the rest.
func (s *goActorStage[M]) Stop(ref Ref) {
	a := ref.(*goActor[M])
	a.mailbox.Stop()
	<-a.ended
}

func (s *goActorStage[M]) Close() {
	s.mu.Lock()
	left := slices.Collect(maps.Keys(s.all))
	s.mu.Unlock()
	for _, a := range left {
		s.Stop(a)
	}
}

func (a *goActor[M]) send(ctx context.Context, l goActorLetter[M]) { check(a.mailbox.Send(ctx, l)) }

// DoWork lets the behaviour handle a message.
func (a *goActor[M]) DoWork(ctx actor.Context) actor.WorkerStatus {
	select {
	case <-ctx.Done():
		return actor.WorkerEnd
	case l, ok := <-a.mailbox.ReceiveC():
		if !ok {
			return actor.WorkerEnd
		}
		a.ctx, a.reply = ctx, l.reply
		a.behaviour.Receive(a, l.msg)
		return a.status
	}
}

// OnStop ends the mailbox too.
func (a *goActor[M]) OnStop() {
	a.mailbox.Stop()
	a.stage.mu.Lock()
	delete(a.stage.all, a)
	a.stage.mu.Unlock()
	close(a.ended)
}

func (a *goActor[M]) Ref() Ref                 { return a }
func (a *goActor[M]) Spawn(b Behaviour[M]) Ref { return a.stage.Spawn(b) }
func (a *goActor[M]) Tell(to Ref, msg M)       { to.(*goActor[M]).send(a.ctx, goActorLetter[M]{msg: msg}) }
func (a *goActor[M]) Reply(value int)          { a.reply <- value }
func (a *goActor[M]) End()                     { a.status = actor.WorkerEnd }
