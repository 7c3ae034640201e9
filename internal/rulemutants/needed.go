package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
)

// Compiling the tests takes most of the time, so a mutant gets only those
// test files that its tests need, as far as names tell: a file needs another
// if it mentions a name that the other declares.

// A testFile is what is known of one.
type testFile struct {
	path               string
	declares, mentions map[string]bool
}

// testFiles reads the test files of the package in dir.
func testFiles(dir string) ([]testFile, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	var files []testFile
	for _, path := range paths {
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, read(path, parsed))
	}
	return files, nil
}

func read(path string, parsed *ast.File) testFile {
	f := testFile{path, map[string]bool{}, map[string]bool{}}
	for _, decl := range parsed.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				f.declares[decl.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				maps.Copy(f.declares, declaredBy(spec))
			}
		}
	}
	for _, id := range parsed.Unresolved {
		f.mentions[id.Name] = true
	}
	return f
}

func declaredBy(spec ast.Spec) map[string]bool {
	names := map[string]bool{}
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		names[spec.Name.Name] = true
	case *ast.ValueSpec:
		for _, id := range spec.Names {
			names[id.Name] = true
		}
	}
	return names
}

// unneeded are the paths of the files that the named tests can do without.
func unneeded(files []testFile, tests []string) (paths []string) {
	want := map[string]bool{"TestMain": true}
	for _, name := range tests {
		want[name] = true
	}
	rest := files
	for grown := true; grown; {
		grown = false
		var without []testFile
		for _, f := range rest {
			if !overlap(f.declares, want) {
				without = append(without, f)
				continue
			}
			maps.Copy(want, f.mentions)
			grown = true
		}
		rest = without
	}
	for _, f := range rest {
		paths = append(paths, f.path)
	}
	return paths
}

func overlap(a, b map[string]bool) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(a)), func(name string) bool { return b[name] })
}
