package main

import (
	"fmt"
	"io"

	"github.com/troupe-go/troupe/bench/guard"
	"github.com/troupe-go/troupe/bench/harness"
)

// recordRatios is -record.
func (o options) recordRatios(w io.Writer, picked []*harness.Scenario) error {
	picked, pairs := o.guarded(picked)
	if len(pairs) == 0 {
		return errNothing
	}
	var all []*harness.Series
	for _, s := range picked {
		measured, err := o.guardPlan().Measure(s, append([]string{s.Reference}, o.guardedOf(s)...))
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
	return record.Write(o.record)
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
	checker := guard.Checker{Record: record, Measure: o.guardPlan().Measure, Out: w}
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
