package locked

import "syscall"

// onMainThread reports whether the caller runs on the program's main thread,
// and whether that is known.
func onMainThread() (main, known bool) { return syscall.Gettid() == syscall.Getpid(), true }
