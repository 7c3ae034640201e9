package main

import (
	"fmt"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// imports are the packages that the file needs, and its names for them.
type imports struct {
	own   *types.Package
	names map[string]string // by path
	taken map[string]bool   // names that no import can have
}

const (
	corePath  = "github.com/troupe-go/troupe/core"
	proxyPath = "github.com/troupe-go/troupe/proxy"
)

func newImports(t *target) *imports {
	i := &imports{own: t.pkg, names: map[string]string{}, taken: map[string]bool{}}
	for p := range t.named.TypeParams().TypeParams() {
		i.taken[p.Obj().Name()] = true
	}
	return i
}

// add gives a package a name.
func (i *imports) add(path, name string) string {
	if name, ok := i.names[path]; ok {
		return name
	}
	name = fresh(name, func(s string) bool { return i.taken[s] || i.own.Scope().Lookup(s) != nil })
	i.taken[name] = true
	i.names[path] = name
	return name
}

// qualifier is a types.Qualifier.
func (i *imports) qualifier(pkg *types.Package) string {
	if pkg == i.own || pkg.Path() == i.own.Path() {
		return ""
	}
	return i.add(pkg.Path(), pkg.Name())
}

// lines are the import declarations, those of the standard library first.
func (i *imports) lines() []string {
	var std, others []string
	for _, p := range slices.Sorted(maps.Keys(i.names)) {
		line := strconv.Quote(p)
		if name := i.names[p]; name != path.Base(p) {
			line = name + " " + line
		}
		if host, _, _ := strings.Cut(p, "/"); strings.Contains(host, ".") {
			others = append(others, line)
		} else {
			std = append(std, line)
		}
	}
	return slices.Concat(std, []string{""}, others)
}

// fresh is name, or name with a number after it that is not taken.
func fresh(name string, taken func(string) bool) string {
	for n, s := 2, name; ; n++ {
		if !taken(s) {
			return s
		}
		s = fmt.Sprint(name, n)
	}
}
