package proxy_test

import (
	"context"
	"io"
	"log/slog"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/proxy"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// tally is an actor and, behind a proxy, a value with a method.
type tally struct{ N int }

func (c *tally) Receive(_ context.Context, n any) (any, error) { return c.Add(n.(int)) }

func (c *tally) Add(n int) (int, error) {
	c.N = (c.N + n) & 0x7f // small, so that the reply needs no box
	return c.N, nil
}

// A way is one way to have an idle actor add 1, and wait.
type way struct {
	name   string
	allocs float64 // of each call
	call   func(ctx context.Context, ref core.Ref[any], p proxy.Proxy[*tally]) error
}

var ways = []way{
	{"ref", 0, func(ctx context.Context, ref core.Ref[any], _ proxy.Proxy[*tally]) error {
		_, err := ref.Call(ctx, 1)
		return err
	}},
	{"ref_ask", 1, func(ctx context.Context, ref core.Ref[any], _ proxy.Proxy[*tally]) error {
		_, err := ref.Ask(ctx, 1).Get(ctx)
		return err
	}},
	{"typed", 0, func(ctx context.Context, _ core.Ref[any], p proxy.Proxy[*tally]) error {
		_, err := proxy.Call(ctx, p, func(_ context.Context, c *tally) (int, error) { return c.Add(1) })
		return err
	}},
	{"typed_get", 1, func(ctx context.Context, _ core.Ref[any], p proxy.Proxy[*tally]) error {
		_, err := proxy.Get(ctx, p, func(c *tally) *int { return &c.N })
		return err
	}},
	{"typed_ask", 4, func(ctx context.Context, _ core.Ref[any], p proxy.Proxy[*tally]) error {
		_, err := proxy.Ask(ctx, p, func(_ context.Context, c *tally) (int, error) { return c.Add(1) }).Get(ctx)
		return err
	}},
	{"generated", 1, func(ctx context.Context, _ core.Ref[any], p proxy.Proxy[*tally]) error {
		_, err := tallyProxy{p}.Add(ctx, 1)
		return err
	}},
	{"dynamic", 3, func(ctx context.Context, ref core.Ref[any], _ proxy.Proxy[*tally]) error {
		_, err := proxy.Dynamic(ref).Call(ctx, "Add", 1)
		return err
	}},
}

// tallyProxy is what the generator writes.
type tallyProxy struct{ proxy.Proxy[*tally] }

func (p tallyProxy) Add(ctx context.Context, n int) (int, error) {
	return proxy.Results[int](p.Ref().Call(ctx, core.Invoke(func(_ context.Context, v any) (any, error) {
		return proxy.Reply(v.(*tally).Add(n))
	})))
}

// What reflection itself takes is most of what a call by name does.
func BenchmarkReflect(b *testing.B) {
	v, one := reflect.ValueOf(&tally{}), reflect.ValueOf(1)
	add := v.Type().Method(0).Func
	b.ReportAllocs()
	for b.Loop() {
		add.Call([]reflect.Value{v, one})
	}
}

func BenchmarkCall(b *testing.B) {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New(), core.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	defer func() { _ = sys.Shutdown(ctx) }()
	p, err := proxy.Spawn(sys, &tally{})
	require.NoError(b, err)
	for _, w := range ways {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := w.call(ctx, p.Ref(), p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// What a call costs in allocations is what the package comment says.
func TestAllocations(t *testing.T) {
	if testkit.Race {
		t.Skip("the race detector allocates")
	}
	sys := testkit.System(t, testkit.Runtimes()[0])
	for _, w := range ways {
		p := spawn(t, sys, &tally{})
		testkit.Eventually(t, func() bool { return allocations(t, ways[0], p) == 0 }, "the actor to have started and be idle")
		assert.LessOrEqual(t, allocations(t, w, p), w.allocs, w.name)
	}
}

func allocations(t *testing.T, w way, p proxy.Proxy[*tally]) float64 {
	t.Helper()
	return testing.AllocsPerRun(100, func() { require.NoError(t, w.call(context.Background(), p.Ref(), p)) })
}
