/*
Package core is the actor: refs, futures, inboxes, systems, the one receive
loop, and the contract of a runtime.

An [Actor] handles messages one at a time, so that its state needs no lock.
[Spawn] starts one in a [System] and returns its [Ref], by which everybody else
reaches it: with Tell, which sends a message and goes on; with Ask, which also
gives a [Future] of the reply; with Call, which waits for the reply; and with
Stop. What the actors of a system run on is a [Runtime], of which this package
has only the contract; the actors do not depend on it.

	package main

	import (
		"context"
		"fmt"

		"github.com/troupe-go/troupe/core"
		"github.com/troupe-go/troupe/runtime/goroutine"
	)

	type Counter struct{ n int }

	func (c *Counter) Receive(ctx context.Context, add int) (any, error) {
		c.n += add
		return c.n, nil
	}

	func main() {
		ctx := context.Background()
		sys := core.NewSystem(goroutine.New())
		counter, err := core.Spawn(sys, &Counter{})
		if err != nil {
			panic(err)
		}
		counter.Tell(ctx, 2)
		fmt.Println(counter.Call(ctx, 3))
		sys.Shutdown(ctx)
	}

It prints

	5 <nil>

A message may be of any type. For an actor of several kinds of messages M is an
interface, best one that only they implement; then a message that embeds
[Returns] declares the type of its reply, and the functions [Call] and [Ask]
return that type. Elsewhere [As] gives a reply its type. A method that a service
already has becomes an actor with [Func]. A test of an actor needs no system:
Receive takes any context.

# Lifecycle

Spawn returns without waiting for the actor. OnStart, if the actor is a
[Starter], runs before the first message; after the last message OnStop runs,
if it is a [Stopper]. In between, messages are handled in the order in which
they were sent: if one Tell returned before another began, its message is first,
whoever sent them. An actor that is about to end can neither be found nor sent
to when OnStop runs. It is not started again; a new one of the same name may be
spawned once OnStop has returned.

Receive and the hooks get one context, the actor's own. It ends when the actor
has ended, and a request to stop does not end it. [Self], [SystemOf] and [Logger]
tell from it where the handler is.

# Failures

An error that Receive returns, or a panic in it, goes to whoever asked, and the
actor lives on. If nobody asked, because the message was told, it is the end of
the actor: it is logged, and OnFailure, if the actor is a [FailureHandler], runs
in place of OnStop. A panic becomes a [PanicError].

Some errors mean more. [ErrUnhandled] says that the actor does not know the
message, which is logged and no failure. [ErrStop] stops the actor after what it
has accepted, and is no failure either. An error marked by [Fatal] ends the actor
in the orderly way, and then its system. They mean that of the actor that
returns them alone: an asker finds them with errors.Is, and may return them
itself without being stopped by them.

Nothing is lost silently. A message that was accepted is handled, or its asker
gets an error, or it is a [DeadLetter], which is counted in [Stats] and shown to
the hook given to [WithDeadLetters].

# Stopping

[Ref.Stop] asks an actor to stop after everything that it has accepted, and waits
until OnStop has returned. [Ref.AskStop] does not wait. [System.Shutdown] stops
every actor, the newest first and each fully before the next, and then closes the
runtime. If its context ends first, it asks all that are left at once, ends their
contexts, and returns an error that names them. A main function calls
[System.Run], which does that when its context ends or an error was fatal. From
the moment that a shutdown begins, Spawn returns [ErrShutdown].

What a send to an ended actor returns is [ErrDead]. [Ref.Done], [Ref.Err] and
[Ref.OnDone] tell of an actor's end.

# Waiting

An actor may wait in its handler for a future, for the reply to a Call, for
another actor to stop, or for room in an inbox. It then gives its place on the
runtime to others, so that even a pool of one does not hang; for any other wait
[Blocking] does the same. To be seen, the wait needs the actor's own context or
one that was derived from it.

While it waits it handles no message. Actors that wait for each other in a ring
would wait for ever; core finds such a ring, and one of the waits in it fails with
[ErrDeadlock], whose text names the actors.

A deadline is the context's. A Call that reaches it returns, and the message is
handled all the same.

# Futures

A [Future] has one outcome, which any number of goroutines may wait for and read
again, each with its own context. [Map], [Filter], [Reduce] and [Join] make futures
of futures; what they compute runs when somebody first calls Get. A [Promise] is
the writing half, for a reply that the handler does not have when it returns:
let it reply with the Future.

# Inboxes

An inbox has no limit and is first in, first out. [Bounded] limits it, and says
what becomes of a send when it is full: the sender waits, which is how a slow
actor slows down those that send to it, or gets [ErrInboxFull], or a message is
dropped. [Priority] gives another order, and [WithInbox] an [Inbox] of one's own.

# Runtimes

The packages below [github.com/troupe-go/troupe/runtime] have the runtimes.
[github.com/troupe-go/troupe] opens one by a name, such as one from a flag. One
actor of a system may be placed on another runtime with [On].

A caller may run the handler of an idle actor itself, which makes a Call nearly
a function call; [Ref.Call] says when. Nothing else of an actor depends on the
goroutine that it runs on: on every runtime a handler sees what the one before it
wrote.

# Concurrency

A Ref, a System, a Future and a Promise may be used by any number of goroutines.
An actor's fields are for its handlers and hooks.

A handler may start goroutines and give them its context. What they do with it
counts as the actor's as far as giving up a place is concerned; [Detach] makes a
context that is nobody's, for timers and for goroutines that outlive the
handler. They reach the actor as anybody does, through its Ref.

# Writing a runtime

A [Runtime] is one method, Attach, which is given the [Loop] of an actor and
returns a [Waker]. When core calls Wake, the runtime calls Turn, soon and on any
goroutine that suits it, and again for as long as Turn returns [More]. The
comments of these three types are the whole contract. What a Waker may do
besides is found by type assertion: a [Parker] is told when a turn waits, which
is needed where turns share a goroutine or a slot; an [Inliner] lets callers run
idle actors; a [Pinner] keeps an actor on one thread. A Runtime that has
something to end is a [Closer].

Package [github.com/troupe-go/troupe/conformance] checks that a runtime keeps the
contract.
*/
package core
