package harness

import (
	"fmt"
	"path"
	"strings"
)

// Select picks the scenarios that one of the comma-separated patterns names,
// by their name or their group, where * stands for anything.
func Select(all []Scenario, patterns string) ([]*Scenario, error) {
	var picked []*Scenario
	for i := range all {
		s := &all[i]
		if Matches(patterns, s.Name) || Matches(patterns, s.Group) {
			picked = append(picked, s)
		}
	}
	if len(picked) == 0 {
		return nil, fmt.Errorf("no scenario is called %q", patterns)
	}
	return picked, nil
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
