package main

import (
	"fmt"
	"io"

	"github.com/troupe-go/troupe/bench/guard"
	"github.com/troupe-go/troupe/bench/harness"
)

// recordRatios is -record.
func (o options) recordRatios(w io.Writer, picked []*harness.Scenario) error {
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
