// Package mutants proves that the conformance suite can say no. It has right
// runtimes and inboxes, plain and odd, which the suite must pass; and mutants,
// each of them a right one with one thing changed, which the suite must catch
// by the rule named for it.
package mutants
