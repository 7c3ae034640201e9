package proxy

import (
	"context"
	"reflect"

	"github.com/troupe-go/troupe/core"
)

// A Method is a method of an [Object], or a field of a function type, to be
// called. It is a value that can be copied and compared.
type Method struct {
	of   Object
	name string
}

// Method finds a method by name; nothing is sent. The error for a name that
// is unknown, not exported, or no method's is [ErrNoAttribute].
func (o Object) Method(name string) (Method, error) {
	_, _, err := o.findMethod(name)
	if err != nil {
		return Method{}, err
	}
	return Method{o, name}, nil
}

// Call is [Method.Call] of the named method. An unknown name is an error
// before anything is sent.
func (o Object) Call(ctx context.Context, method string, args ...any) (any, error) {
	return Method{o, method}.Call(ctx, args...)
}

// Ask is [Method.Ask] of the named method. An unknown name fails the future
// at once, and nothing is sent.
func (o Object) Ask(ctx context.Context, method string, args ...any) core.Future[any] {
	return Method{o, method}.Ask(ctx, args...)
}

// Tell is [Method.Tell] of the named method. An unknown name is an error
// before anything is sent.
func (o Object) Tell(ctx context.Context, method string, args ...any) error {
	return Method{o, method}.Tell(ctx, args...)
}

// Call calls the method in the actor's turn, and waits. It returns what the
// method returned; an error or a panic of the method is the caller's, and the
// actor is none the worse for it. A method with no result but an error gives
// nil, one with several a []any.
//
// A first parameter of type context.Context is given the actor's context,
// and has no argument. The arguments after that fit as they would in Go, and
// besides:
//
//   - a number fits any numeric type but a complex one that can hold it; a
//     float may be rounded to a smaller float;
//   - a value fits a type of the same underlying type;
//   - nil fits what can be nil;
//   - each argument of a variadic parameter is one of its elements.
//
// If they do not fit, the error is [core.ErrInvalid], and nothing is sent.
func (m Method) Call(ctx context.Context, args ...any) (any, error) {
	b, err := m.bind(args)
	if err != nil {
		return nil, err
	}
	reply, err := call(ctx, m.of.ref, b)
	if err == nil { // the method has run; else the actor may still have b
		b.free()
	}
	return Results[any](reply, err)
}

// Ask is Call without waiting: the future has what Call would return.
func (m Method) Ask(ctx context.Context, args ...any) core.Future[any] {
	b, err := m.bind(args)
	if err != nil {
		return failed[any](err)
	}
	return future[any]{ask(ctx, m.of.ref, b)}
}

// Tell calls the method and wants no reply: an error of the method, or a
// panic, is the actor's failure, and its end. Arguments that do not fit are
// an error here, and nothing is sent.
func (m Method) Tell(ctx context.Context, args ...any) error {
	b, err := m.bind(args)
	if err != nil {
		return err
	}
	return m.of.ref.Tell(ctx, core.Invoke(b.call))
}

// String is the object and the method's name.
func (m Method) String() string { return m.of.String() + "." + m.name }

func (o Object) findMethod(name string) (*member, place, error) {
	m, at, err := o.find(name)
	if err == nil && m.typ.Kind() != reflect.Func {
		err = o.noAttribute("%q is a field, no method", name)
	}
	return m, at, err
}
