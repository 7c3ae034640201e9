package main

import (
	"context"

	"github.com/troupe-go/troupe/core"
)

// reducerMsg is what a reducer takes: a merge or a summary.
type reducerMsg interface{ forReducer() }

// merge has a reducer take a tally over.
type merge struct {
	core.Returns[bool]
	tally *tally
}

// summary asks for what all tallies make together.
type summary struct {
	core.Returns[result]
	top int
}

func (merge) forReducer()   {}
func (summary) forReducer() {}

// A result is what the program is for.
type result struct {
	top          []frequency
	words, bytes int64
}

// A reducer adds tallies up.
type reducer struct{ sum *tally }

func newReducer() *reducer { return &reducer{newTally()} }

func (r *reducer) Receive(_ context.Context, msg reducerMsg) (any, error) {
	switch msg := msg.(type) {
	case merge:
		r.sum.merge(msg.tally)
		return true, nil
	case summary:
		return result{r.sum.top(msg.top), r.sum.words, r.sum.bytes}, nil
	}
	return nil, core.ErrUnhandled
}
