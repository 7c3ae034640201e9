package core_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A till answers with a type of its own for every message.
type till struct{ sum int }

type tillMsg interface{ till() }

type (
	pay   struct{ n int }
	total struct{ core.Returns[int] }
	name  struct{ core.Returns[string] }
	fault struct{ core.Returns[error] }
	lies  struct{ core.Returns[int] }
	loose struct{ core.Returns[int] } // is no tillMsg
)

func (pay) till()   {}
func (total) till() {}
func (name) till()  {}
func (fault) till() {}
func (lies) till()  {}

func (t *till) Receive(_ context.Context, msg tillMsg) (any, error) {
	switch msg := msg.(type) {
	case pay:
		t.sum += msg.n
	case total:
		return t.sum, nil
	case name:
		return "", errBoom
	case lies:
		return "text", nil
	}
	return nil, nil
}

// P51: Call and Ask know the type of the reply that a message declares, through every kind of ref.
func TestTypedReply(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := spawn(t, sys, &till{})
		require.NoError(t, ref.Tell(ctx, pay{5}))
		var n int
		n, err := core.Call(ctx, ref, total{})
		checkNumber(t, 5, n, err)
		n, err = core.Call(ctx, ref.Any(), total{})
		checkNumber(t, 5, n, err)
		n, err = core.Ask(ctx, ref, total{}).Get(ctx)
		checkNumber(t, 5, n, err)
		n, err = core.Ask(ctx, ref.Any(), total{}).Get(ctx)
		checkNumber(t, 5, n, err)

		text, err := core.Call(ctx, ref, name{})
		assert.Same(t, errBoom, err)
		assert.Empty(t, text)
		fault, err := core.Call(ctx, ref, fault{})
		assert.NoError(t, err)
		assert.NoError(t, fault, "nil is a value of an interface type")
	})
}

// P51: a typed message that the actor does not take, and a reply of another type than declared, are errors.
func TestTypedReplyThatDoesNotFit(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := spawn(t, sys, &till{})
		_, err := core.Call(ctx, ref, loose{})
		assert.ErrorIs(t, err, core.ErrUnhandled)
		_, err = core.Ask(ctx, ref, loose{}).Get(ctx)
		assert.ErrorIs(t, err, core.ErrUnhandled)
		_, err = core.Call(ctx, ref.Any(), loose{})
		assert.ErrorIs(t, err, core.ErrUnhandled)
		_, err = core.Call(ctx, ref, lies{})
		require.ErrorIs(t, err, core.ErrInvalid)
		assert.ErrorContains(t, err, "reply is string, want int")
		_, err = core.Ask(ctx, ref, lies{}).Get(ctx)
		require.ErrorIs(t, err, core.ErrInvalid)
		assert.True(t, ref.Alive())
	})
}

// P51: As gives a reply its type, hands an error on as it is, and takes nil for any interface.
func TestAs(t *testing.T) {
	n, err := core.As[int](3, nil)
	checkNumber(t, 3, n, err)
	n, err = core.As[int](3, errBoom)
	assert.Same(t, errBoom, err)
	assert.Zero(t, n)
	_, err = core.As[int](nil, nil)
	assert.ErrorIs(t, err, core.ErrInvalid)
	_, err = core.As[int]("3", nil)
	assert.ErrorIs(t, err, core.ErrInvalid)
	e, err := core.As[error](nil, nil)
	assert.NoError(t, err)
	assert.NoError(t, e)
	v, err := core.As[any](nil, nil)
	assert.NoError(t, err)
	assert.Nil(t, v)
	e, err = core.As[error](errBoom, nil)
	assert.NoError(t, err)
	assert.True(t, errors.Is(e, errBoom))
}
