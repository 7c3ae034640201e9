package subjects

import "github.com/Arceliar/phony"

func init() {
	register(Subject{
		Name:   "phony",
		Module: "github.com/Arceliar/phony",
		Ints:   func() Stage[int] { return phonyStage[int]{} },
		Msgs:   func() Stage[Msg] { return phonyStage[Msg]{} },
		Wides:  func() Stage[Wide] { return phonyStage[Wide]{} },
	})
}

// A phonyStage is a Stage of phony. Its actors have no life cycle: they end
// when nobody knows them any more.
type phonyStage[M any] struct{}

// A phonyActor lets a Behaviour be an actor.
type phonyActor[M any] struct {
	phony.Inbox
	behaviour Behaviour[M]
	reply     int
}

func (phonyStage[M]) Spawn(b Behaviour[M]) Ref { return &phonyActor[M]{behaviour: b} }

func (phonyStage[M]) Tell(to Ref, msg M) {
	a := to.(*phonyActor[M])
	a.Act(nil, func() { a.behaviour.Receive(a, msg) })
}

func (phonyStage[M]) Ask(to Ref, msg M) (reply int) {
	a := to.(*phonyActor[M])
	phony.Block(a, func() {
		a.behaviour.Receive(a, msg)
		reply = a.reply
	})
	return reply
}

func (phonyStage[M]) Stop(ref Ref) { phony.Block(ref.(*phonyActor[M]), func() {}) }

func (phonyStage[M]) Close() {}

func (a *phonyActor[M]) Ref() Ref                 { return a }
func (a *phonyActor[M]) Spawn(b Behaviour[M]) Ref { return &phonyActor[M]{behaviour: b} }

func (a *phonyActor[M]) Tell(to Ref, msg M) {
	b := to.(*phonyActor[M])
	b.Act(a, func() { b.behaviour.Receive(b, msg) })
}

func (a *phonyActor[M]) Reply(value int) { a.reply = value }
func (a *phonyActor[M]) End()            {}
