package troupe

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// A driver is what is known of one runtime's name.
type driver struct {
	open    func(Options) (core.Runtime, error)
	read    func(Options) // reads the options that open does; nil if only open can
	options []string
}

var drivers = struct {
	sync.RWMutex
	byName map[string]driver
}{byName: map[string]driver{}}

// Register makes the runtime that open makes known under name, for this
// process. The options are what open reads, as [Usage] is to show them, such
// as "size=N". Register panics if name is taken, or cannot stand in a [Spec],
// or if open is nil: it is for init functions, and those are bugs.
func Register(name string, open func(Options) (core.Runtime, error), options ...string) {
	if name == "" || strings.ContainsAny(name, ":,= \t\n") {
		panic(fmt.Sprintf("troupe: Register of the name %q; a name is not empty and has no colon, comma, equals sign or blank", name))
	}
	if open == nil {
		panic("troupe: Register of a nil function as " + name + "; it takes one that makes the runtime")
	}
	register(name, driver{open: open, options: slices.Clone(options)})
}

func register(name string, d driver) {
	drivers.Lock()
	defer drivers.Unlock()
	if _, taken := drivers.byName[name]; taken {
		panic("troupe: Register of " + name + " twice; choose another name")
	}
	drivers.byName[name] = d
}

// check is what is wrong with the options of p, as far as that can be told
// without opening the runtime.
func (d driver) check(spec Spec, p parsed) error {
	if d.read == nil {
		return nil
	}
	r := &reading{spec: spec, given: p.options}
	d.read(Options{r})
	return r.check()
}

// Usage lists the known runtimes and their options on one line, for the help
// of a flag.
func Usage() string {
	drivers.RLock()
	defer drivers.RUnlock()
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(drivers.byName)) {
		if options := drivers.byName[name].options; len(options) > 0 {
			name += "[:" + strings.Join(options, ",") + "]"
		}
		lines = append(lines, name)
	}
	return "where actors run: " + strings.Join(lines, " or ")
}

func lookUp(name string) (driver, error) {
	drivers.RLock()
	defer drivers.RUnlock()
	d, ok := drivers.byName[name]
	if !ok {
		known := slices.Sorted(maps.Keys(drivers.byName))
		return d, badSpec("unknown runtime %q; known are %s", name, strings.Join(known, ", "))
	}
	return d, nil
}
