package proxy

import (
	"context"
	"fmt"
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

// Call is [Method.Call] of the named method. An unknown name fails the
// future at once, and nothing is sent.
func (o Object) Call(ctx context.Context, method string, args ...any) core.Future[any] {
	return Method{o, method}.Call(ctx, args...)
}

// Tell is [Method.Tell] of the named method.
func (o Object) Tell(ctx context.Context, method string, args ...any) error {
	return Method{o, method}.Tell(ctx, args...)
}

// Call calls the method in the actor's turn, and does not wait for it. What
// the method returns, an error or a panic included, is the future's, and the
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
// If they do not fit, the future fails with [core.ErrInvalid] at once, and
// nothing is sent.
func (m Method) Call(ctx context.Context, args ...any) core.Future[any] {
	f, err := m.bind(args)
	if err != nil {
		return failed[any](err)
	}
	return Ask(ctx, m.of.value(), f)
}

// Tell calls the method and wants no reply: an error of the method, or a
// panic, is the actor's failure, and its end. Arguments that do not fit are
// an error here, and nothing is sent.
func (m Method) Tell(ctx context.Context, args ...any) error {
	f, err := m.bind(args)
	if err != nil {
		return err
	}
	return Tell(ctx, m.of.value(), func(ctx context.Context, v any) error {
		_, err := f(ctx, v)
		return err
	})
}

// String is the object and the method's name.
func (m Method) String() string { return m.of.String() + "." + m.name }

// bind is the call with these arguments.
func (m Method) bind(args []any) (func(context.Context, any) (any, error), error) {
	member, at, err := m.of.findMethod(m.name)
	if err != nil {
		return nil, err
	}
	in, err := member.arguments(args)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, v any) (any, error) {
		f, err := at.function(v, member)
		if err != nil {
			return nil, err
		}
		if member.takesContext {
			in[0] = reflect.ValueOf(&ctx).Elem()
		}
		return member.results(f.Call(in))
	}, nil
}

func (o Object) findMethod(name string) (*member, place, error) {
	m, at, err := o.find(name)
	if err == nil && m.typ.Kind() != reflect.Func {
		err = o.noAttribute("%q is a field, no method", name)
	}
	return m, at, err
}

// arguments are those of a call, with room for the actor's context.
func (m *member) arguments(args []any) ([]reflect.Value, error) {
	in := make([]reflect.Value, 0, m.typ.NumIn()+len(args))
	if m.takesContext {
		in = append(in, reflect.Value{})
	}
	first := len(in)
	switch want := m.typ.NumIn() - first; {
	case m.typ.IsVariadic() && len(args) < want-1:
		return nil, fmt.Errorf("%w: %d arguments for %q, which takes at least %d", core.ErrInvalid, len(args), m.name, want-1)
	case !m.typ.IsVariadic() && len(args) != want:
		return nil, fmt.Errorf("%w: %d arguments for %q, which takes %d", core.ErrInvalid, len(args), m.name, want)
	}
	for i, arg := range args {
		v, ok := convert(arg, m.parameter(first+i))
		if !ok {
			return nil, fmt.Errorf("%w: argument %d of %q is a %v, and %s does not fit", core.ErrInvalid, i+1, m.name, m.parameter(first+i), show(arg))
		}
		in = append(in, v)
	}
	return in, nil
}

// parameter is the type of the i-th argument.
func (m *member) parameter(i int) reflect.Type {
	if last := m.typ.NumIn() - 1; m.typ.IsVariadic() && i >= last {
		return m.typ.In(last).Elem()
	}
	return m.typ.In(i)
}

// results make a reply of what the method returned.
func (m *member) results(out []reflect.Value) (any, error) {
	var err error
	if m.fails {
		last := len(out) - 1
		err, _ = out[last].Interface().(error)
		out = out[:last]
	}
	switch len(out) {
	case 0:
		return nil, err
	case 1:
		return out[0].Interface(), err
	}
	all := make([]any, len(out))
	for i, v := range out {
		all[i] = v.Interface()
	}
	return all, err
}
