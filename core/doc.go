// Package core is the actor: refs, futures, inboxes, systems, the one receive
// loop, and the contract of a runtime.
package core
