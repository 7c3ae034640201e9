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
// Call and Tell make two allocations: the function that core is sent, and
// the caller's own if it captures anything. A result that is larger than a
// pointer makes one more, as any reply does.
package proxy
