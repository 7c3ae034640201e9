// Package marked writes what a program generates into a page that is written
// by hand.
package marked

import (
	"fmt"
	"os"
	"strings"
)

// Splice is page with text between the lines
//
//	<!-- begin: name -->
//	<!-- end: name -->
func Splice(page, name, text string) (string, error) {
	begin, end := "<!-- begin: "+name+" -->\n", "<!-- end: "+name+" -->"
	before, rest, begins := strings.Cut(page, begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		return "", fmt.Errorf("no markers for the %s", name)
	}
	return before + begin + text + end + after, nil
}

// Rewrite is Splice for the page in a file, which stays as it is if it has no
// markers.
func Rewrite(file, name, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	page, err := Splice(string(old), name, text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, []byte(page), 0o644)
}
