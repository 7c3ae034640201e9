package core

import (
	"log/slog"
	"reflect"
	"runtime/debug"
	"strings"
)

// Spawn starts a as an actor of sys and returns its ref. It does not wait for
// OnStart; messages sent meanwhile are handled after it.
//
// The error is ErrInvalid for an actor, system, runtime or option that is nil
// or does not fit; ErrNameTaken; ErrShutdown; or whatever the runtime
// returned that refused the actor. In every case nothing has been started.
func Spawn[M any](sys *System, a Actor[M], opts ...Option) (Ref[M], error) {
	if isNil(a) || isNil(heldBy(a)) {
		return Ref[M]{}, invalid("nil actor; Spawn takes a value that handles messages, such as a pointer to a struct")
	}
	c, rt, err := newCell[M](sys, kindKeyOf(heldBy(a)), opts)
	if err != nil {
		return Ref[M]{}, err
	}
	c.hold(a)
	return launch(c, rt)
}

// SpawnNew is Spawn for an actor whose constructor needs its own ref. Messages
// sent to self from within newActor wait for the actor to start. An error or
// a panic of newActor is SpawnNew's error, and nothing is started.
//
// The result type of newActor is the actor's type, so it should be concrete.
func SpawnNew[M any, A Actor[M]](sys *System, newActor func(self Ref[M]) (A, error), opts ...Option) (Ref[M], error) {
	if newActor == nil {
		return Ref[M]{}, invalid("nil constructor; SpawnNew takes a function that makes the actor")
	}
	c, rt, err := newCell[M](sys, kindKey{typ: reflect.TypeFor[A]()}, opts)
	if err != nil {
		return Ref[M]{}, err
	}
	a, err := construct(c, newActor)
	if err != nil {
		return Ref[M]{}, err
	}
	c.hold(a)
	return launch(c, rt)
}

// construct calls newActor. If that comes to nothing, be it by the end of the
// goroutine, c is dismissed.
func construct[M any, A Actor[M]](c *cell[M], newActor func(Ref[M]) (A, error)) (a A, err error) {
	err = errGoexit
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{p, debug.Stack()}
		}
		if err != nil {
			c.dismiss(err)
		}
	}()
	a, err = newActor(Ref[M]{a: &c.actor})
	if err == nil && (isNil(a) || isNil(heldBy(a))) {
		err = invalid("the constructor returned a nil actor; it returns one, or an error")
	}
	return a, err
}

// newCell makes a cell that takes messages and is known to nobody. It counts
// as run, so that nobody wakes it, or runs its turn, before it has a Waker.
func newCell[M any](sys *System, key kindKey, opts []Option) (*cell[M], Runtime, error) {
	if sys == nil {
		return nil, nil, invalid("nil system; NewSystem makes one")
	}
	if sys.unfit != nil {
		return nil, nil, sys.unfit
	}
	o, err := collect(opts)
	if err != nil {
		return nil, nil, err
	}
	rt := o.runtime
	if rt == nil {
		rt = sys.runtime
	}
	if isNil(rt) {
		return nil, nil, invalid("nil runtime; NewSystem takes the one to run actors on")
	}
	b, err := newBox[M](o)
	if err != nil {
		return nil, nil, err
	}
	c := new(cell[M])
	c.self = c
	c.kind = sys.kind(key)
	c.phase = starting
	c.word.Store(booting | running | work)
	if o.quick {
		c.traits |= quickTrait
	}
	if b != nil {
		c.traits |= boxTrait
		c.extra().box = b
	}
	if o.name != "" {
		c.extra().name = o.name
	}
	return c, rt, nil
}

// launch makes c known, gives it to its runtime, and has its first turn
// called. Code of the user's that ends the goroutine leaves no actor behind
// that never runs.
func launch[M any](c *cell[M], rt Runtime) (ref Ref[M], err error) {
	err = errGoexit // unless place returns
	defer func() {
		if err != nil {
			c.dismiss(err)
		}
	}()
	if err = c.place(rt); err != nil {
		return ref, err
	}
	defer c.waker.Wake(nil)
	defer c.release()
	c.log(slog.LevelDebug, "actor starting")
	return Ref[M]{a: &c.actor}, nil
}

// place makes the actor known, and attaches it to its runtime.
func (c *cell[M]) place(rt Runtime) error {
	if err := c.kind.sys.add(&c.actor); err != nil {
		return err
	}
	waker, err := attach(rt, c)
	if err != nil {
		return err
	}
	c.waker = waker
	if _, ok := waker.(Inliner); ok {
		c.found |= inlineTrait
	}
	return nil
}

func attach(rt Runtime, loop Loop) (w Waker, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{p, debug.Stack()}
		}
	}()
	w, err = rt.Attach(loop)
	if err == nil && isNil(w) {
		err = invalid("runtime %T attached an actor and returned no Waker; Attach returns one, or an error", rt)
	}
	return w, err
}

// dismiss is the end of an actor that never ran.
func (c *cell[M]) dismiss(err error) {
	t := turn[M]{c: c, own: true}
	t.leave(exit{err: err})
	t.finish()
}

// kindKey is what the actors of a kind have in common.
type kindKey struct {
	typ  reflect.Type
	name string // of the function of Func
}

func kindKeyOf(a any) kindKey {
	k := kindKey{typ: reflect.TypeOf(a)}
	if f, ok := a.(interface{ funcName() string }); ok {
		k.name = f.funcName()
	}
	return k
}

// typeNameOf is the type's name as log records and refs have it: that of what
// a pointer points at, with its package.
func typeNameOf(k kindKey) string {
	if k.name != "" {
		return k.name
	}
	return strings.TrimLeft(k.typ.String(), "*")
}

func isNil(a any) bool {
	if a == nil {
		return true
	}
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan, reflect.Slice:
		return v.IsNil()
	}
	return false
}
