//go:build !linux

package conformance

// threadID is 0 where a thread's number cannot be had without cgo.
func threadID() int { return 0 }
