package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/tools/go/packages"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// directives are the arguments of every go:generate line of the repository
// that runs this tool, by the file it is in.
func directives(t *testing.T) map[string][][]string {
	t.Helper()
	const begin = "//go:generate go run -C ../../cmd/troupegen . "
	found := map[string][][]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || d.Name() == "troupegen_test.go" {
			return err
		}
		text, err := os.ReadFile(path)
		for line := range strings.Lines(string(text)) {
			if args, ok := strings.CutPrefix(strings.TrimSpace(line), begin); ok {
				found[path] = append(found[path], strings.Fields(args))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The files that are checked in are what is generated now. This is both what
// finds a stale file and the golden test of the table of signatures.
func TestGenerated(t *testing.T) {
	checked := 0
	for file, lines := range directives(t) {
		for _, args := range lines {
			checked++
			t.Run(filepath.Base(file)+"_"+args[3], func(t *testing.T) {
				t.Parallel()
				if err := run(append(args, "-check"), io.Discard); err != nil {
					t.Errorf("troupegen %s: %v", strings.Join(args, " "), err)
				}
			})
		}
	}
	if checked < 8 {
		t.Errorf("found %d go:generate lines, want 8 or more", checked)
	}
}

// write makes a package of its own with this text.
func write(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/p\n\ngo 1.25\n",
		"p.go":   "package p\n\n" + text,
		"q/q.go": "package q\n\ntype hidden int\n\ntype Shown int\n\nfunc (Shown) Hide(hidden) {}\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, text, args, want string }{
		{"no_type", "type T int", "-type U", "no type U in example.com/p"},
		{"no_arguments", "type T int", "", `"" is no name in Go`},
		{"surplus_argument", "type T int", "-type T T", `unexpected argument "T"`},
		{"not_a_type", "var T int", "-type T", "T is not a defined type"},
		{"alias_of_a_pointer", "type A struct{}; type T = *A", "-type T", "T is not a defined type"},
		{"no_methods", "type T struct{}; func (T) m() {}", "-type T", "T has no exported methods"},
		{"constraint", "type T interface{ M(); ~int }", "-type T", "T is a constraint"},
		{"unexported_in_interface", "type T interface{ M(); m() }", "-type T", "interface T has the unexported method m"},
		{"unexported_parameter", "type u int; type T int; func (T) M(map[string][]*u) {}", "-type T", "method M of T: the signature has the unexported type p.u"},
		{"unexported_result", "type u int; type T int; func (T) M() (chan u) { return nil }", "-type T", "the unexported type p.u"},
		{"unexported_in_function", "type u int; type T int; func (T) M(func() (int, u)) {}", "-type T", "the unexported type p.u"},
		{"unexported_in_struct", "type u int; type T int; func (T) M(struct{ F u }) {}", "-type T", "the unexported type p.u"},
		{"unexported_in_interface_literal", "type u int; type T int; func (T) M(interface{ F(u) }) {}", "-type T", "the unexported type p.u"},
		{"unexported_key", "type u int; type T int; func (T) M(map[u]int) {}", "-type T", "the unexported type p.u"},
		{"unexported_argument", "type u int; type G[X any] struct{}; type T int; func (T) M(G[u]) {}", "-type T", "the unexported type p.u"},
		{"unexported_constraint", "type u interface{ ~int }; type T[X u] struct{}; func (T[X]) M(X) {}", "-type T", "type parameter X: the signature has the unexported type p.u"},
		{"does_not_compile", "type T int; func (T) M(u) {}", "-type T", "method M of T: a type in its signature does not compile"},
		{"method_named_Ask", "type T int; func (T) Ask() {}", "-type T", "method Ask of T: TProxy has that name for the method that -ask names; -rename Ask=NAME gives the method another"},
		{"method_named_Tell", "type T int; func (T) Tell() {}", "-type T", "the method that -tell names"},
		{"method_named_With", "type T int; func (T) With() {}", "-type T", "the method that -with names"},
		{"method_named_Proxy", "type T int; func (T) Proxy() {}", "-type T", "its embedded field"},
		{"method_named_Ref", "type T int; func (T) Ref() {}", "-type T", "the actor's ref"},
		{"method_named_String", "type T int; func (T) String() string { return \"\" }", "-type T", "its own text"},
		{"renamed_to_another", "type T int; func (T) A() {}; func (T) B() {}", "-type T -rename A=B", "another method"},
		{"rename_of_nothing", "type T int; func (T) A() {}", "-type T -rename B=C", "-rename of a method that T does not have"},
		{"rename_unexported", "type T int; func (T) A() {}", "-type T -rename A=a", "want Method=Name, both exported"},
		{"taken_proxy", "type T int; func (T) A() {}; func TProxy() {}", "-type T", "TProxy is declared at "},
		{"taken_view", "type T int; func (T) A() {}; var TAsk int", "-type T", "TAsk is declared at "},
		{"taken_with", "type T int; func (T) A() {}; const TWith = 0", "-type T", "TWith is declared at "},
		{"method_named_like_the_proxy", "type T int; func (T) TProxy() {}", "-type T", "the proxy itself"},
		{"taken_results", "type T int; func (T) A() (int, int) { return 0, 0 }; type TAResults int", "-type T", "TAResults is declared at "},
		{"hidden_by_parameter", "type E int; type T[E any] struct{}; func (T[F]) M(F, E) {}", "-type T", "the type parameter E hides another E"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := refuse(t, c.text, strings.Fields(c.args))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("troupegen %s = %v, want %s", c.args, err, c.want)
			}
		})
	}
}

// refuse is run without the go command, which takes long.
func refuse(t *testing.T, text string, args []string) error {
	t.Helper()
	o, err := parseOptions(args, io.Discard)
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", "package p; "+text, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Error: func(error) {}}
	pkg, _ := conf.Check("example.com/p", fset, []*ast.File{file}, nil)
	found := &target{pkg: pkg, fset: fset, output: o.output}
	if err := found.find(&packages.Package{PkgPath: pkg.Path(), Types: pkg}, o.typ); err != nil {
		return err
	}
	_, err = newFile(o, found)
	return err
}

func TestRefusalsOfOtherPackages(t *testing.T) {
	dir := write(t, "type T int")
	for _, c := range []struct{ typ, want string }{
		{"no/such.T", "no type T in no/such"},
		{"example.com/p/q.Shown", "method Hide of q.Shown: the signature has the unexported type q.hidden"},
	} {
		err := run([]string{"-type", c.typ, "-name", "shown", "-dir", dir}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("troupegen -type %s = %v, want %s", c.typ, err, c.want)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*_proxy.go")); files != nil {
		t.Errorf("wrote %v", files)
	}
}

// Code that uses a proxy, or a proxy of methods that are no more, does not
// keep the proxy from being made again.
func TestBrokenCode(t *testing.T) {
	dir := write(t, "type T int; func (T) Old() {}; var _ = TProxy{}")
	generate := func() {
		t.Helper()
		if err := run([]string{"-type", "T", "-dir", dir}, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	generate()
	check := []string{"-type", "T", "-dir", dir, "-check"}
	if err := run(check, io.Discard); err != nil {
		t.Errorf("check of a fresh file = %v, want nil", err)
	}
	source := filepath.Join(dir, "p.go")
	if err := os.WriteFile(source, []byte("package p\n\ntype T int; func (T) New() TProxy { return TProxy{} }"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(check, io.Discard); err == nil || !strings.Contains(err.Error(), "t_proxy.go is stale: run go generate") {
		t.Errorf("check of a stale file = %v", err)
	}
	generate()
	text, err := os.ReadFile(filepath.Join(dir, "t_proxy.go"))
	if err != nil || strings.Contains(string(text), "Old") || !strings.Contains(string(text), ") New() TProxy {") {
		t.Errorf("generated %s, %v", text, err)
	}
}

func TestCheckOfNoFile(t *testing.T) {
	err := run([]string{"-type", "T", "-check", "-dir", write(t, "type T int; func (T) A() {}")}, io.Discard)
	if !os.IsNotExist(err) {
		t.Errorf("check of no file = %v", err)
	}
}

func TestUsage(t *testing.T) {
	var b strings.Builder
	if err := run([]string{"-help"}, &b); err == nil || !strings.Contains(b.String(), "-rename Method=Name") {
		t.Errorf("-help = %v, %s", err, b.String())
	}
}
