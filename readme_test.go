package troupe_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A block is what stands between fences in README.md.
type block struct{ language, text string }

var fenced = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

func readme(t *testing.T) (text string, blocks []block) {
	t.Helper()
	text = read(t, "README.md")
	for _, m := range fenced.FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, block{m[1], m[2]})
	}
	return text, blocks
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// goTool runs the go command in the root of the module, once in a process
// for each test and command: with -count=20 it would say the same every time.
func goTool(t *testing.T, args ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the go command")
	}
	key := t.Name() + temporary.ReplaceAllString(strings.Join(args, " "), "")
	if _, ran := said[key]; !ran {
		said[key] = runGo(t, args)
	}
	return said[key]
}

var (
	said      = map[string]string{}
	temporary = regexp.MustCompile(`-overlay=\S+`)
)

func runGo(t *testing.T, args []string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Env = append(os.Environ(), "TROUPE_RUNTIME=")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "go %s\n%s%s", strings.Join(args, " "), out, stderr.String())
	return string(out)
}

// The blocks of the README are these, in this order, and each has its test
// below. Whoever adds one adds a test.
func TestReadmeBlocks(t *testing.T) {
	_, blocks := readme(t)
	var languages []string
	for _, b := range blocks {
		languages = append(languages, b.language)
	}
	assert.Equal(t, []string{"go", "", "sh", "sh", "go", "go", "go", "sh"}, languages)
}

func TestReadmeQuickstart(t *testing.T) {
	_, blocks := readme(t)
	program := read(t, "examples/quickstart/main.go")
	assert.Equal(t, program, blocks[0].text)
	assert.LessOrEqual(t, strings.Count(program, "\n"), 40)
	assert.Equal(t, goTool(t, "run", "./examples/quickstart"), blocks[1].text)
}

func TestReadmeRunsQuickstartElsewhere(t *testing.T) {
	text, blocks := readme(t)
	require.Contains(t, text, "`go run ./examples/quickstart -runtime pool:size=1`")
	assert.Equal(t, blocks[1].text, goTool(t, "run", "./examples/quickstart", "-runtime", "pool:size=1"))
}

func TestReadmeRunsWordcount(t *testing.T) {
	_, blocks := readme(t)
	require.Equal(t, "go run ./examples/wordcount .\n", blocks[2].text)
	out := strings.Split(strings.TrimSpace(goTool(t, "run", "./examples/wordcount", ".")), "\n")
	assert.Len(t, out, 11)
	assert.Regexp(t, `^files=\d+ words=\d+ bytes=\d+ skipped=\d+ runtime=goroutine elapsed=`, out[10])
}

// To run all tests from inside a test would run this one again, and so on for
// ever. So this runs one test, and checks that ./... names the packages that
// have to be tested.
func TestReadmeRunsTheTests(t *testing.T) {
	_, blocks := readme(t)
	require.Equal(t, "go test ./...\n", blocks[3].text)
	assert.Contains(t, goTool(t, "test", "-count=1", "-run=^TestUsageListsRuntimesAndOptions$", "."), "ok")
	packages := goTool(t, "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}", "./...")
	for _, p := range []string{"", "/core", "/registry", "/runtime/goroutine", "/examples/wordcount"} {
		assert.Contains(t, "\n"+packages, "\ngithub.com/troupe-go/troupe"+p+"\n")
	}
}

func TestReadmeGoDoc(t *testing.T) {
	text, _ := readme(t)
	require.Contains(t, text, "`go doc ./core` is\na short course.")
	assert.Contains(t, goTool(t, "doc", "./core"), "# Writing a runtime")
}

// overlay makes source files part of the module for one run of the go command,
// without writing them there. It returns the flag for that. (A test among them
// has to be in a folder that exists, and docs has no Go files of its own.)
func overlay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for name, text := range files {
		real := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		require.NoError(t, os.WriteFile(real, []byte(text), 0o600))
		inModule, err := filepath.Abs(name)
		require.NoError(t, err)
		replace[inModule] = real
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	list := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(list, text, 0o600))
	return "-overlay=" + list
}

func TestReadmeChoosesARuntime(t *testing.T) {
	_, blocks := readme(t)
	main := "package main\n\nimport (\n\t\"flag\"\n\t\"fmt\"\n\n\t\"github.com/troupe-go/troupe\"\n)\n\nfunc main() {\n" +
		blocks[4].text + "fmt.Printf(\"%T %v\\n\", rt, err)\n}\n"
	with := overlay(t, map[string]string{"examples/readme/main.go": main})
	assert.Equal(t, "*goroutine.Runtime <nil>\n", goTool(t, "run", with, "./examples/readme"))
	assert.Equal(t, "*pool.Runtime <nil>\n", goTool(t, "run", with, "./examples/readme", "-runtime", "pool:size=8,budget=64,patience=100ms"))
}

// The runtime that the README has passes the suite by the test that the
// README has.
func TestReadmeRuntimePassesTheSuite(t *testing.T) {
	_, blocks := readme(t)
	with := overlay(t, map[string]string{
		"docs/mine.go": "package mine\n\nimport \"github.com/troupe-go/troupe/core\"\n\n" + blocks[5].text,
		"docs/mine_test.go": "package mine\n\nimport (\n\t\"testing\"\n\n\t\"github.com/troupe-go/troupe/conformance\"\n" +
			"\t\"github.com/troupe-go/troupe/core\"\n)\n\n" + blocks[6].text,
	})
	assert.Contains(t, goTool(t, "test", "-v", with, "./docs"), "--- PASS: TestConformance")
}

// That the command has these options is checked where it is, in the bench
// module: its tests read the README too.
func TestReadmeMeasures(t *testing.T) {
	text, blocks := readme(t)
	assert.Equal(t, "go -C bench run . -quick -w ../README.md -plot ../docs/benchmarks.svg\n", blocks[7].text)
	_, rest, ok := strings.Cut(text, "<!-- begin: benchmarks -->\n")
	require.True(t, ok)
	table, _, ok := strings.Cut(rest, "<!-- end: benchmarks -->")
	require.True(t, ok)
	assert.Equal(t, 13, strings.Count(table, "\n| `"), "rows of the table")
}

var link = regexp.MustCompile(`\]\(([^)]+)\)`)

func TestReadmeLinks(t *testing.T) {
	text, _ := readme(t)
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		if strings.HasPrefix(m[1], "https://") {
			continue
		}
		file, place, _ := strings.Cut(m[1], "#")
		_, err := os.Stat(file)
		assert.NoError(t, err)
		if place != "" {
			heading := "(?mi)^#+ " + strings.ReplaceAll(place, "-", " ") + "$"
			assert.Regexp(t, heading, read(t, file))
		}
	}
}

// The program in the comment of package core prints what the comment says.
func TestCoreDocProgram(t *testing.T) {
	doc := read(t, "core/doc.go")
	_, rest, ok := strings.Cut(doc, "\tpackage main\n")
	require.True(t, ok)
	program, rest, ok := strings.Cut(rest, "\nIt prints\n\n")
	require.True(t, ok)
	want, _, _ := strings.Cut(rest, "\n\n")
	main := "package main\n" + strings.ReplaceAll(program, "\n\t", "\n")
	with := overlay(t, map[string]string{"examples/readme/main.go": main})
	assert.Equal(t, strings.TrimPrefix(want, "\t")+"\n", goTool(t, "run", with, "./examples/readme"))
}
