package troupe

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// A driver is what is known of one runtime's name.
type driver struct {
	open    func(Options) (core.Runtime, error)
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
		panic("troupe: Register of the name " + `"` + name + `"`)
	}
	if open == nil {
		panic("troupe: Register of a nil function as " + name)
	}
	drivers.Lock()
	defer drivers.Unlock()
	if _, taken := drivers.byName[name]; taken {
		panic("troupe: Register of " + name + " twice")
	}
	drivers.byName[name] = driver{open, slices.Clone(options)}
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
