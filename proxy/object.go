package proxy

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/troupe-go/troupe/core"
)

// An Object is the value of an actor, or an object within it, whose exported
// methods and fields are used by name. It is a small value that can be
// copied, compared and used as a map key: two are equal if they are the same
// object of the same actor. It does not keep the value of an ended actor in
// memory. Its methods may be called from any goroutine.
//
// What an Object knows it knows from the type of the value alone. Nothing is
// asked of the actor to find a name, and no code of the value's runs, so it
// makes no difference that the actor is busy or has not started. Its hooks
// and Receive are not among the names.
type Object struct {
	ref  core.Ref[any]
	path string // the fields on the way from the actor's value, with dots
}

// Dynamic is the value of the actor, to be used by name.
func Dynamic[M any](ref core.Ref[M]) Object { return Object{ref: ref.Any()} }

// Ref is the actor's ref. It is of use when the actor is dead, too.
func (o Object) Ref() core.Ref[any] { return o.ref }

// String names the actor and the fields that lead to the object, in angle
// brackets.
func (o Object) String() string {
	if o.path == "" {
		return "<proxy of " + o.ref.String() + ">"
	}
	return "<proxy of " + o.ref.String() + " " + o.path + ">"
}

// GoString is String, for %#v.
func (o Object) GoString() string { return o.String() }

// Attributes are the names of the object's methods and fields, sorted. The
// zero Ref has none.
func (o Object) Attributes() []string {
	at, err := o.locate()
	if err != nil {
		return nil
	}
	return slices.Clone(at.shape.names)
}

// Field is the object in the named field. The type that has the field opts
// in with a tag:
//
//	Engine *Engine `actor:"traversable"`
//
// The field's type is a struct, a pointer to one, or an interface, whose
// methods alone it then has. What a method returns is never traversed. The
// error is [ErrNoAttribute] for a name that is unknown or has no tag,
// [core.ErrInvalid] for a tag on a field of another type, [core.ErrDead] for
// a dead actor. A field that is nil is found out by using the object in it.
func (o Object) Field(name string) (Object, error) {
	m, _, err := o.find(name)
	switch {
	case err != nil:
		return Object{}, err
	case !m.marked:
		return Object{}, o.noAttribute("%q has no tag `actor:\"traversable\"`", name)
	case !traversable(m.typ):
		return Object{}, fmt.Errorf("%w: tag of field %q, a %v: only structs, pointers to structs and interfaces are traversable", core.ErrInvalid, name, m.typ)
	case !o.ref.Alive():
		return Object{}, fmt.Errorf("%w: %v not found", core.ErrDead, o.ref)
	case o.path != "":
		name = o.path + "." + name
	}
	return Object{o.ref, name}, nil
}

// Get reads the named field, and waits for it. The error for an unknown name
// is [ErrNoAttribute], and then nothing is sent.
func (o Object) Get(ctx context.Context, field string) (any, error) {
	m, at, err := o.findField(field)
	if err != nil {
		return nil, err
	}
	return Call(ctx, o.value(), func(_ context.Context, v any) (any, error) {
		f, err := at.field(v, m)
		if err != nil {
			return nil, err
		}
		return f.Interface(), nil
	})
}

// Set writes the named field, and waits for it. The value is converted as an
// argument of [Method.Call] is. An unknown name, and a value that does not
// fit, are errors before anything is sent.
func (o Object) Set(ctx context.Context, field string, value any) error {
	m, at, err := o.findField(field)
	if err != nil {
		return err
	}
	converted, ok := convert(value, m.typ)
	if !ok {
		return fmt.Errorf("%w: field %q is a %v, and %s does not fit", core.ErrInvalid, field, m.typ, show(value))
	}
	_, err = Call(ctx, o.value(), func(_ context.Context, v any) (any, error) {
		f, err := at.field(v, m)
		if err != nil {
			return nil, err
		}
		if !f.CanSet() {
			return nil, fmt.Errorf("%w: field %q of a copy; the actor's value is a %T, and has to be a pointer", core.ErrInvalid, field, v)
		}
		f.Set(converted)
		return nil, nil
	})
	return err
}

func (o Object) findField(name string) (*member, place, error) {
	m, at, err := o.find(name)
	if err == nil && m.index == nil {
		err = o.noAttribute("%q is a method, no field", name)
	}
	return m, at, err
}

// value is the actor's value, of whatever type.
func (o Object) value() Proxy[any] { return Proxy[any]{ref: o.ref} }

// show is an argument in the text of an error. Only what is small and is no
// pointer is shown as it is: an actor may be at work on the rest.
func show(v any) string {
	switch reflect.ValueOf(v).Kind() {
	case reflect.Invalid:
		return "nil"
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint,
		reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64, reflect.String:
		return fmt.Sprintf("%T(%#v)", v, v)
	}
	return fmt.Sprintf("a %T", v)
}
