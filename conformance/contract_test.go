package conformance

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/internal/marked"
)

var update = flag.Bool("update", false, "write the lists of rules into the documents")

// The comments of the contract name every rule, and no other.
func TestContractNamesTheRules(t *testing.T) {
	assert.ElementsMatch(t, ids(Rules()), named(t, "../core/runtime.go"))
	assert.ElementsMatch(t, ids(InboxRules()), named(t, "../core/inbox.go"))
}

func ids(rules []Rule) (all []string) {
	for _, r := range rules {
		all = append(all, r.ID)
	}
	return all
}

var (
	inParens = regexp.MustCompile(`\(([a-z]+/[a-z-]+(,\s+[a-z]+/[a-z-]+)*)\)`)
	ruleID   = regexp.MustCompile(`[a-z]+/[a-z-]+`)
	slashes  = regexp.MustCompile(`\s*//\s*`)
)

// named are the rules that the comments of a file name, each once.
func named(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	seen := map[string]bool{}
	flat := slashes.ReplaceAllString(string(text), " ")
	for _, list := range inParens.FindAllString(flat, -1) {
		for _, id := range ruleID.FindAllString(list, -1) {
			seen[id] = true
		}
	}
	var all []string
	for id := range seen {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

// The list in the document is that of the code; go test -update writes it.
func TestSemanticsListsTheRules(t *testing.T) {
	const file = "../docs/semantics.md"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	want, err := marked.Splice(string(text), "rules of a runtime", table(Rules()))
	require.NoError(t, err)
	want, err = marked.Splice(want, "rules of an inbox", table(InboxRules()))
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		return
	}
	assert.Equal(t, want, string(text), "run go test ./conformance -run Semantics -update")
}

func table(rules []Rule) string {
	var b strings.Builder
	b.WriteString("| rule | level | promise |\n| --- | --- | --- |\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.ID, r.Level(), r.Promise)
	}
	return b.String()
}
