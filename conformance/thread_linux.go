package conformance

import "syscall"

// threadID is the number of the OS thread that the caller runs on.
func threadID() int { return syscall.Gettid() }
