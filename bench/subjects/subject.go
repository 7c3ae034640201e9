// Package subjects has what is measured: plain Go, this framework on each of
// its runtimes, and its peers. Each is a file.
package subjects

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/troupe-go/troupe/core"
)

// A Subject is one of those that are measured side by side.
type Subject struct {
	Name   string
	Module string // of a peer: where it comes from
	// Runtime is of a subject of ours only.
	Runtime func() core.Runtime
	// Ints, Msgs and Wides make a Stage; all but go/chan, go/pair and go/lock
	// have them.
	Ints  func() Stage[int]
	Msgs  func() Stage[Msg]
	Wides func() Stage[Wide]
	// Except are scenarios that this one cannot do, and why, by name.
	Except map[string]string
	// ReplyBoxes is how many allocations a handler's own code makes for a reply
	// above 255: one if a reply is an any, or a message that has to be allocated.
	ReplyBoxes int
	// NotQuick has a quick run leave it out of every scenario unless it is asked
	// for, as there is no time for it.
	NotQuick bool
}

var all []Subject

func register(s Subject) { all = append(all, s) }

// All are all subjects: plain Go first, then this framework, then its peers.
func All() []Subject {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b Subject) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), strings.Compare(a.Name, b.Name))
	})
	return sorted
}

func (s *Subject) rank() int {
	switch {
	case strings.HasPrefix(s.Name, "go/"):
		return 0
	case s.Runtime != nil:
		return 1
	}
	return 2
}

// Names are the names of All.
func Names() []string {
	var names []string
	for _, s := range All() {
		names = append(names, s.Name)
	}
	return names
}

// Peers are those that come from elsewhere.
func Peers() []Subject {
	return slices.DeleteFunc(All(), func(s Subject) bool { return s.Module == "" })
}

// Staged are those that have Stages.
func Staged() []Subject {
	return slices.DeleteFunc(All(), func(s Subject) bool { return s.Msgs == nil })
}

// Named is the subject called name.
func Named(name string) Subject {
	for _, s := range all {
		if s.Name == name {
			return s
		}
	}
	panic(fmt.Sprintf("no subject %q", name))
}

// Versions are the versions of the peers in this program, by name.
func Versions() map[string]string {
	versions := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, s := range Peers() {
		for _, m := range info.Deps {
			if m.Path == s.Module {
				versions[s.Name] = m.Version
			}
		}
	}
	return versions
}
