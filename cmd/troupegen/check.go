package main

import (
	"fmt"
	"go/types"
)

// check refuses a type that the file could not, or should not, mention.
func (f *file) check(t types.Type) error {
	c := checker{f, map[types.Type]bool{}}
	return c.check(t)
}

type checker struct {
	*file
	seen map[types.Type]bool
}

func (c checker) check(t types.Type) error {
	if c.seen[t] {
		return nil
	}
	c.seen[t] = true
	switch t := t.(type) {
	case *types.Basic:
		return c.checkBasic(t)
	case *types.Alias:
		return c.checkNamed(t.Obj(), t.TypeArgs())
	case *types.Named:
		return c.checkNamed(t.Obj(), t.TypeArgs())
	case *types.Struct:
		return c.checkStruct(t)
	case *types.Interface:
		return c.checkInterface(t)
	case *types.Signature:
		return c.checkAll(t.Params(), t.Results())
	case *types.Map:
		if err := c.check(t.Key()); err != nil {
			return err
		}
		return c.check(t.Elem())
	case *types.Union:
		for term := range t.Terms() {
			if err := c.check(term.Type()); err != nil {
				return err
			}
		}
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		return c.check(t.Elem())
	}
	return nil
}

func (c checker) checkBasic(t *types.Basic) error {
	switch t.Kind() {
	case types.Invalid:
		return fmt.Errorf("a type in its signature does not compile")
	case types.UnsafePointer:
		c.imports.add("unsafe", "unsafe")
	}
	return nil
}

// checkNamed refuses what nobody could name who sees the proxy.
func (c checker) checkNamed(obj *types.TypeName, args *types.TypeList) error {
	own := obj.Pkg() == nil || obj.Pkg().Path() == c.target.pkg.Path()
	if obj.Pkg() != nil && !obj.Exported() && (c.exported || !own) {
		return fmt.Errorf("the signature has the unexported type %s.%s", obj.Pkg().Name(), obj.Name())
	}
	if !own && obj.Pkg().Name() == "main" {
		return fmt.Errorf("the signature has the type %s of a command, which nobody can import", obj.Name())
	}
	for arg := range args.Types() {
		if err := c.check(arg); err != nil {
			return err
		}
	}
	return nil
}

func (c checker) checkStruct(t *types.Struct) error {
	for f := range t.Fields() {
		if !f.Exported() && f.Pkg().Path() != c.target.pkg.Path() {
			return fmt.Errorf("the signature has a struct with the unexported field %s of another package", f.Name())
		}
		if err := c.check(f.Type()); err != nil {
			return err
		}
	}
	return nil
}

func (c checker) checkInterface(t *types.Interface) error {
	for m := range t.ExplicitMethods() {
		if !m.Exported() && m.Pkg().Path() != c.target.pkg.Path() {
			return fmt.Errorf("the signature has an interface with the unexported method %s of another package", m.Name())
		}
		if err := c.check(m.Type()); err != nil {
			return err
		}
	}
	for e := range t.EmbeddedTypes() {
		if err := c.check(e); err != nil {
			return err
		}
	}
	return nil
}

func (c checker) checkAll(tuples ...*types.Tuple) error {
	for _, t := range tuples {
		for v := range t.Variables() {
			if err := c.check(v.Type()); err != nil {
				return err
			}
		}
	}
	return nil
}
