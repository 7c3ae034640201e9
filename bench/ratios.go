package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/troupe-go/troupe/bench/guard"
	"github.com/troupe-go/troupe/bench/harness"
)

// recordRatios is -record.
func (o options) recordRatios(w io.Writer, picked []*harness.Scenario) error {
	picked, pairs := o.guarded(picked)
	if len(pairs) == 0 {
		return errNothing
	}
	kept, err := o.kept()
	if err != nil {
		return err
	}
	var all []*harness.Series
	for _, s := range picked {
		measured, err := o.measurePairs(s, append([]string{s.Reference}, o.guardedOf(s)...))
		if err != nil {
			return err
		}
		all = append(all, measured...)
	}
	record := guard.NewRecord(all)
	for _, r := range record.Ratios {
		if _, err := fmt.Fprintln(w, r); err != nil {
			return err
		}
	}
	return record.Over(kept).Write(o.record)
}

// kept is what is recorded already, if only a part is to be recorded anew. Even
// if all of it is, a file that is something else is left alone.
func (o options) kept() (guard.Record, error) {
	old, err := guard.Read(o.record)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return guard.Record{}, nil
	case err != nil:
		return guard.Record{}, fmt.Errorf("%w; it is not written over", err)
	case o.whole():
		return guard.Record{}, nil
	}
	if err := old.Extends(); err != nil {
		return guard.Record{}, fmt.Errorf("%s: %w", o.record, err)
	}
	return old, nil
}

// checkRatios is -check.
func (o options) checkRatios(w io.Writer, picked []*harness.Scenario) error {
	record, err := guard.Read(o.check)
	if err != nil {
		return err
	}
	picked, pairs := o.guarded(picked)
	if err := record.Fits(pairs); err != nil {
		return fmt.Errorf("%s: %w", o.check, err)
	}
	if note := record.Note(); note != "" {
		if _, err := fmt.Fprintln(w, note); err != nil {
			return err
		}
	}
	checker := guard.Checker{Record: record, Measure: o.measurePairs, Out: w}
	var losses guard.LossError
	for _, s := range picked {
		more, err := checker.Check(s, o.guardedOf(s))
		if err != nil {
			return err
		}
		losses = append(losses, more...)
	}
	if len(losses) > 0 {
		return losses
	}
	return nil
}

// measurePairs is the [guard.Measure] of this command.
func (o options) measurePairs(s *harness.Scenario, subjects []string) ([]*harness.Series, error) {
	return o.guardPlan(s).Measure(s, subjects)
}

// guarded are those of the scenarios in which subjects of ours are picked, and
// the pairs of both.
func (o options) guarded(picked []*harness.Scenario) (ours []*harness.Scenario, pairs []guard.Pair) {
	for _, s := range picked {
		if subjects := o.guardedOf(s); len(subjects) > 0 {
			ours = append(ours, s)
			pairs = append(pairs, guard.Pairs(s, subjects)...)
		}
	}
	return ours, pairs
}
