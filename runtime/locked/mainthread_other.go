//go:build !linux

package locked

// onMainThread reports whether the caller runs on the program's main thread,
// and whether that is known.
func onMainThread() (main, known bool) { return false, false }
