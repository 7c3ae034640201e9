// Package proxy calls an actor's methods as if it were an ordinary value.
//
// [Spawn] makes an actor of any Go value, which needs no Receive, and [Of]
// finds the value behind a ref. There are three ways to use it:
//
//   - With a function that runs in the actor's turn: [Call] waits for it,
//     [Ask] returns a future, [Tell] wants no reply. The compiler checks
//     arguments and results.
//   - With methods written by the generator, cmd/troupegen: they have the
//     signatures of the value's own, so that the proxy fits the interfaces
//     that the value fits.
//   - By name, with [Dynamic], for consoles and tests.
//
// All of them send a [core.Invoke], which keeps its place among the other
// messages of the actor. What is said of [core.Ref.Tell], [core.Ref.Ask] and
// [core.Ref.Call] holds here too: the errors, the order, who waits for whom.
//
// # Arguments and results
//
// Nothing is copied. What a function captures, an argument points at or a
// result refers to is shared by the caller and the actor, so it must not
// change, or be used by one of them at a time. A caller that leaves at its
// deadline leaves its arguments with the actor.
//
// A function is given the actor's context, which shadows the caller's. The
// caller's ends the caller's wait and nothing else.
//
// # Costs
//
// Call makes no allocation of its own, Get, Set and a generated method make
// one, a call by name three. To these come what the function captures, and a
// result that is larger than a pointer, as for any reply. Ask makes three
// more than Call, the future being one.
//
// A Call of an idle actor takes about a third longer than a core.Ref.Call,
// and so does a generated method; a call by name takes nine times as long,
// most of it in package reflect. BenchmarkCall measures them side by side.
package proxy
