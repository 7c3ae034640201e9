// Package proxied has a type for every kind of method that a proxy can be
// generated for, and the proxies. The generator's own test makes them again
// and compares; the test here calls them.
package proxied

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"
)

//go:generate go run -C ../../cmd/troupegen . -dir ../../internal/proxied -type Kinds
//go:generate go run -C ../../cmd/troupegen . -dir ../../internal/proxied -type Shadows
//go:generate go run -C ../../cmd/troupegen . -dir ../../internal/proxied -type Stack
//go:generate go run -C ../../cmd/troupegen . -dir ../../internal/proxied -type Store
//go:generate go run -C ../../cmd/troupegen . -dir ../../internal/proxied -type Taken -name TakenActor -ask Later -tell Send -with Under -rename Later=Afterwards -rename Proxy=Other -rename String=String
//go:generate go run -C ../../cmd/troupegen . -dir ../../internal/proxied -type hidden
//go:generate go run -C ../../cmd/troupegen . -dir ../../internal/proxied -type io.ReadWriter
//go:generate go run -C ../../cmd/troupegen . -dir ../../internal/proxied -type io/fs.FS

// ErrEmpty is what methods here fail with.
var ErrEmpty = errors.New("empty")

// Kinds has methods of every kind of signature.
type Kinds struct {
	Log []string
	Inherited
}

// Inherited is embedded in Kinds.
type Inherited struct{ Count int }

// Bump is promoted to Kinds.
func (i *Inherited) Bump() int { i.Count++; return i.Count }

// Nothing takes and returns nothing.
//
//	It has a comment of several paragraphs,
//	the second of them as code.
func (k *Kinds) Nothing() { k.Log = append(k.Log, "nothing") }

// One returns one result and no error.
func (k *Kinds) One(n int) string { return strings.Repeat("x", n) }

// Several returns several results and no error; they have no names.
func (k *Kinds) Several() (int, string, []byte) { return 1, "two", []byte("three") }

// Error returns an error alone.
func (k *Kinds) Error(fail bool) error {
	if fail {
		return ErrEmpty
	}
	return nil
}

// ValueAndError returns (T, error), and with the error a value too.
func (k *Kinds) ValueAndError(n int) (int, error) {
	if n < 0 {
		return n, ErrEmpty
	}
	return 2 * n, nil
}

// Divide returns several results with names, and an error.
func (k *Kinds) Divide(a, b int) (quotient, rest int, err error) {
	if b == 0 {
		return 0, a, ErrEmpty
	}
	return a / b, a % b, nil
}

// Variadic takes any number of arguments.
func (k *Kinds) Variadic(prefix string, rest ...string) string {
	return prefix + strings.Join(rest, "")
}

// Context takes a context, which is the actor's.
func (k *Kinds) Context(ctx context.Context) (context.Context, error) { return ctx, nil }

// ContextAndVariadic takes a context, parameters without names, and some more.
func (k *Kinds) ContextAndVariadic(_ context.Context, _ int, more ...time.Duration) (sum time.Duration) {
	for _, d := range more {
		sum += d
	}
	return sum
}

// LateContext takes a context in another place, where it is a value.
func (k *Kinds) LateContext(n int, ctx context.Context) (bool, error) { return ctx == nil, nil }

// Composite has types of every composite kind.
func (k *Kinds) Composite(
	m map[fs.FileMode][]*io.PipeReader, c <-chan struct{ At time.Time }, f func(io.Reader, ...int) (n int, err error),
	a [2]any, e interface {
		fs.File
		Extra() error
	},
) *map[string]func() {
	return nil
}

func (k *Kinds) Undocumented() {}

func (k *Kinds) unexported() {}

// OnStart is a hook of the actor's, and no method of the proxy.
func (k *Kinds) OnStart(context.Context) error { k.unexported(); return nil }

// OnStop has not the signature of the hook.
func (k *Kinds) OnStop() {}

// Receive makes an actor of Kinds, and is no method of the proxy.
func (k *Kinds) Receive(_ context.Context, msg any) (any, error) { return msg, nil }

// Shadows has parameters named as things that the generated file uses.
type Shadows struct{ sum int }

// Sum adds up.
func (s *Shadows) Sum(p []byte, ctx, v, r, err, proxy, core, context, string, Shadows int) (int, error) {
	s.sum = copy(p, "hello") + ctx + v + r + err + proxy + core + context + string + Shadows
	return s.sum, nil
}

// A Stack is generic.
type Stack[E any, K interface {
	comparable
	~int | ~string
}] struct {
	elems []E
	Keys  map[K]int
}

// Push puts elements on top. Its receiver has another name for E.
func (s *Stack[T, K]) Push(elems ...T) { s.elems = append(s.elems, elems...) }

// Pop takes the top element off.
func (s *Stack[E, _]) Pop(ctx context.Context) (E, error) {
	var e E
	if len(s.elems) == 0 {
		return e, ErrEmpty
	}
	e, s.elems = s.elems[len(s.elems)-1], s.elems[:len(s.elems)-1]
	return e, nil
}

// Split returns several results.
func (s *Stack[E, K]) Split(key K) (top *E, rest map[K][]E) { return nil, map[K][]E{key: s.elems} }

// Store is an interface, which others serve.
type Store interface {
	io.Closer

	// Load reads the value of a key.
	Load(ctx context.Context, key string) (string, error)

	Save(ctx context.Context, key, value string) error // Save writes it.
	Len() int
}

// Taken has methods with the names that a proxy has for its own.
type Taken struct{ Name string }

func (t *Taken) Ask() string    { return "Ask of " + t.Name }
func (t *Taken) Tell() string   { return "Tell of " + t.Name }
func (t *Taken) With() string   { return "With of " + t.Name }
func (t *Taken) Proxy() string  { return "Proxy of " + t.Name }
func (t *Taken) String() string { return "String of " + t.Name }

// Later is renamed, and so is the view that -ask names.
func (t *Taken) Later(ctx context.Context) (string, error) { return "Later of " + t.Name, nil }

// hidden is unexported, and so is its proxy; it may use other such types.
type hidden struct{ n number }

type number int

func (h *hidden) Next(by number) (number, error) { h.n += by; return h.n, nil }
