// Troupegen writes a proxy: a type with the methods of another, which calls
// them in the turns of the actor that has the other as its value.
//
//	//go:generate go tool troupegen -type Account
//
// makes account_proxy.go, with AccountProxy, whose methods have the
// signatures of Account's own and wait, so that it fits the interfaces that
// *Account fits. AccountProxy{p}.Ask() has the same methods returning
// futures, and Tell() has them without a reply. Those two take a context
// first, whether the method does or not.
//
// The type may be a struct, or any other defined type, and then its methods
// are those of a pointer to it; or an interface. One of another package is
// named with its import path: -type io/fs.FS.
//
// To have the tool in a module of your own:
//
//	go get -tool github.com/troupe-go/troupe/cmd/troupegen
//
// # Methods
//
// A first parameter of type context.Context is given the actor's context; the
// caller's governs the wait. A method without one is waited for
// as long as it takes; AccountProxy{p}.With(ctx) is the proxy with those
// methods waited for under ctx, which an actor that calls another wants. A method with no error among
// its results has no way to say that its actor is dead, or that it was
// waited for in a ring: it panics with that error. What core calls, such as
// OnStart, is left out of the proxy of a struct.
//
// A method of several results, not counting the error, returns them in one
// struct from Ask.
//
// # Refusals
//
// A method whose signature has an unexported type is refused, unless the
// proxy is unexported too and in that type's package. So is a name that is
// taken; these flags give another:
//
//	-name AccountActor     the proxy, and the beginning of the other types
//	-ask, -tell, -with     the three methods that the proxy adds
//	-rename String=Text    a method; String=String has it hide the proxy's own
//
// -check writes nothing, and fails if the file is not what it would write.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "troupegen:", err)
		}
		os.Exit(1)
	}
}

// run does what the command line says.
func run(args []string, usage io.Writer) error {
	o, err := parseOptions(args, usage)
	if err != nil {
		return err
	}
	source, err := generate(o)
	if err != nil {
		return err
	}
	file := filepath.Join(o.dir, o.output)
	if !o.check {
		return os.WriteFile(file, source, 0o666)
	}
	old, err := os.ReadFile(file)
	if err == nil && !bytes.Equal(old, source) {
		err = fmt.Errorf("%s is stale: run go generate", file)
	}
	return err
}

// generate makes the text of the file.
func generate(o *options) ([]byte, error) {
	t, err := load(o)
	if err != nil {
		return nil, err
	}
	f, err := newFile(o, t)
	if err != nil {
		return nil, err
	}
	return f.write()
}
