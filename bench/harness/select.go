package harness

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Select picks the scenarios that one of the comma-separated patterns names,
// by their name or their group, where * stands for anything. One that is
// [Scenario].Alone has to be named in full. A pattern that picks nothing is an
// error: whoever wrote it meant something.
func Select(all []Scenario, patterns string) ([]*Scenario, error) {
	for pattern := range strings.SplitSeq(patterns, ",") {
		if !slices.ContainsFunc(all, func(s Scenario) bool { return s.picked(pattern) }) {
			return nil, fmt.Errorf("no scenario or group is called %q: README.md lists them", strings.TrimSpace(pattern))
		}
	}
	var picked []*Scenario
	for i := range all {
		if s := &all[i]; s.picked(patterns) {
			picked = append(picked, s)
		}
	}
	return picked, nil
}

// Known fails if one of the comma-separated patterns is none of the names'.
func Known(patterns string, names []string) error {
	for pattern := range strings.SplitSeq(patterns, ",") {
		if !slices.ContainsFunc(names, func(name string) bool { return Matches(pattern, name) }) {
			return fmt.Errorf("no subject is called %q: there are %s", strings.TrimSpace(pattern), strings.Join(names, ", "))
		}
	}
	return nil
}

func (s *Scenario) picked(patterns string) bool {
	if s.Alone {
		patterns := strings.FieldsFunc(patterns, func(c rune) bool { return c == ',' || c == ' ' })
		return slices.Contains(patterns, s.Name)
	}
	return Matches(patterns, s.Name) || Matches(patterns, s.Group)
}

// Matches reports whether one of the comma-separated patterns is name's.
// The * of a pattern stands for a / too.
func Matches(patterns, name string) bool {
	name = strings.ReplaceAll(name, "/", " ")
	for pattern := range strings.SplitSeq(patterns, ",") {
		pattern = strings.ReplaceAll(strings.TrimSpace(pattern), "/", " ")
		if ok, err := path.Match(pattern, name); ok && err == nil {
			return true
		}
	}
	return false
}
