package main

import (
	"context"

	"github.com/troupe-go/troupe/core"
)

// counterMsg is what a counter takes: a chunk or a flush.
type counterMsg interface{ forCounter() }

// flush has a counter hand over what it has counted. It replies when that has
// arrived.
type flush struct{ core.Returns[bool] }

func (chunk) forCounter() {}
func (flush) forCounter() {}

// A counter counts the words of chunks.
type counter struct {
	tally   *tally
	reducer core.Ref[reducerMsg]
}

func newCounter(reducer core.Ref[reducerMsg]) *counter { return &counter{newTally(), reducer} }

func (c *counter) Receive(ctx context.Context, msg counterMsg) (any, error) {
	switch msg := msg.(type) {
	case chunk:
		eachWord(msg.bytes(), c.tally.add)
		c.tally.bytes += int64(msg.size)
		msg.free()
		return nil, nil
	case flush:
		counted := c.tally
		c.tally = newTally()
		return core.Call(ctx, c.reducer, merge{tally: counted})
	}
	return nil, core.ErrUnhandled
}
