package conformance

import "testing"

// A TB is what a factory may use of the test that it makes a runtime for. A
// *testing.T is one; so is what [Check] passes. A failed TB fails the rule.
type TB interface {
	Helper()
	Name() string
	Errorf(format string, args ...any)
	FailNow()
	Logf(format string, args ...any)
	Cleanup(func())
}

var _ TB = (testing.TB)(nil)
