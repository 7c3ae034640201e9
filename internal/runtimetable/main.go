// Runtimetable runs the conformance suite on every runtime of this module and
// prints what it says, area by area, as the table of the README. With -w it
// writes the table into that file, between its markers. -cpu and -stress are
// for the whole proof: each GOMAXPROCS in turn, each rule so many times.
//
// Its exit status is 1 if a runtime breaks a MUST; as it goes it says on standard
// error how many rules each has kept.
package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/examples/customruntime/single"
	"github.com/troupe-go/troupe/internal/marked"
	"github.com/troupe-go/troupe/runtime/goroutine"
	"github.com/troupe-go/troupe/runtime/locked"
	"github.com/troupe-go/troupe/runtime/pool"
)

// A contender is a runtime that the table has a column for.
type contender struct {
	name string
	make func(conformance.TB) core.Runtime
}

var contenders = []contender{
	{"goroutine", func(conformance.TB) core.Runtime { return goroutine.New() }},
	{"pool", func(conformance.TB) core.Runtime { return pool.New(2) }},
	{"locked", func(conformance.TB) core.Runtime { return locked.New() }},
	{"customruntime", func(conformance.TB) core.Runtime { return single.New() }},
}

func main() {
	stress := flag.Int("stress", 1, "run each rule so many times at once")
	cpus := cpuList{runtime.GOMAXPROCS(0)}
	flag.Var(&cpus, "cpu", "the values of GOMAXPROCS to run with, as in 1,2,8")
	file := flag.String("w", "", "the file to write the table into")
	flag.Parse()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // actors that block, as in some rules, are logged
	if err := run(os.Stdout, cpus, *stress, *file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A cpuList is what -cpu is given.
type cpuList []int

// String implements flag.Value.
func (l *cpuList) String() string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(*l)), ","), "[]")
}

// Set implements flag.Value.
func (l *cpuList) Set(s string) error {
	*l = nil
	for field := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(field)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no number of CPUs", field)
		}
		*l = append(*l, n)
	}
	return nil
}

func run(w io.Writer, cpus cpuList, stress int, file string) error {
	columns, err := check(cpus, stress)
	if err != nil {
		return err
	}
	text := table(columns)
	if file == "" {
		_, err = io.WriteString(w, text)
		return err
	}
	return marked.Rewrite(file, "runtimes by area", text)
}

// check gives the areas of each contender.
func check(cpus cpuList, stress int) (columns [][]conformance.Area, err error) {
	for _, c := range contenders {
		var column []conformance.Area
		for _, n := range cpus {
			runtime.GOMAXPROCS(n)
			r := conformance.Check(c.make, conformance.Stress(stress))
			if !r.OK() {
				return nil, fmt.Errorf("%s with GOMAXPROCS=%d breaks the contract:\n%v", c.name, n, r)
			}
			fmt.Fprintf(os.Stderr, "%s with GOMAXPROCS=%d: %s\n", c.name, n, summary(r))
			column = worst(column, r.Areas())
		}
		columns = append(columns, column)
	}
	return columns, nil
}

// summary is a report in one line.
func summary(r *conformance.Report) string {
	kept, lacking := 0, 0
	for _, res := range r.Results {
		if res.Passed() {
			kept++
		}
		if res.Lacks != "" {
			lacking++
		}
	}
	line := fmt.Sprintf("keeps %d rules, %d do not apply", kept, lacking)
	if broken := r.Broken(); len(broken) > 0 {
		line += ", breaks " + strings.Join(broken, " ")
	}
	return line
}

// worst has for each area the worse of two verdicts; a may be nil.
func worst(a, b []conformance.Area) []conformance.Area {
	for i := range a {
		if a[i].Verdict != "ok" {
			b[i] = a[i]
		}
	}
	return b
}

// symbols are what the table shows for the verdict on an area.
var symbols = map[string]string{"ok": "✓", "partial": "✓ MUST", "broken": "✗", "-": "–"}

func table(columns [][]conformance.Area) string {
	var b strings.Builder
	b.WriteString("| area |")
	for _, c := range contenders {
		fmt.Fprintf(&b, " %s |", c.name)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(contenders)) + "\n")
	for i, area := range columns[0] {
		fmt.Fprintf(&b, "| %s |", area.Name)
		for _, column := range columns {
			fmt.Fprintf(&b, " %s |", symbols[column[i].Verdict])
		}
		b.WriteString("\n")
	}
	return b.String()
}
