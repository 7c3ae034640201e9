// Package runtime holds the runtimes that come with Troupe, one package each.
//
// A runtime decides on which goroutines, and on how many at once, the turns
// of actors run. Actor code is the same on all of them:
//
//   - goroutine, the default: every actor that has something to do runs on a
//     goroutine. Use it unless you have a reason not to.
//   - pool: at most n actors run at once, on workers of an ants pool. Use it
//     to bound what many busy actors take, or to share a pool that a service
//     has already.
//   - locked: every turn of an actor runs on one OS thread. Use it for what is
//     bound to a thread, such as many C libraries, or the main thread.
//
// Package strand is no runtime but most of one, for those whose turns share a
// goroutine or a thread.
//
// The contract of a runtime is [github.com/troupe-go/troupe/core.Runtime] and
// the interfaces beside it.
package runtime
