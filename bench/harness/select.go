package harness

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Select picks the scenarios that one of the comma-separated patterns names,
// by their name or their group, where * stands for anything. One that is
// [Scenario].Alone has to be named in full.
func Select(all []Scenario, patterns string) ([]*Scenario, error) {
	var picked []*Scenario
	for i := range all {
		s := &all[i]
		if s.picked(patterns) {
			picked = append(picked, s)
		}
	}
	if len(picked) == 0 {
		return nil, fmt.Errorf("no scenario is called %q", patterns)
	}
	return picked, nil
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
