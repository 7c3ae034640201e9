package main

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
)

// A file is what the template makes into one.
type file struct {
	Command string
	Package string
	Imports []string // declarations

	Source  string // the name of the type, with its package if that is another
	Named   string // as the file has to call it, with its type parameters
	Value   string // the type of the actor's value
	Params  string // the declaration of the type parameters, in brackets
	Args    string // their use
	Name    string // of the proxy
	Prefix  string // of the other types
	Methods []*method
	Fits    bool // the file is to prove that the proxy fits the interface
	Bare    bool // some methods take no context
	Silent  bool // some methods return no error

	Ask, Tell, With      string // names of the methods that the proxy adds
	Context, Core, Proxy string // local names of packages
	names

	target   *target
	imports  *imports
	exported bool // the proxy is
}

// names are those of local variables; no parameter has one of them.
type names struct{ Recv, Ctx, Val, Res, Err string }

func newFile(o *options, t *target) (*file, error) {
	f := &file{
		Command: o.command, Package: t.pkg.Name(), Name: o.name, Prefix: o.prefix(),
		Ask: o.ask, Tell: o.tell, With: o.with, target: t, imports: newImports(t), exported: token.IsExported(o.name),
	}
	f.Context = f.imports.add("context", "context")
	f.Core = f.imports.add(corePath, "core")
	f.Proxy = f.imports.add(proxyPath, "proxy")
	f.Named, f.Value = f.typeString(t.named), f.typeString(t.value())
	f.Source, _, _ = strings.Cut(f.Named, "[")
	if err := f.addTypeParameters(); err != nil {
		return nil, err
	}
	if err := f.addMethods(o); err != nil {
		return nil, err
	}
	f.Fits = t.isInterface() && f.Args == "" && len(o.rename) == 0
	f.Imports = f.imports.lines()
	return f, f.checkNames()
}

func (f *file) typeString(t types.Type) string { return types.TypeString(t, f.imports.qualifier) }

func (f *file) addTypeParameters() error {
	var params, args []string
	for p := range f.target.named.TypeParams().TypeParams() {
		name := p.Obj().Name()
		if f.target.pkg.Scope().Lookup(name) != nil {
			return fmt.Errorf("the type parameter %s hides another %s of the package; rename one of them", name, name)
		}
		if err := f.check(p.Constraint()); err != nil {
			return fmt.Errorf("type parameter %s: %w", name, err)
		}
		params = append(params, name+" "+f.typeString(p.Constraint()))
		args = append(args, name)
	}
	if params != nil {
		f.Params = "[" + strings.Join(params, ", ") + "]"
		f.Args = "[" + strings.Join(args, ", ") + "]"
	}
	return nil
}

func (f *file) addMethods(o *options) error {
	funcs, err := f.target.methods()
	if err != nil {
		return err
	}
	docs := newDocs(f.target.fset)
	renamed := 0
	for _, fn := range funcs {
		m, err := f.newMethod(fn, o.rename)
		if err != nil {
			return fmt.Errorf("method %s of %s: %w", fn.Name(), f.Source, err)
		}
		if _, ok := o.rename[m.Calls]; ok {
			renamed++
		}
		m.Doc = docs.of(fn, m)
		f.Bare = f.Bare || !m.TakesContext
		f.Silent = f.Silent || !m.Fails
		f.Methods = append(f.Methods, m)
	}
	if renamed < len(o.rename) {
		return fmt.Errorf("-rename of a method that %s does not have: %v", f.Source, o.rename)
	}
	f.nameVariables()
	return f.checkMethods(o)
}

// nameVariables gives the local variables names that no parameter has, and
// each parameter one that nothing else has.
func (f *file) nameVariables() {
	used := map[string]bool{}
	for _, m := range f.Methods {
		m.nameParameters(f.reserved)
		for _, p := range m.params {
			used[p.name] = true
		}
	}
	local := func(name string) string {
		name = fresh(name, func(s string) bool { return used[s] || f.reserved(s) })
		used[name] = true
		return name
	}
	f.names = names{Recv: local("p"), Ctx: local("ctx"), Val: local("v"), Res: local("r"), Err: local("err")}
	for _, m := range f.Methods {
		m.names = f.names
	}
}

// reserved reports whether a name means something in the file.
func (f *file) reserved(name string) bool {
	return f.imports.taken[name] || types.Universe.Lookup(name) != nil || f.target.pkg.Scope().Lookup(name) != nil
}

// checkMethods refuses names that the proxy has for something else.
func (f *file) checkMethods(o *options) error {
	has := map[string]string{f.Ask: "the method that -ask names", f.Tell: "the method that -tell names", "Proxy": "its embedded field"}
	if f.Bare {
		has[f.With] = "the method that -with names"
		has[f.Name] = "the proxy itself"
	}
	for _, m := range f.Methods {
		what, taken := has[m.Name]
		if !taken && o.rename[m.Calls] == "" {
			what, taken = ownMethods[m.Name]
		}
		if taken {
			return fmt.Errorf("method %s of %s: %s has that name for %s; -rename %s=NAME gives the method another", m.Calls, f.Source, f.Name, what, m.Calls)
		}
		has[m.Name] = "another method"
	}
	return nil
}

// ownMethods are those of proxy.Proxy.
var ownMethods = map[string]string{
	"Ref":      "the actor's ref",
	"String":   "its own text, which costs no call",
	"GoString": "its own text, which costs no call",
}

// checkNames refuses types that the package has already, elsewhere.
func (f *file) checkNames() error {
	declared := map[string]bool{}
	for _, name := range f.types() {
		if declared[name] {
			return fmt.Errorf("two types would be called %s; -name gives the proxy another name", name)
		}
		declared[name] = true
		obj := f.target.pkg.Scope().Lookup(name)
		if obj != nil && f.target.fset.Position(obj.Pos()).Filename != f.target.output {
			return fmt.Errorf("%s is declared at %s; -name gives the proxy another name", name, f.target.fset.Position(obj.Pos()))
		}
	}
	return nil
}

// types are the names of the types that the file declares.
func (f *file) types() []string {
	all := []string{f.Name, f.Prefix + "Ask", f.Prefix + "Tell"}
	if f.Bare {
		all = append(all, f.Prefix+"With")
	}
	for _, m := range f.Methods {
		if m.results != "" {
			all = append(all, m.results)
		}
	}
	return all
}
