package proxy

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoAttribute is returned for a name that an [Object] does not have: one
// that is unknown or not exported, a field's where a method is wanted or the
// reverse. Nothing has been sent. The error's text has the nearest name.
var ErrNoAttribute = errors.New("proxy: no such attribute")

func (o Object) noAttribute(format string, args ...any) error {
	return fmt.Errorf("%w: %v: "+format, append([]any{ErrNoAttribute, o}, args...)...)
}

// suggest is the name nearest to the one not found, for the error's text.
func suggest(name string, names []string) string {
	best, least := "", 1+len(name)/3 // of more changes the other is another name
	for _, other := range names {
		if d := distance(strings.ToLower(name), strings.ToLower(other)); d < least || d == least && best == "" {
			best, least = other, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is how many letters have to be changed, added or taken out to make
// b of a (Levenshtein's).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
