package proxy_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/proxy"
)

// P118: Spawn and Of give equal proxies; Of refuses the ref of a dead actor.
func TestOf(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		same, err := proxy.Of[*Counter](p.Ref())
		require.NoError(t, err)
		assert.Equal(t, p, same)

		for _, ref := range []core.Ref[any]{{}, dead(t, sys, &Counter{}).Ref()} {
			_, err = proxy.Of[*Counter](ref)
			assert.ErrorIs(t, err, core.ErrDead)
		}
	})
}

func TestOfWrongType(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		_, err := proxy.Of[*testing.B](p.Ref())
		assert.ErrorIs(t, err, core.ErrInvalid)
		assert.ErrorContains(t, err, "is a *proxy_test.Counter, no *testing.B")
		_, err = proxy.Of[Counter](p.Ref())
		assert.ErrorContains(t, err, "is a *proxy_test.Counter, no proxy_test.Counter")
		_, err = proxy.Of[error](p.Ref())
		assert.ErrorContains(t, err, "no error")
	})
}

// P119: a proxy of a busy actor is made without a message to it.
func TestOfBusy(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		release := busy(t, p)
		before := sys.Stats().Accepted
		_, err := proxy.Of[*Counter](p.Ref())
		assert.NoError(t, err)
		assert.Equal(t, []string{"Add", "N", "Odd", "Panic", "Quit", "String"}, proxy.Dynamic(p.Ref()).Attributes())
		assert.Equal(t, before, sys.Stats().Accepted)
		release()
	})
}

// P119, P141: a constructor can make a proxy of the actor that it constructs;
// what is sent through it waits for the actor to start.
func TestOfUnstarted(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref, err := core.SpawnNew(sys, func(self core.Ref[string]) (*parrot, error) {
			p, err := proxy.Of[*parrot](self)
			if err != nil {
				return nil, err
			}
			return &parrot{}, proxy.Tell(ctx, p, func(_ context.Context, p *parrot) error {
				p.said = append(p.said, "told by the constructor")
				return nil
			})
		})
		require.NoError(t, err)
		said, err := ref.Call(ctx, "hello")
		assert.NoError(t, err)
		assert.Equal(t, []string{"started", "told by the constructor", "hello"}, said)
	})
}

// A parrot is an actor of its own kind of message.
type parrot struct{ said []string }

func (p *parrot) OnStart(context.Context) error {
	p.said = append(p.said, "started")
	return nil
}

func (p *parrot) Receive(_ context.Context, msg string) (any, error) {
	p.said = append(p.said, msg)
	return p.said, nil
}

// P134: a fake behind an interface is called like the original.
func TestFake(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for _, v := range []adder{&Counter{}, fakeAdder{}} {
			p := spawn(t, sys, v)
			n, err := proxy.Call(testkit.Context(t), p, func(ctx context.Context, a adder) (int, error) { return a.Add(ctx, 7) })
			assert.NoError(t, err)
			assert.Equal(t, 7, n)
			_, err = proxy.Of[adder](p.Ref())
			assert.NoError(t, err)
		}
	})
}

type fakeAdder struct{}

func (fakeAdder) Add(_ context.Context, n int) (int, error) { return n, nil }

// P127, P138: making a proxy runs no code of the value's and compares nothing.
func TestSpawnTouchesNothing(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, touchy{f: []func(){nil}})
		assert.NotEmpty(t, p.String())
		assert.NotEmpty(t, proxy.Dynamic(p.Ref()).String())
		assert.NotPanics(t, func() { proxy.Dynamic(p.Ref()).Attributes() })
	})
}

// touchy panics when it is looked at, and cannot be compared.
type touchy struct{ f []func() }

func (touchy) String() string   { panic("String") }
func (touchy) GoString() string { panic("GoString") }
func (touchy) Equal(any) bool   { panic("Equal") }

// P142: proxies are equal if they stand for one actor, and serve as map keys.
func TestEquality(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p, q := spawn(t, sys, &Counter{}), spawn(t, sys, &Counter{})
		same, err := proxy.Of[*Counter](p.Ref())
		require.NoError(t, err)
		seen := map[proxy.Proxy[*Counter]]int{p: 1, q: 2}
		assert.True(t, p == same && p != q && p != proxy.Proxy[*Counter]{})
		assert.Equal(t, 1, seen[same])
		assert.False(t, any(p) == any(p.Ref()) || any(p) == any(proxy.Dynamic(p.Ref())))
	})
}

// P143: a proxy reads as one, with the type and the URN of its actor.
func TestString(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		want := "<proxy of proxy_test.Counter (" + p.Ref().URN() + ")>"
		assert.Equal(t, want, p.String())
		assert.Equal(t, want, fmt.Sprintf("%#v", p))
		assert.Equal(t, "<proxy of zero Ref>", proxy.Proxy[*Counter]{}.String())
	})
}

// P145: the ref of a proxy is there without a message, and after the end.
func TestRef(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := spawn(t, sys, &Counter{})
		release := busy(t, p)
		assert.True(t, p.Ref().Alive())
		release()
		ref := p.Ref()
		_, err := ref.Stop(testkit.Context(t))
		assert.NoError(t, err)
		assert.Equal(t, ref, p.Ref())
		assert.False(t, p.Ref().Alive())
	})
}

func TestSpawnRefuses(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		_, err := proxy.Spawn[*Counter](sys, nil)
		assert.ErrorIs(t, err, core.ErrInvalid)
		_, err = proxy.Spawn[adder](sys, nil)
		assert.ErrorIs(t, err, core.ErrInvalid)
		_, err = proxy.Spawn(nil, &Counter{})
		assert.ErrorIs(t, err, core.ErrInvalid)
		_, err = proxy.Spawn(sys, &Counter{}, core.Named(""))
		assert.ErrorIs(t, err, core.ErrInvalid)
	})
}

func TestSpawnActor(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		reply, err := spawn(t, sys, echo{}).Ref().Call(ctx, "hello")
		assert.NoError(t, err)
		assert.Equal(t, "hello", reply)
		_, err = spawn(t, sys, &Counter{}).Ref().Call(ctx, "hello")
		assert.ErrorIs(t, err, core.ErrUnhandled)
	})
}

type echo struct{}

func (echo) Receive(_ context.Context, msg any) (any, error) { return msg, nil }

// P149: a proxy does not keep the value of an ended actor in memory.
func TestDeadValueIsCollected(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		collected := make(chan struct{})
		v := &Counter{}
		runtime.AddCleanup(v, func(done chan struct{}) { close(done) }, collected)
		p := spawn(t, sys, v)
		o := proxy.Dynamic(p.Ref())
		_, err := proxy.Set(testkit.Context(t), p, fieldN, 1), error(nil)
		require.NoError(t, err)
		_, err = p.Ref().Stop(testkit.Context(t))
		require.NoError(t, err)
		testkit.Wait(t, p.Ref().Done(), "the actor's end")
		testkit.Eventually(t, func() bool {
			runtime.GC()
			select {
			case <-collected:
				return true
			default:
				return false
			}
		}, "the value to be collected")
		assert.False(t, p.Ref().Alive())
		assert.Contains(t, o.String(), "Counter")
	})
}
