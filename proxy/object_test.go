package proxy_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/proxy"
)

func car(t *testing.T, sys *core.System) proxy.Object {
	t.Helper()
	return proxy.Dynamic(spawn(t, sys, &Car{Wheels: 4, Radio: dab{}}).Ref())
}

func field(t *testing.T, o proxy.Object, names ...string) proxy.Object {
	t.Helper()
	for _, name := range names {
		var err error
		o, err = o.Field(name)
		require.NoError(t, err)
	}
	return o
}

// value is the first result of a call that has to succeed.
func value(t *testing.T) func(any, error) any {
	return func(v any, err error) any {
		t.Helper()
		require.NoError(t, err)
		return v
	}
}

// failure is the error of a call that has to fail.
func failure(t *testing.T) func(any, error) error {
	return func(_ any, err error) error {
		t.Helper()
		require.Error(t, err)
		return err
	}
}

// P120, P124: fields are read and written by name, embedded ones too.
func TestGetAndSet(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		assert.Equal(t, 4, value(t)(o.Get(ctx, "Wheels")))
		assert.NoError(t, o.Set(ctx, "Wheels", 3.0))
		assert.NoError(t, o.Set(ctx, "Brand", Plate("Saab")))
		assert.Equal(t, 3, value(t)(o.Get(ctx, "Wheels")))
		assert.Equal(t, "Saab", value(t)(o.Get(ctx, "Brand")))
		assert.Nil(t, value(t)(o.Get(ctx, "Extra")))
		assert.ErrorIs(t, o.Set(ctx, "Wheels", "three"), core.ErrInvalid)
		assert.ErrorIs(t, o.Set(ctx, "Wheels", nil), core.ErrInvalid)
		assert.NoError(t, o.Set(ctx, "Tags", nil))
	})
}

func TestSetOfACopyByName(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := proxy.Dynamic(spawn(t, sys, holds{Inner: Pump{1}, Outer: &Pump{2}}).Ref())
		assert.ErrorIs(t, o.Set(ctx, "Outer", nil), core.ErrInvalid)
		assert.ErrorContains(t, o.Set(ctx, "Outer", nil), "has to be a pointer")
		assert.ErrorIs(t, field(t, o, "Inner").Set(ctx, "Pressure", 5), core.ErrInvalid)
		assert.NoError(t, field(t, o, "Outer").Set(ctx, "Pressure", 5), "behind a pointer")
		assert.Equal(t, []string{"Pressure"}, field(t, o, "Inner").Attributes())
		assert.Equal(t, []string{"Pressure", "Prime"}, field(t, o, "Outer").Attributes())
	})
}

type holds struct {
	Inner Pump  `actor:"traversable"`
	Outer *Pump `actor:"traversable"`
}

// P60, P125, P126: a name that is unknown, not exported or of the other kind
// fails at once, by any verb, and nothing is sent.
func TestUnknownNames(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		for name, text := range map[string]string{
			"Drvie":  `"Drvie"; did you mean "Drive"?`,
			"wheels": `"wheels"; did you mean "Wheels"?`,
			"plate":  `"plate"`,
			"Zzzzzz": `"Zzzzzz"`,
			"":       `""`,
		} {
			_, err := o.Method(name)
			_, err2 := o.Field(name)
			for _, err := range []error{
				err, err2, o.Tell(ctx, name), o.Set(ctx, name, 1),
				failure(t)(o.Call(ctx, name)), failure(t)(o.Get(ctx, name)),
				failure(t)(o.Ask(ctx, name).Get(ctx)),
			} {
				assert.ErrorIs(t, err, proxy.ErrNoAttribute)
				assert.ErrorContains(t, err, "<proxy of proxy_test.Car (urn:uuid:")
				assert.True(t, len(text) > 9 || err.Error()[len(err.Error())-len(text):] == text, "%v", err)
				assert.ErrorContains(t, err, text)
			}
		}
		assert.ErrorIs(t, o.Tell(ctx, "Wheels"), proxy.ErrNoAttribute)
		assert.ErrorIs(t, o.Set(ctx, "Drive", 1), proxy.ErrNoAttribute)
		assert.ErrorIs(t, failure(t)(o.Get(ctx, "Drive")), proxy.ErrNoAttribute)
		assert.Zero(t, sys.Stats().Accepted)
	})
}

// P128, P129, P131: fields with the tag are objects, whose methods run in the
// actor's turn, to any depth; fields without it, and what methods return,
// are plain values.
func TestFields(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		assert.NoError(t, o.Set(ctx, "Engine", Engine{Power: 10, Pump: &Pump{}}))
		assert.Equal(t, 15, value(t)(field(t, o, "Engine").Call(ctx, "Tune", 5)))
		assert.Equal(t, 1, value(t)(field(t, o, "Engine", "Pump").Call(ctx, "Prime")))
		assert.Equal(t, 1, value(t)(field(t, o, "Engine", "Pump").Get(ctx, "Pressure")))
		assert.Equal(t, "playing Waterloo", value(t)(field(t, o, "Radio").Call(ctx, "Play", "Waterloo")))

		_, err := o.Field("Spare")
		assert.ErrorIs(t, err, proxy.ErrNoAttribute)
		assert.Equal(t, Engine{}, value(t)(o.Get(ctx, "Spare")))
		assert.Equal(t, &Engine{Power: 9}, value(t)(o.Call(ctx, "MakeEngine")))
	})
}

// P130: a tag on a field that cannot hold an object is refused.
func TestTagOnANumber(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		_, err := car(t, sys).Field("Wrong")
		assert.ErrorIs(t, err, core.ErrInvalid)
		assert.ErrorContains(t, err, `"Wrong", a int`)
	})
}

// P136: what is nil on the way is found out by the actor.
func TestNilFields(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		assert.ErrorIs(t, failure(t)(field(t, o, "Trailer").Get(ctx, "Power")), core.ErrInvalid)
		assert.ErrorContains(t, failure(t)(field(t, o, "Trailer").Get(ctx, "Power")), "that has to be set first")
		assert.ErrorIs(t, failure(t)(field(t, o, "Engine", "Pump").Get(ctx, "Pressure")), core.ErrInvalid)
		assert.ErrorIs(t, failure(t)(field(t, o, "Trailer", "Pump").Call(ctx, "Prime")), core.ErrInvalid)
		assert.ErrorIs(t, failure(t)(o.Call(ctx, "OnHonk", 3)), core.ErrInvalid)
		assert.ErrorContains(t, failure(t)(o.Call(ctx, "OnHonk", 3)), "is nil; it has to be set first")
		require.NoError(t, o.Set(ctx, "Radio", nil))
		assert.ErrorIs(t, failure(t)(field(t, o, "Radio").Call(ctx, "Play", "")), core.ErrInvalid)
		assert.ErrorContains(t, failure(t)(field(t, o, "Radio").Call(ctx, "Play", "")), "it has to be set first")
		assert.ErrorIs(t, field(t, o, "Next").Set(ctx, "Wheels", 3), core.ErrInvalid)
		assert.True(t, o.Ref().Alive())
	})
}

// P132: a field of a function type is a field and can be called.
func TestFunctionField(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		o := car(t, sys)
		require.NoError(t, o.Set(ctx, "OnHonk", func(times int) string { return "honk"[:times] }))
		assert.Equal(t, "ho", value(t)(o.Call(ctx, "OnHonk", 2)))
		assert.Equal(t, "ho", value(t)(o.Get(ctx, "OnHonk")).(func(int) string)(2))
	})
}

// P140: types that lead back to themselves are followed as far as one asks.
func TestCyclicTypes(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		loop := &Car{Wheels: 4}
		loop.Next = loop
		o := field(t, proxy.Dynamic(spawn(t, sys, loop).Ref()), "Next", "Next", "Next")
		assert.Equal(t, 4, value(t)(o.Get(ctx, "Wheels")))
		assert.NotEmpty(t, o.Attributes())
	})
}

// P142, P147: objects are equal if actor and path are; they are values.
func TestObjectEquality(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		o, other := car(t, sys), car(t, sys)
		seen := map[proxy.Object]bool{field(t, o, "Engine"): true}
		assert.True(t, seen[field(t, o, "Engine")])
		assert.False(t, seen[o] || seen[field(t, other, "Engine")] || seen[field(t, o, "Trailer")])
		assert.True(t, o == proxy.Dynamic(o.Ref()) && o != other)
		m, err := o.Method("Drive")
		require.NoError(t, err)
		same, err := o.Method("Drive")
		require.NoError(t, err)
		assert.True(t, m == same)
	})
}

// P143: an object reads as a proxy, with type, URN and path.
func TestObjectString(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		o := car(t, sys)
		assert.Equal(t, "<proxy of proxy_test.Car ("+o.Ref().URN()+")>", o.String())
		assert.Equal(t, "<proxy of proxy_test.Car ("+o.Ref().URN()+") Engine.Pump>", field(t, o, "Engine", "Pump").String())
		m, err := o.Method("Drive")
		require.NoError(t, err)
		assert.Equal(t, o.String()+".Drive", m.String())
		assert.Equal(t, "<proxy of zero Ref>", proxy.Object{}.GoString())
	})
}

// P144, P146: attributes are sorted, each there once, relative to the object,
// and core's own methods are not among them.
func TestAttributes(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		o := car(t, sys)
		assert.Equal(t, []string{
			"Accept", "Bits", "Brand", "Crash", "Doors", "Drive", "Engine", "Extra", "Fail", "Half", "MakeEngine", "Maker",
			"Mu", "Next", "Nothing", "OnHonk", "Owner", "Radio", "Register", "Rename", "Spare", "Sum", "Tags", "Three",
			"Trailer", "Two", "Weight", "Wheels", "Wrong",
		}, o.Attributes())
		assert.Equal(t, []string{"Power", "Pump", "Tune"}, field(t, o, "Engine").Attributes())
		assert.Equal(t, []string{"Play"}, field(t, o, "Radio").Attributes())
		assert.Empty(t, proxy.Object{}.Attributes())

		o.Attributes()[0] = "changed"
		assert.Equal(t, "Accept", o.Attributes()[0])
	})
}

// Methods that only look like core's are the value's own.
func TestLikeHooks(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		o := proxy.Dynamic(spawn(t, sys, likeHooks{}).Ref())
		assert.Equal(t, []string{"OnFailure", "OnStart", "OnStop", "Receive"}, o.Attributes())
	})
}

type likeHooks struct{}

func (likeHooks) OnStart() error                        { return nil }
func (likeHooks) OnStop(context.Context)                {}
func (likeHooks) OnFailure(error)                       {}
func (likeHooks) Receive(context.Context, string) error { return nil }

// P148: unknown names of a dead actor are still unknown; everything else
// fails as dead, by Tell, Set and Field at once.
func TestDeadObject(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		for _, o := range []proxy.Object{{}, proxy.Dynamic(dead(t, sys, &Car{}).Ref())} {
			assert.ErrorIs(t, failure(t)(o.Call(ctx, "Drive", 1)), core.ErrDead)
			assert.ErrorIs(t, failure(t)(o.Get(ctx, "Wheels")), core.ErrDead)
			assert.ErrorIs(t, o.Tell(ctx, "Drive", 1), core.ErrDead)
			assert.ErrorIs(t, o.Set(ctx, "Wheels", 1), core.ErrDead)
			_, err := o.Field("Engine")
			assert.ErrorIs(t, err, core.ErrDead)
			if o != (proxy.Object{}) {
				assert.ErrorIs(t, failure(t)(o.Get(ctx, "Whels")), proxy.ErrNoAttribute)
			}
		}
	})
}

// P139: a field that holds a proxy or a ref is a plain value.
func TestProxyInAField(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		p := spawn(t, sys, &friend{})
		o := proxy.Dynamic(p.Ref())
		require.NoError(t, o.Set(ctx, "Other", p))
		assert.Equal(t, p, value(t)(o.Get(ctx, "Other")))
		_, err := o.Field("Other")
		assert.ErrorIs(t, err, proxy.ErrNoAttribute)
	})
}

// P182: the package has an error of its own for names, and core's for the rest.
func TestErrNoAttribute(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		err := failure(t)(car(t, sys).Call(testkit.Context(t), "Wheel"))
		assert.ErrorIs(t, err, proxy.ErrNoAttribute)
		assert.NotErrorIs(t, err, core.ErrInvalid)
		assert.NotErrorIs(t, err, core.ErrUnhandled)
	})
}
