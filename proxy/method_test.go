package proxy_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/proxy"
)

// P121: finding a method sends nothing; calling it does.
func TestMethod(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		m, err := car(t, sys).Method("Drive")
		require.NoError(t, err)
		assert.Zero(t, sys.Stats().Accepted)
		assert.Equal(t, Miles(10), value(t)(m.Call(ctx, 5)))
		assert.Equal(t, uint64(1), sys.Stats().Accepted)
	})
}

// P120, P121: Ask sends at once and gives the future of what the method
// returns.
func TestAskByName(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := spawn(t, sys, &Car{})
		o := proxy.Dynamic(p.Ref())
		release := busy(t, p)
		f, g := o.Ask(ctx, "Drive", 5), o.Ask(ctx, "Fail")
		select {
		case <-f.Done():
			t.Error("the future of a busy actor is done")
		default:
		}
		assert.NoError(t, o.Tell(ctx, "Rename", "Volvo"))
		release()
		assert.Equal(t, Miles(10), value(t)(f.Get(ctx)))
		assert.Equal(t, errOdd, failure(t)(g.Get(ctx)))
		assert.Equal(t, "Volvo", value(t)(o.Get(ctx, "Brand")))
		assert.ErrorIs(t, failure(t)(o.Ask(ctx, "Drive", "far").Get(ctx)), core.ErrInvalid)
	})
}

func TestResults(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		assert.Nil(t, value(t)(o.Call(ctx, "Nothing")))
		assert.Equal(t, []any{2, "two"}, value(t)(o.Call(ctx, "Two")))
		assert.Equal(t, []any{3, "three"}, value(t)(o.Call(ctx, "Three", true)))
		assert.Nil(t, value(t)(o.Call(ctx, "Rename", "Volvo")))
		assert.Equal(t, "Volvo", value(t)(o.Get(ctx, "Brand")))
	})
}

// P122: an error or a panic of the method comes out of the future, and so
// does an argument that does not fit; the actor carries on.
func TestMethodFails(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		assert.Equal(t, errOdd, failure(t)(o.Call(ctx, "Fail")))
		v, err := o.Call(ctx, "Drive", -1)
		assert.Equal(t, errOdd, err)
		assert.Equal(t, Miles(-1), v, "the value beside the error")
		var panicked *core.PanicError
		assert.ErrorAs(t, failure(t)(o.Call(ctx, "Crash")), &panicked)
		assert.ErrorIs(t, failure(t)(o.Call(ctx, "Drive")), core.ErrInvalid)
		assert.ErrorIs(t, failure(t)(o.Call(ctx, "Drive", "far")), core.ErrInvalid)
		assert.True(t, o.Ref().Alive())
	})
}

// P123: the error of a method that was told is the actor's failure; an
// argument that does not fit is the caller's.
func TestTellByName(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		assert.ErrorIs(t, o.Tell(ctx, "Rename", 1), core.ErrInvalid)
		assert.NoError(t, o.Tell(ctx, "Rename", "Volvo"))
		assert.Equal(t, "Volvo", value(t)(o.Get(ctx, "Brand")))
		assert.NoError(t, o.Tell(ctx, "Fail"))
		testkit.Wait(t, o.Ref().Done(), "the actor's failure")
		assert.Equal(t, errOdd, o.Ref().Err())
	})
}

func TestArguments(t *testing.T) {
	fits := []struct {
		name   string
		method string
		args   []any
	}{
		{"same_types", "Register", []any{Plate("A"), Labels{"x"}}},
		{"same_underlying_types", "Register", []any{"A", []string{"x"}}},
		{"float_to_int", "Drive", []any{3.0}},
		{"uint_to_int", "Drive", []any{uint64(3)}},
		{"int_to_float", "Half", []any{1, 2}},
		{"rounded_float", "Half", []any{float32(0.1), 0.1}},
		{"infinity", "Half", []any{math.Inf(1), math.Inf(-1)}},
		{"largest_uints", "Bits", []any{255, uint64(math.MaxUint64)}},
		{"float_to_uint", "Bits", []any{1.0, float64(1 << 63)}},
		{"nils", "Accept", []any{nil, nil, nil}},
		{"values_to_interfaces", "Accept", []any{1, errOdd, &Pump{}}},
		{"no_variadic", "Sum", []any{1}},
		{"variadic", "Sum", []any{1, 2, 3.0, int8(4)}},
	}
	misfits := []struct {
		name   string
		method string
		args   []any
		text   string
	}{
		{"too_few", "Register", []any{"A"}, `1 arguments for "Register", which takes 2`},
		{"too_many", "Register", []any{"A", nil, 1}, `3 arguments for "Register", which takes 2`},
		{"context", "Drive", []any{t.Context(), 1}, `2 arguments for "Drive", which takes 1`},
		{"none_for_variadic", "Sum", nil, `0 arguments for "Sum", which takes at least 1`},
		{"variadic_slice", "Sum", []any{1, []int64{2}}, `argument 2 of "Sum" is a int64, and a []int64 does not fit`},
		{"fraction", "Drive", []any{1.5}, `argument 1 of "Drive" is a proxy_test.Miles, and float64(1.5) does not fit`},
		{"int_to_string", "Register", []any{65, nil}, `int(65) does not fit`},
		{"string_to_int", "Drive", []any{"1"}, `string("1") does not fit`},
		{"bytes_to_string", "Register", []any{[]byte("A"), nil}, `a []uint8 does not fit`},
		{"nil_number", "Drive", []any{nil}, `nil does not fit`},
		{"negative_uint", "Bits", []any{-1, 0}, `int(-1) does not fit`},
		{"uint8_overflow", "Bits", []any{256, 0}, `int(256) does not fit`},
		{"uint64_overflow", "Bits", []any{0, float64(1<<63) * 2}, `does not fit`},
		{"int64_overflow", "Drive", []any{float64(1 << 63)}, `does not fit`},
		{"uint_above_int", "Drive", []any{uint64(1 << 63)}, `does not fit`},
		{"nan_to_int", "Drive", []any{math.NaN()}, `does not fit`},
		{"int_that_float_rounds", "Half", []any{1<<53 + 1, 0}, `does not fit`},
		{"maxint_to_float", "Half", []any{math.MaxInt64, 0}, `does not fit`},
		{"float32_overflow", "Half", []any{0, 1e300}, `does not fit`},
		{"complex", "Half", []any{complex(1, 0), 0}, `does not fit`},
		{"no_error", "Accept", []any{nil, "text", nil}, `does not fit`},
	}
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		for _, c := range fits {
			_, err := o.Call(ctx, c.method, c.args...)
			assert.NoError(t, err, c.name)
		}
		sent := sys.Stats().Accepted
		for _, c := range misfits {
			err := failure(t)(o.Call(ctx, c.method, c.args...))
			assert.ErrorIs(t, err, core.ErrInvalid, c.name)
			assert.ErrorContains(t, err, c.text, c.name)
		}
		assert.Equal(t, sent, sys.Stats().Accepted)
		assert.Equal(t, 10, value(t)(o.Call(ctx, "Sum", 1, 2, 3.0, int8(4))))
	})
}

// P135 does not apply: what a type offers is fixed. A type that offers one
// name twice by embedding offers it not at all, as in Go.
func TestAmbiguousNames(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		type left struct{ Side, Only int }
		type right struct{ Side int }
		type both struct {
			left
			*right
		}
		ctx := testkit.Context(t)
		o := proxy.Dynamic(spawn(t, sys, &both{}).Ref())
		assert.Equal(t, []string{"Only"}, o.Attributes())
		assert.NoError(t, o.Set(ctx, "Only", 2))
		assert.Equal(t, 2, value(t)(o.Get(ctx, "Only")))
	})
}

func TestNilEmbedded(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		type outer struct{ *Maker }
		ctx := testkit.Context(t)
		o := proxy.Dynamic(spawn(t, sys, &outer{}).Ref())
		assert.ErrorIs(t, failure(t)(o.Get(ctx, "Brand")), core.ErrInvalid)
		assert.Error(t, failure(t)(o.Call(ctx, "Rename", "x")))
		assert.True(t, o.Ref().Alive())
	})
}
