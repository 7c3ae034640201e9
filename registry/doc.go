// Package registry finds, addresses and stops the running actors of a system.
//
// A look-up gives one ref, or an iterator over refs in the order in which the
// actors were spawned (those that were spawned at the same moment, or during
// the first look-up, come in any order). What is to be done with many of them
// takes such an iterator:
//
//	reg := registry.Of(sys) // inside an actor: registry.From(ctx)
//	counter, err := registry.Find[Msg](reg, "counter")
//	told, err := registry.Broadcast(ctx, reg.All(), Reload{})
//	stopped, err := registry.Stop(ctx, registry.OfType[*Cache](reg))
//
// An actor is in the registry from before its OnStart until its OnStop or
// OnFailure is about to run. Any ref that was found may be that of an actor
// that has ended a moment later: sending to it then fails with core.ErrDead.
//
// # Concurrency
//
// Everything here may be called from any goroutine, and from handlers and
// hooks. No lock is held while a message is sent, an actor is stopped, or the
// body of a loop over an iterator runs. Such a loop runs over the actors that
// there were when it began.
//
// # Costs
//
// A system pays nothing for the registry until somebody calls [Of] or [From].
// The first call indexes the living actors, which takes a second or two and
// 90 MB for a million of them. From then on each spawn and each end of an
// actor costs an entry in the index, about a microsecond. [Registry.ByName], [Registry.ByURN] and [Find] take the
// same time in a system of any size; a loop over the actors of a type takes
// time in proportion to those, not to all.
package registry
