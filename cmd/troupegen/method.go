package main

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
)

// A method is one of the type's, as the template needs it.
type method struct {
	Name         string // in the proxy
	Calls        string // in the type
	Doc          []string
	TakesContext bool
	Fails        bool // the last result is an error
	names
	file     *file
	params   []parameter // without the context
	variadic bool
	values   []value // the results without the error
	results  string  // the type that holds the values, if there are several
}

type parameter struct{ name, typ string }

// A value is a result that is not the error.
type value struct{ Field, Type string }

// newMethod is fn, with another name if rename has one for it.
func (f *file) newMethod(fn *types.Func, rename map[string]string) (*method, error) {
	s := fn.Signature()
	if err := f.check(s); err != nil {
		return nil, err
	}
	m := &method{
		Name: fn.Name(), Calls: fn.Name(), TakesContext: takesContext(s), Fails: returnsError(s),
		file: f, variadic: s.Variadic(),
	}
	if name, ok := rename[m.Calls]; ok {
		m.Name = name
	}
	for i := range s.Params().Len() {
		if i > 0 || !m.TakesContext {
			m.params = append(m.params, f.newParameter(s, i))
		}
	}
	n := s.Results().Len()
	if m.Fails {
		n--
	}
	for i := range n {
		m.values = append(m.values, value{Type: f.typeString(s.Results().At(i).Type())})
	}
	if n > 1 {
		m.results = f.Prefix + m.Name + "Results"
		m.nameFields(s.Results())
	}
	return m, nil
}

func (f *file) newParameter(s *types.Signature, i int) parameter {
	p := s.Params().At(i)
	if s.Variadic() && i == s.Params().Len()-1 {
		// The last may also be a string, but only for append.
		return parameter{p.Name(), "..." + f.typeString(p.Type().(*types.Slice).Elem())}
	}
	return parameter{p.Name(), f.typeString(p.Type())}
}

// nameParameters gives a name to each parameter that has none, or one that
// means something else in the file.
func (m *method) nameParameters(reserved func(string) bool) {
	used := map[string]bool{}
	for i := range m.params {
		name := m.params[i].name
		if name == "" || name == "_" {
			name = "arg"
		}
		name = fresh(name, func(s string) bool { return used[s] || reserved(s) })
		used[name] = true
		m.params[i].name = name
	}
}

// nameFields names the fields that hold the values: as the results are named
// if all are and no two alike, else by their number.
func (m *method) nameFields(results *types.Tuple) {
	used := map[string]bool{}
	for i := range m.values {
		name := results.At(i).Name()
		field := exported(name)
		if !token.IsExported(field) || used[field] {
			m.numberFields()
			return
		}
		used[field] = true
		m.values[i].Field = field
	}
}

func (m *method) numberFields() {
	for i := range m.values {
		m.values[i].Field = fmt.Sprint("R", i+1)
	}
}

// exported is name with a first letter that exports it, if it has one.
func exported(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// Values are those of a method that has several.
func (m *method) Values() []value { return m.values }

// Results is the name of the type that holds several values, else empty.
func (m *method) Results() string { return m.results }

// Reply is what Ask's future is of.
func (m *method) Reply() string {
	switch {
	case m.results != "":
		return m.results + m.file.Args
	case len(m.values) == 1:
		return m.values[0].Type
	}
	return "any"
}

// Signature is the type's own.
func (m *method) Signature() string {
	params := m.declared()
	if m.TakesContext {
		params = append([]string{m.Ctx + " " + m.file.Context + ".Context"}, params...)
	}
	var results []string
	for _, v := range m.values {
		results = append(results, v.Type)
	}
	if m.Fails {
		results = append(results, "error")
	}
	return "(" + strings.Join(params, ", ") + ") (" + strings.Join(results, ", ") + ")"
}

// Declared are the parameters, with a context first.
func (m *method) Declared() string {
	return strings.Join(append([]string{m.Ctx + " " + m.file.Context + ".Context"}, m.declared()...), ", ")
}

func (m *method) declared() (params []string) {
	for _, p := range m.params {
		params = append(params, p.name+" "+p.typ)
	}
	return params
}

// Call is the name of the type's method, and its arguments.
func (m *method) Call() string {
	args := m.Passed()
	if m.TakesContext {
		args = strings.TrimSuffix(m.Ctx+", "+args, ", ")
	}
	return m.Calls + "(" + args + ")"
}

// Passed are the arguments as the method got them.
func (m *method) Passed() string {
	var args []string
	for _, p := range m.params {
		args = append(args, p.name)
	}
	all := strings.Join(args, ", ")
	if m.variadic {
		all += "..."
	}
	return all
}

// Returns reports whether the method has results.
func (m *method) Returns() bool { return m.Fails || len(m.values) > 0 }

// Given is the context of the function that runs in the actor's turn.
func (m *method) Given() string {
	ctx := m.Ctx
	if !m.TakesContext {
		ctx = "_"
	}
	return ctx + " " + m.file.Context + ".Context"
}

// Asserted is the actor's value where its type is not known.
func (m *method) Asserted() string { return m.Val + ".(" + m.file.Value + ")" }

// Wait is the context to wait under.
func (m *method) Wait() string {
	if m.TakesContext {
		return m.Ctx
	}
	return m.Recv + ".ctx"
}

// Fields is where the values go in their struct.
func (m *method) Fields() string {
	var fields []string
	for _, v := range m.values {
		fields = append(fields, m.Res+"."+v.Field)
	}
	return strings.Join(fields, ", ")
}

// Blanks are for values that nobody wants.
func (m *method) Blanks() string {
	return strings.TrimSuffix(strings.Repeat("_, ", len(m.values)), ", ")
}

// Proxy is the local name of package proxy.
func (m *method) Proxy() string { return m.file.Proxy }

// Core is the local name of package core.
func (m *method) Core() string { return m.file.Core }
