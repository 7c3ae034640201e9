package main

import (
	"flag"
	"fmt"
	"go/token"
	"io"
	"maps"
	"slices"
	"strings"
)

// options are those of the command line.
type options struct {
	dir, output     string
	path, typ       string // of the package, empty for that in dir; the type's name
	name            string // of the proxy
	ask, tell, with string
	rename          map[string]string
	check           bool
	command         string // to make the file again
}

func parseOptions(args []string, usage io.Writer) (*options, error) {
	o := &options{rename: map[string]string{}}
	var typ string
	flags := flag.NewFlagSet("troupegen", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&typ, "type", "", "the `type` to make a proxy of; path.Type for one of another package")
	flags.StringVar(&o.name, "name", "", "the `name` of the proxy type (default the type's with Proxy after it)")
	flags.StringVar(&o.ask, "ask", "Ask", "the `name` of the method whose result returns futures")
	flags.StringVar(&o.tell, "tell", "Tell", "the `name` of the method whose result wants no replies")
	flags.StringVar(&o.with, "with", "With", "the `name` of the method that sets the context to wait under")
	flags.Func("rename", "`Method=Name`: the method has another name in the proxy; may be repeated", o.addRename)
	flags.StringVar(&o.output, "output", "", "the `file` to write (default the type's name in lower case, and _proxy.go)")
	flags.StringVar(&o.dir, "dir", ".", "the `folder` of the package to write to")
	flags.BoolVar(&o.check, "check", false, "write nothing; fail if the file is stale")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	o.command = o.commandLine(flags)
	return o, o.complete(typ)
}

// commandLine is the command line without what depends on who runs it.
func (o *options) commandLine(flags *flag.FlagSet) string {
	words := "troupegen"
	flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "dir", "check", "rename":
		default:
			words += " -" + f.Name + " " + f.Value.String()
		}
	})
	for _, from := range slices.Sorted(maps.Keys(o.rename)) {
		words += " -rename " + from + "=" + o.rename[from]
	}
	return words
}

// complete sets what depends on the type, and checks names.
func (o *options) complete(typ string) error {
	o.typ = typ
	if i := strings.LastIndexByte(typ, '.'); i >= 0 {
		o.path, o.typ = typ[:i], typ[i+1:]
	}
	if o.name == "" {
		o.name = o.typ + "Proxy"
	}
	if o.output == "" {
		o.output = strings.ToLower(o.typ) + "_proxy.go"
	}
	for _, name := range []string{o.typ, o.name, o.ask, o.tell, o.with} {
		if !token.IsIdentifier(name) {
			return fmt.Errorf("%q is no name in Go; troupegen -help says what is wanted", name)
		}
	}
	return nil
}

func (o *options) addRename(s string) error {
	from, to, ok := strings.Cut(s, "=")
	if !ok || !token.IsIdentifier(from) || !token.IsExported(to) || !token.IsIdentifier(to) {
		return fmt.Errorf("want Method=Name, both exported")
	}
	o.rename[from] = to
	return nil
}

// prefix begins the names of the types beside the proxy.
func (o *options) prefix() string { return strings.TrimSuffix(o.name, "Proxy") }
