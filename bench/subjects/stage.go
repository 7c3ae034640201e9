package subjects

// A Stage runs actors that take messages of type M: it is what a scenario
// needs that is written once for every subject. Each peer, each runtime of
// ours and plain Go implements it.
//
// What a Stage offers is what all of them have. Its methods are called from
// outside; an actor has a [Self].
type Stage[M any] interface {
	// Spawn starts an actor.
	Spawn(Behaviour[M]) Ref
	// Tell sends msg. It may wait for room, never for msg to be handled.
	Tell(to Ref, msg M)
	// Ask sends msg and waits for the reply, which the actor must give.
	Ask(to Ref, msg M) int
	// Stop ends an actor after what it was sent, and waits for that.
	Stop(Ref)
	// Close ends all actors. None of them may be at work.
	Close()
}

// A Ref addresses an actor of a Stage. It can be compared.
type Ref any

// A Behaviour is an actor: what it does with a message. Its calls do not
// overlap.
type Behaviour[M any] interface {
	Receive(self Self[M], msg M)
}

// A Func is a Behaviour of one function.
type Func[M any] func(self Self[M], msg M)

// Receive calls f.
func (f Func[M]) Receive(self Self[M], msg M) { f(self, msg) }

// A Self is what an actor has to act by while it handles a message.
type Self[M any] interface {
	// Ref is the actor's own.
	Ref() Ref
	// Spawn starts another actor.
	Spawn(Behaviour[M]) Ref
	// Tell sends msg to an actor, perhaps this one.
	Tell(to Ref, msg M)
	// Reply answers an Ask, and is not called for a Tell.
	Reply(value int)
	// End ends the actor after this message. Nothing may be sent to it any
	// more.
	End()
}

// A Wide is a message of 256 bytes.
type Wide struct {
	N    int
	Rest [31]int
}

// A Msg is a message of scenarios that need more than a number.
type Msg struct {
	Kind int
	N, M int
	From Ref
	Data any
}
