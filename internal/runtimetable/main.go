// Runtimetable runs the conformance suite on every runtime of this module and
// prints what it says, area by area, as the table of the README. With -w it
// writes the table into that file, between its markers.
//
// Its exit status is 1 if a runtime breaks a MUST.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/examples/customruntime/single"
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
	file := flag.String("w", "", "the file to write the table into")
	flag.Parse()
	if err := run(os.Stdout, *stress, *file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(w io.Writer, stress int, file string) error {
	reports, err := check(stress)
	if err != nil {
		return err
	}
	text := table(reports)
	if file == "" {
		_, err = io.WriteString(w, text)
		return err
	}
	return rewrite(file, text)
}

// check gives a report for each contender.
func check(stress int) ([]*conformance.Report, error) {
	var reports []*conformance.Report
	for _, c := range contenders {
		r := conformance.Check(c.make, conformance.Stress(stress))
		if !r.OK() {
			return nil, fmt.Errorf("%s breaks the contract:\n%v", c.name, r)
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// symbols are what the table shows for the verdict on an area.
var symbols = map[string]string{"ok": "✓", "partial": "✓ MUST", "broken": "✗", "-": "–"}

func table(reports []*conformance.Report) string {
	var b strings.Builder
	b.WriteString("| area |")
	for _, c := range contenders {
		fmt.Fprintf(&b, " %s |", c.name)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(contenders)) + "\n")
	for i, area := range reports[0].Areas() {
		fmt.Fprintf(&b, "| %s |", area.Name)
		for _, r := range reports {
			fmt.Fprintf(&b, " %s |", symbols[r.Areas()[i].Verdict])
		}
		b.WriteString("\n")
	}
	return b.String()
}

const (
	begin = "<!-- begin: runtimes by area -->\n"
	end   = "<!-- end: runtimes by area -->"
)

// rewrite puts text between the markers of the file.
func rewrite(file, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(old), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no markers for the table", file)
	}
	return os.WriteFile(file, []byte(before+begin+text+end+after), 0o644)
}
