package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/troupe-go/troupe/bench/guard"
	"github.com/troupe-go/troupe/bench/report"
	"github.com/troupe-go/troupe/internal/marked"
)

// validate fails if the options cannot all be followed.
func (o options) validate() error {
	switch {
	case o.rounds < 0:
		return fmt.Errorf("-rounds is %d: give a number of rounds, or 0 for the default", o.rounds)
	case o.target < 0:
		return fmt.Errorf("-time is %v: give a time, or 0 for the default", o.target)
	case o.guards() && o.rounds > 0 && o.rounds < guard.Fewest:
		return fmt.Errorf("-rounds is %d: a ratio is recorded and checked by %d pairs or more", o.rounds, guard.Fewest)
	case o.record != "" && o.check != "":
		return errors.New("-record and -check are one thing after the other: check first, then record what you accept")
	case o.guards() && (o.json || o.plot != "" || o.write != ""):
		return errors.New("-record and -check print ratios only: run -json, -plot and -w without them")
	}
	return nil
}

// validateFiles fails if what is measured could not be written: before it is
// measured, which takes minutes.
func (o options) validateFiles() error {
	if ext := filepath.Ext(o.plot); o.plot != "" && !slices.Contains(report.PlotFormats, ext) {
		return fmt.Errorf("-plot %s: the name of a chart ends in %s", o.plot, strings.Join(report.PlotFormats, " or "))
	}
	for name, file := range map[string]string{"-plot": o.plot, "-record": o.record, "-w": o.write} {
		if file == "" {
			continue
		}
		if err := writable(file); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return o.validateMarkers()
}

// validateMarkers fails if there is no place for the table of -w.
func (o options) validateMarkers() error {
	if o.write == "" {
		return nil
	}
	page, err := os.ReadFile(o.write)
	if err == nil {
		_, err = marked.Splice(string(page), markers, "")
	}
	if err != nil {
		return fmt.Errorf("-w %s: %w; a table is written between a line <!-- begin: %[3]s --> and a line <!-- end: %[3]s -->", o.write, err, markers)
	}
	return nil
}

// writable fails if a file cannot be written or made. It leaves no trace.
func writable(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.CreateTemp(filepath.Dir(file), ".bench-*")
		if err == nil {
			defer os.Remove(f.Name())
		}
	}
	if err != nil {
		return err
	}
	return f.Close()
}
