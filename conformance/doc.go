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
// see [Deadline]; one that used them up has failed, whatever it found. A hang is
// shown with the goroutines of the rule, or with all of the process if the rule
// has none that it knows of.
//
// # What is not checked
//
// Messages in order, exactly once and one at a time, replies, stops, failures
// and what is left over are kept by core's own loop. No runtime can break
// them without breaking one of the rules here, so they have no rules; core's
// tests check them. An inbox can break some, and [RunInbox] checks those.
//
// That an actor holds up no other has rules for one that blocks and for one that
// spins (isolation/…). One that panics needs none: core's loop recovers, and the
// runtime sees a Turn that returns. What ends its goroutine is seen, and has rules
// (turn/goexit-costs-nothing, failure/goexit-ends-the-actor).
//
// The suite knows the goroutines of a runtime by a label, which a goroutine has
// from the one that started it. Those that were there before, as in a pool that
// a process shares, and those that set labels of their own, are not counted in
// close/leaves-no-goroutine, close/ends-by-itself and
// resources/no-goroutines-pile-up: whoever has such checks for leaks otherwise.
//
// Run the suite with -race, and with [Stress] now and then: most faults of a
// runtime are rare.
package conformance
