package proxy

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/troupe-go/troupe/core"
)

// A place is where in an actor's value an object is, and what it offers.
type place struct {
	shape *shape
	steps []step
}

// A step leads from an object to one in a field of it.
type step struct {
	field *member
	addr  bool // to its address, so that it has the methods of a pointer
}

// locate finds the object's place by the type of the actor's value.
func (o Object) locate() (place, error) {
	typ := o.ref.Type()
	if typ == nil {
		return place{}, fmt.Errorf("%w: %v not found", core.ErrDead, o.ref)
	}
	at := place{shape: shapeOf(typ, true)}
	if o.path == "" {
		return at, nil
	}
	for name := range strings.SplitSeq(o.path, ".") {
		f := at.shape.members[name]
		s := step{f, f.typ.Kind() == reflect.Struct && addressable(typ, f.index)}
		if typ = f.typ; s.addr {
			typ = reflect.PointerTo(typ)
		}
		at.shape, at.steps = shapeOf(typ, false), append(at.steps, s)
	}
	return at, nil
}

// addressable reports whether a field of a value of type typ is behind a
// pointer.
func addressable(typ reflect.Type, index []int) bool {
	for _, i := range index {
		if typ.Kind() == reflect.Pointer {
			return true
		}
		typ = typ.Field(i).Type
	}
	return false
}

// traversable reports whether a field of type typ can hold an object.
func traversable(typ reflect.Type) bool {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
		return typ.Kind() == reflect.Struct
	}
	return typ.Kind() == reflect.Struct || typ.Kind() == reflect.Interface
}

// find finds a member of the object by name.
func (o Object) find(name string) (*member, place, error) {
	at, err := o.locate()
	if err != nil {
		return nil, at, err
	}
	m, ok := at.shape.members[name]
	if !ok {
		return nil, at, o.noAttribute("%q%s", name, suggest(name, at.shape.names))
	}
	return m, at, nil
}

// object is the object here, in the actor's value.
func (at place) object(actor any) (reflect.Value, error) {
	v := reflect.ValueOf(actor)
	for _, s := range at.steps {
		f, err := fieldOf(v, s.field)
		if err != nil {
			return v, err
		}
		if v = f; s.addr {
			v = v.Addr()
		}
	}
	return v, nil
}

// field is the field m of the object here.
func (at place) field(actor any, m *member) (reflect.Value, error) {
	v, err := at.object(actor)
	if err != nil {
		return v, err
	}
	return fieldOf(v, m)
}

func fieldOf(v reflect.Value, m *member) (reflect.Value, error) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return v, fmt.Errorf("%w: field %q of a nil %v; that has to be set first", core.ErrInvalid, m.name, v.Type())
		}
		v = v.Elem()
	}
	f, err := v.FieldByIndexErr(m.index)
	if err != nil {
		return f, fmt.Errorf("%w: field %q: %v", core.ErrInvalid, m.name, err)
	}
	return f, nil
}
