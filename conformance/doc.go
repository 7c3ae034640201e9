// Package conformance checks that a runtime, or an inbox, keeps the contract.
//
// A runtime is checked by a test of three lines:
//
//	func TestConformance(t *testing.T) {
//		conformance.Run(t, func(conformance.TB) core.Runtime { return mine.New() })
//	}
//
// Every rule is a promise of the contract in package core, has an ID that
// does not change, and runs as a subtest of its own on a fresh runtime:
//
//	go test -run TestConformance/wait            # one area
//	go test -run TestConformance/wait/deep-chain # one rule
//
// A rule that a runtime MUST keep fails the test; one that it SHOULD keep is
// logged, and fails with [Strict]. A rule about something that the runtime
// does not offer, such as [core.Closer], is skipped. A rule has five seconds,
// see [Deadline]; one that used them up has failed, whatever it found.
//
// # What is not checked
//
// Messages in order, exactly once and one at a time, replies, stops, failures
// and what is left over are kept by core's own loop. No runtime can break
// them without breaking one of the rules here, so they have no rules; core's
// tests check them. An inbox can break some, and [RunInbox] checks those.
//
// Run the suite with -race, and with [Stress] now and then: most faults of a
// runtime are rare.
package conformance
