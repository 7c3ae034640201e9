package main

import (
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/packages"
)

// A target is the type to make a proxy of, and the package to write to.
type target struct {
	pkg    *types.Package // to write to
	fset   *token.FileSet
	output string // the file to write
	named  *types.Named
}

const mode = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes |
	packages.NeedSyntax | packages.NeedTypesInfo

// load finds the type. Errors in the code are no matter as long as they are
// not in the type's own: code that uses a proxy does not compile before the
// proxy is there.
func load(o *options) (*target, error) {
	patterns := []string{"."}
	if o.path != "" {
		patterns = append(patterns, o.path)
	}
	t := &target{fset: token.NewFileSet()}
	pkgs, err := packages.Load(&packages.Config{Mode: mode, Dir: o.dir, Fset: t.fset}, patterns...)
	if err != nil {
		return nil, err
	}
	if t.output, err = filepath.Abs(filepath.Join(o.dir, o.output)); err != nil {
		return nil, err
	}
	var source *packages.Package
	for _, pkg := range pkgs {
		if pkg.PkgPath == o.path {
			source = pkg
		} else {
			t.pkg = pkg.Types
			if o.path == "" {
				source = pkg
			}
		}
	}
	if t.pkg == nil || source == nil {
		return nil, fmt.Errorf("no package %q, seen from %s", o.path, o.dir)
	}
	return t, t.find(source, o.typ)
}

// find looks the type up.
func (t *target) find(source *packages.Package, name string) error {
	obj := source.Types.Scope().Lookup(name)
	if obj == nil {
		if len(source.Errors) > 0 {
			return fmt.Errorf("no type %s in %s: %w", name, source.PkgPath, source.Errors[0])
		}
		return fmt.Errorf("no type %s in %s", name, source.PkgPath)
	}
	named, ok := types.Unalias(obj.Type()).(*types.Named)
	if _, isType := obj.(*types.TypeName); !isType || !ok {
		return fmt.Errorf("%s is not a defined type", name)
	}
	t.named = withOwnParameters(named)
	return nil
}

// withOwnParameters instantiates a generic type with its own parameters, so
// that all its methods call them by one name.
func withOwnParameters(named *types.Named) *types.Named {
	var args []types.Type
	for p := range named.TypeParams().TypeParams() {
		args = append(args, p)
	}
	if args == nil {
		return named
	}
	inst, err := types.Instantiate(nil, named, args, false)
	if err != nil { // impossible without validation
		panic(err)
	}
	return inst.(*types.Named)
}

// isInterface reports whether the type is one.
func (t *target) isInterface() bool { return types.IsInterface(t.named) }

// value is the type of the actor's value.
func (t *target) value() types.Type {
	if t.isInterface() {
		return t.named
	}
	return types.NewPointer(t.named)
}

// methods are what a proxy has to have, sorted by name.
func (t *target) methods() ([]*types.Func, error) {
	if i, ok := t.named.Underlying().(*types.Interface); ok && !i.IsMethodSet() {
		return nil, fmt.Errorf("%s is a constraint, and no value has it as its type", t.named.Obj().Name())
	}
	var methods []*types.Func
	for sel := range types.NewMethodSet(t.value()).Methods() {
		f := sel.Obj().(*types.Func)
		switch {
		case !f.Exported() && t.isInterface():
			return nil, fmt.Errorf("interface %s has the unexported method %s, which a proxy cannot have", t.named.Obj().Name(), f.Name())
		case f.Exported() && (t.isInterface() || !isHook(f)):
			methods = append(methods, f)
		}
	}
	if len(methods) == 0 {
		return nil, fmt.Errorf("%s has no exported methods", t.named.Obj().Name())
	}
	return methods, nil
}

// isHook reports whether core calls the method.
func isHook(f *types.Func) bool {
	s := f.Signature()
	switch f.Name() {
	case "OnStart", "OnStop":
		return s.Params().Len() == 1 && takesContext(s) && s.Results().Len() == 1 && returnsError(s)
	case "OnFailure":
		return s.Params().Len() == 2 && takesContext(s) && isError(s.Params().At(1).Type()) && s.Results().Len() == 0
	case "Receive":
		return s.Params().Len() == 2 && takesContext(s) && !s.Variadic() && s.Results().Len() == 2 && returnsError(s) &&
			types.Identical(s.Results().At(0).Type(), types.Universe.Lookup("any").Type())
	}
	return false
}

func takesContext(s *types.Signature) bool {
	if s.Params().Len() == 0 || s.Variadic() && s.Params().Len() == 1 {
		return false
	}
	named, ok := types.Unalias(s.Params().At(0).Type()).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

func returnsError(s *types.Signature) bool {
	n := s.Results().Len()
	return n > 0 && isError(s.Results().At(n-1).Type())
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
