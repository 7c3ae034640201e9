package proxy

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// A bound is a method with its arguments, for one call.
type bound struct {
	at     place
	member *member
	in     []reflect.Value // the receiver, the context if the method takes one, the arguments
	few    [4]reflect.Value
}

var bounds = sync.Pool{New: func() any { return new(bound) }}

// free is for one that no actor will call any more.
func (b *bound) free() {
	*b = bound{}
	bounds.Put(b)
}

// bind finds the method and makes the arguments fit.
func (m Method) bind(args []any) (*bound, error) {
	member, at, err := m.of.findMethod(m.name)
	if err != nil {
		return nil, err
	}
	b := bounds.Get().(*bound)
	b.at, b.member = at, member
	b.in = append(b.few[:0], reflect.Value{})
	if member.takesContext {
		b.in = append(b.in, reflect.Value{})
	}
	return b, b.add(args)
}

// add adds the arguments.
func (b *bound) add(args []any) error {
	m := b.member
	first := len(b.in) - 1
	switch want := m.typ.NumIn() - first; {
	case m.typ.IsVariadic() && len(args) < want-1:
		return fmt.Errorf("%w: %d arguments for %q, which takes at least %d", core.ErrInvalid, len(args), m.name, want-1)
	case !m.typ.IsVariadic() && len(args) != want:
		return fmt.Errorf("%w: %d arguments for %q, which takes %d", core.ErrInvalid, len(args), m.name, want)
	}
	for i, arg := range args {
		v, ok := convert(arg, m.parameter(first+i))
		if !ok {
			return fmt.Errorf("%w: argument %d of %q is a %v, and %s does not fit", core.ErrInvalid, i+1, m.name, m.parameter(first+i), show(arg))
		}
		b.in = append(b.in, v)
	}
	return nil
}

// parameter is the type of the i-th argument.
func (m *member) parameter(i int) reflect.Type {
	if last := m.typ.NumIn() - 1; m.typ.IsVariadic() && i >= last {
		return m.typ.In(last).Elem()
	}
	return m.typ.In(i)
}

// call calls the method.
func (b *bound) call(ctx context.Context, actor any) (any, error) {
	f, err := b.function(actor)
	if err != nil {
		return nil, err
	}
	in := b.in
	if b.member.takesContext {
		in[1] = reflect.ValueOf(ctx)
	}
	if !in[0].IsValid() {
		in = in[1:]
	}
	return b.member.results(f.Call(in))
}

func (b *bound) invoke(ctx context.Context, actor any) (any, error) {
	v, err := b.call(ctx, actor)
	if err != nil {
		err = &failure[any]{v, err}
	}
	return v, err
}

// function is what is to be called; if that takes a receiver it is there.
func (b *bound) function(actor any) (reflect.Value, error) {
	v, err := b.at.object(actor)
	m := b.member
	switch {
	case err != nil:
		return v, err
	case m.function.IsValid():
		b.in[0] = v
		return m.function, nil
	case m.index == nil && v.IsNil():
		return v, fmt.Errorf("%w: method %q of a nil %v; it has to be set first", core.ErrInvalid, m.name, v.Type())
	case m.index == nil:
		return v.Method(m.method), nil
	}
	v, err = fieldOf(v, m)
	if err == nil && v.IsNil() {
		err = fmt.Errorf("%w: function %q is nil; it has to be set first", core.ErrInvalid, m.name)
	}
	return v, err
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
