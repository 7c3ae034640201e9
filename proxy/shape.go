package proxy

import (
	"context"
	"reflect"
	"slices"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// A shape is what a type offers by name. It never changes.
type shape struct {
	names   []string // sorted
	members map[string]*member
}

// A member is a method or a field.
type member struct {
	name         string
	typ          reflect.Type  // of the field, or of the function that is called
	index        []int         // of the field; nil for a method
	method       int           // its index
	function     reflect.Value // the method with its receiver as a parameter; not of an interface
	marked       bool          // the field has the tag
	takesContext bool          // the first parameter is a context
	fails        bool          // the last result is an error
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
	anyType     = reflect.TypeFor[any]()
)

// Types are few and live for ever, and so do their shapes. An actor's value
// has another than an object within one, whose methods are no hooks.
var actorShapes, objectShapes sync.Map // of reflect.Type to *shape

func shapeOf(typ reflect.Type, root bool) *shape {
	shapes := &objectShapes
	if root {
		shapes = &actorShapes
	}
	if s, ok := shapes.Load(typ); ok {
		return s.(*shape)
	}
	s, _ := shapes.LoadOrStore(typ, newShape(typ, root))
	return s.(*shape)
}

func newShape(typ reflect.Type, root bool) *shape {
	s := &shape{members: map[string]*member{}}
	for _, f := range fieldsOf(typ) {
		m := &member{name: f.Name, typ: f.Type, index: f.Index, marked: f.Tag.Get("actor") == "traversable"}
		s.add(m)
	}
	for i := range typ.NumMethod() {
		if m := typ.Method(i); m.IsExported() && !(root && isHook(typ, m)) {
			s.add(&member{name: m.Name, typ: withoutReceiver(typ, m.Type), method: i, function: m.Func})
		}
	}
	slices.Sort(s.names)
	return s
}

func (s *shape) add(m *member) {
	if m.typ.Kind() == reflect.Func {
		m.takesContext = m.typ.NumIn() > 0 && m.typ.In(0) == contextType && !(m.typ.IsVariadic() && m.typ.NumIn() == 1)
		m.fails = m.typ.NumOut() > 0 && m.typ.Out(m.typ.NumOut()-1) == errorType
	}
	s.names = append(s.names, m.name)
	s.members[m.name] = m
}

// fieldsOf are the exported fields of a struct, or of what typ points at,
// those of embedded structs included.
func fieldsOf(typ reflect.Type) []reflect.StructField {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return nil
	}
	return slices.DeleteFunc(reflect.VisibleFields(typ), func(f reflect.StructField) bool {
		found, ok := typ.FieldByName(f.Name) // which is not if the name is ambiguous
		return !f.IsExported() || !ok || !slices.Equal(found.Index, f.Index)
	})
}

// isHook reports whether core calls the method.
func isHook(typ reflect.Type, m reflect.Method) bool {
	switch m.Name {
	case "OnStart":
		return typ.Implements(reflect.TypeFor[core.Starter]())
	case "OnStop":
		return typ.Implements(reflect.TypeFor[core.Stopper]())
	case "OnFailure":
		return typ.Implements(reflect.TypeFor[core.FailureHandler]())
	case "Receive":
		f := withoutReceiver(typ, m.Type)
		return f.NumIn() == 2 && !f.IsVariadic() && f.In(0) == contextType &&
			f.NumOut() == 2 && f.Out(0) == anyType && f.Out(1) == errorType
	}
	return false
}

// withoutReceiver is the type of the function that a method is once it is
// bound; the methods of an interface have no receiver in theirs.
func withoutReceiver(typ, method reflect.Type) reflect.Type {
	if typ.Kind() == reflect.Interface {
		return method
	}
	in := make([]reflect.Type, 0, method.NumIn())
	for i := 1; i < method.NumIn(); i++ {
		in = append(in, method.In(i))
	}
	out := make([]reflect.Type, 0, method.NumOut())
	for i := range method.NumOut() {
		out = append(out, method.Out(i))
	}
	return reflect.FuncOf(in, out, method.IsVariadic())
}
