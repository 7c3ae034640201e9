// Command rulemutants breaks the behaviour rules of core one by one and checks
// that the test named for each notices.
//
// A test that cannot fail proves nothing. The list in mutants.go is of small
// breakages, each with the rule it breaks and the tests that have to turn red.
// The command fails if a mutant survives, and if the list no longer fits the
// code: an old text that is not there exactly once, a test that does not
// exist, a breakage that does not compile.
//
//	go run ./internal/rulemutants              # all of them
//	go run ./internal/rulemutants -run P17     # one rule's
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"time"
)

func main() {
	only := flag.String("run", "", "run only the mutants whose rule matches this regular expression")
	jobs := flag.Int("j", 2, "how many to run at once")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "rulemutants:", err)
		os.Exit(2)
	}
	root, err := moduleRoot()
	if err != nil {
		fmt.Fprintln(os.Stderr, "rulemutants:", err)
		os.Exit(2)
	}
	e := &engine{root: root, pkg: "./core", timeout: 10 * time.Second, jobs: *jobs, out: os.Stdout}
	if !e.run(chosen(mutants, match)) {
		os.Exit(1)
	}
}

func chosen(all []mutant, match *regexp.Regexp) (some []mutant) {
	for _, m := range all {
		if match.MatchString(m.rule) {
			some = append(some, m)
		}
	}
	return some
}
