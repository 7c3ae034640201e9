package core

import (
	"context"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc/panics"
)

// An actor is the context of its own handlers: one for all its turns, usable
// by any goroutine. It says who is asking, which is a hint and no proof: a
// handler may give it to goroutines and derive other contexts from it.
//
// Its end, and what is derived from it, are kept by a context of the standard
// library that is made when somebody first looks for them. Derivation then
// finds that context through Value, and starts no goroutine.
var _ context.Context = (*actor)(nil)

type callerKey struct{}

func (a *actor) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

func (a *actor) Done() <-chan struct{} { return a.lifetime().Done() }

func (a *actor) Err() error {
	if life := a.knownLifetime(); life != nil {
		return life.Context.Err()
	}
	return nil
}

func (a *actor) Value(key any) any {
	if _, ok := key.(callerKey); ok {
		return a
	}
	if life := a.knownLifetime(); life != nil {
		return life.Context.Value(key)
	}
	return nil
}

// A lifetime is the standard library's context behind an actor's.
type lifetime struct {
	context.Context
	end context.CancelCauseFunc
}

// lifeOver is that of an actor that ended before anybody looked at its
// context.
var lifeOver = func() *lifetime {
	life := newLifetime()
	life.end(nil)
	return life
}()

func newLifetime() *lifetime {
	ctx, end := context.WithCancelCause(context.Background())
	return &lifetime{ctx, end}
}

// knownLifetime is nil until somebody has looked, or the actor has ended.
func (a *actor) knownLifetime() *lifetime {
	if x := a.ext.Load(); x != nil {
		return x.life.Load()
	}
	return nil
}

func (a *actor) lifetime() *lifetime {
	if life := a.knownLifetime(); life != nil {
		return life
	}
	life := newLifetime()
	x := a.extra()
	if !x.life.CompareAndSwap(nil, life) {
		life.end(nil)
		return x.life.Load()
	}
	return life
}

// endLife ends the actor's context; a nil cause is that it has stopped.
func (a *actor) endLife(cause error) {
	if cause == nil && a.extra().life.CompareAndSwap(nil, lifeOver) {
		return
	}
	a.lifetime().end(cause)
}

// callerOf is the actor that ctx belongs to, by its own word, or nil.
func callerOf(ctx context.Context) *actor {
	if ctx == nil {
		return nil
	}
	if a, ok := ctx.(*actor); ok {
		return a
	}
	a, _ := ctx.Value(callerKey{}).(*actor)
	return a
}

// wakerOf is the hint by for Wake.
func wakerOf(ctx context.Context) Waker {
	if a := callerOf(ctx); a != nil {
		return a.waker
	}
	return nil
}

// Self is the ref of the actor that ctx belongs to. It is the zero Ref, which
// is dead, if ctx belongs to none, so that a test may call Receive with any
// context. It panics if that actor does not take messages of type M.
func Self[M any](ctx context.Context) Ref[M] {
	a := callerOf(ctx)
	if a == nil {
		return Ref[M]{}
	}
	ref, err := Narrow[M](Ref[any]{a: a})
	if err != nil {
		panic(err)
	}
	return ref
}

// SystemOf is the system of the actor that ctx belongs to, or nil.
func SystemOf(ctx context.Context) *System {
	if a := callerOf(ctx); a != nil {
		return a.kind.sys
	}
	return nil
}

// Logger is the logger of the actor that ctx belongs to, with its identity in
// every record; slog.Default if ctx belongs to none.
func Logger(ctx context.Context) *slog.Logger {
	if a := callerOf(ctx); a != nil {
		return a.kind.sys.logger.With(a.logAttrs()...)
	}
	return slog.Default()
}

// Detach returns the context that ctx would be outside any actor: it ends
// when ctx does and has its values, but a send or a wait with it is nobody's.
// A goroutine or a timer that a handler starts uses it to call actors without
// being taken for the handler. Detach of a nil context is nil, which every verb
// refuses.
func Detach(ctx context.Context) context.Context {
	if ctx == nil {
		return nil
	}
	return detached{ctx}
}

type detached struct{ context.Context }

func (d detached) Value(key any) any {
	if _, ok := key.(callerKey); ok {
		return nil
	}
	return d.Context.Value(key)
}

// Blocking runs f, which may block, and meanwhile lets the runtime run other
// actors in the place of the one that ctx belongs to. Where the runtime's
// turns share something, f runs on a goroutine of its own; a panic of f comes
// out of Blocking all the same. For a ctx that belongs to no actor it calls f.
func Blocking(ctx context.Context, f func()) {
	a := callerOf(ctx)
	if a == nil {
		f()
		return
	}
	if _, ok := a.waker.(Parker); !ok {
		f()
		return
	}
	runParked(a, f)
}

// runParked runs f on another goroutine while the actor's turn is parked.
func runParked(a *actor, f func()) {
	p := newParking(a, nil)
	b := new(blockedCall)
	go b.run(f, p)
	for !b.settled() {
		p.wait(context.Background())
	}
	if !b.returned {
		runtime.Goexit() // as f did
	}
	if b.panicked != nil {
		a.extra().relayed.Store(b.panicked)
		panic(b.panicked.Value)
	}
}

// stackOf is the stack of the panic with the value p that is being recovered:
// where f of Blocking panicked, if it comes from there.
func (a *actor) stackOf(p any) []byte {
	if x := a.ext.Load(); x != nil {
		r := x.relayed.Swap(nil)
		if r != nil && quietly(func() bool { return r.Value == p }) {
			return r.Stack
		}
	}
	return debug.Stack()
}

type blockedCall struct {
	done     atomic.Bool
	returned bool
	panicked *panics.Recovered
}

func (b *blockedCall) settled() bool { return b.done.Load() }

func (b *blockedCall) run(f func(), p *Parking) {
	defer func() {
		b.done.Store(true)
		p.unpark()
	}()
	b.panicked = panics.Try(f)
	b.returned = true
}
