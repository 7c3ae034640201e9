package proxy_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/proxy"
)

var errOdd = errors.New("odd")

// Counter is the value behind most proxies here; it knows nothing of actors.
type Counter struct {
	N      int
	failed error
}

func (c *Counter) Add(_ context.Context, n int) (int, error) {
	c.N += n
	return c.N, nil
}

func (c *Counter) Odd() (int, error) { return c.N, errOdd }

func (c *Counter) Panic() { panic("bug") }

func (c *Counter) Quit() (int, error) { return c.N, core.ErrStop }

func (c *Counter) OnFailure(_ context.Context, err error) { c.failed = err }

func (c *Counter) String() string { panic("String of the live value") }

// adder is what a Counter is to code that wants no more of it.
type adder interface {
	Add(ctx context.Context, n int) (int, error)
}

func spawn[T any](t *testing.T, sys *core.System, v T) proxy.Proxy[T] {
	t.Helper()
	p, err := proxy.Spawn(sys, v)
	require.NoError(t, err)
	return p
}

// dead is the proxy of an actor that has ended.
func dead[T any](t *testing.T, sys *core.System, v T) proxy.Proxy[T] {
	t.Helper()
	p := spawn(t, sys, v)
	_, err := p.Ref().Stop(testkit.Context(t))
	require.NoError(t, err)
	return p
}

// busy has the actor wait in a turn until release is called.
func busy[T any](t *testing.T, p proxy.Proxy[T]) (release func()) {
	t.Helper()
	gate, inside := testkit.NewGate(t), make(chan struct{})
	require.NoError(t, proxy.Tell(testkit.Context(t), p, func(ctx context.Context, _ T) error {
		close(inside)
		core.Blocking(ctx, gate.Pass)
		return nil
	}))
	testkit.Wait(t, inside, "the actor to be busy")
	return gate.Open
}

func add(n int) func(context.Context, *Counter) (int, error) {
	return func(ctx context.Context, c *Counter) (int, error) { return c.Add(ctx, n) }
}

func fieldN(c *Counter) *int { return &c.N }
