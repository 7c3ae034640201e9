// Package mutants proves that the conformance suite can say no. It has right
// runtimes and inboxes, plain and odd, which the suite must pass; and mutants,
// each of them a right one with one thing changed, which the suite must catch
// by the rule named for it.
//
// go test does so in seconds: each mutant against the rules named for it, and
// what is odd against those that take little time. With -full, as make mutants
// and CI do, it is every rule.
package mutants
