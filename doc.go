// Package troupe opens runtimes by name, as database/sql opens databases, so
// that a flag, an environment variable or a line of configuration decides
// where the actors of a program run:
//
//	spec := troupe.FromEnv() // $TROUPE_RUNTIME, or "goroutine"
//	flag.Var(&spec, "runtime", troupe.Usage())
//	flag.Parse()
//	rt, err := troupe.Open(spec)
//	if err != nil {
//		log.Fatal(err)
//	}
//	sys := core.NewSystem(rt)
//
// The actors themselves are in package
// [github.com/troupe-go/troupe/core]. A program that needs no choice calls
// the constructor of one runtime, such as goroutine.New, and not this package.
//
// # Specs
//
// A [Spec] is the name of a runtime, and then, after a colon, its options:
//
//	goroutine
//	pool:size=8,budget=64
//	locked:threads=4
//
// [Usage] lists the runtimes that are known and what they take; [Register]
// makes one more known.
package troupe
