package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.MainOf(m, main) }

// An outcome is how one run of the program went.
type outcome struct {
	exit           int
	stdout, stderr string
}

func wordcount(t *testing.T, stdin io.Reader, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	exit := run(testkit.Context(t), args, stdin, &stdout, &stderr)
	return outcome{exit, stdout.String(), stderr.String()}
}

var elapsed = regexp.MustCompile(`elapsed=[0-9.]+(ms|s|m[0-9.]+s)\n$`)

// words is stdout with the elapsed time, which must be there, made plain.
func (o outcome) words(t *testing.T) string {
	t.Helper()
	require.Regexp(t, elapsed, o.stdout)
	return elapsed.ReplaceAllString(o.stdout, "elapsed=T\n")
}

// write makes files below a new folder.
func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

func TestOutput(t *testing.T) {
	dir := write(t, map[string]string{
		"a.txt":         "The cat, the DOG; the Äpfel.\n",
		"sub/.hidden":   "cat 42 äPFEL\n",
		"sub/empty":     "",
		".git/binary":   "cat\x00cat",
		"latin1.txt":    "caf\xe9",
		"no-newline.md": "dog",
	})
	for _, spec := range testkit.Specs() {
		got := wordcount(t, nil, "-runtime", spec, "-workers", "3", "-top", "4", dir)
		assert.Equal(t, exitOK, got.exit, spec)
		assert.Equal(t, "the 3\ncat 2\ndog 2\näpfel 2\n"+
			"files=4 words=10 bytes=47 skipped=2 runtime="+spec+" elapsed=T\n", got.words(t), spec)
		assert.ElementsMatch(t, []string{
			"wordcount: skipped " + dir + "/.git/binary: not text",
			"wordcount: skipped " + dir + "/latin1.txt: not text",
		}, strings.Split(strings.TrimSpace(got.stderr), "\n"), spec)
	}
}

func TestTop(t *testing.T) {
	dir := write(t, map[string]string{"x": "b b a a c"})
	for top, want := range map[string]string{"0": "", "1": "a 2\n", "2": "a 2\nb 2\n", "9": "a 2\nb 2\nc 1\n"} {
		got := wordcount(t, nil, "-top", top, dir)
		assert.Equal(t, want+"files=1 words=5 bytes=9 skipped=0 runtime="+troupe.FromEnv().String()+" elapsed=T\n", got.words(t))
	}
}

func TestStandardInput(t *testing.T) {
	for _, spec := range testkit.Specs() {
		file := filepath.Join(write(t, map[string]string{"x": "one"}), "x")
		got := wordcount(t, iotest.OneByteReader(strings.NewReader("two two")), "-runtime", spec, "-", file)
		assert.Equal(t, exitOK, got.exit)
		assert.Equal(t, "two 2\none 1\nfiles=2 words=3 bytes=10 skipped=0 runtime="+spec+" elapsed=T\n", got.words(t))
		assert.Empty(t, got.stderr)
	}
}

func TestStandardInputThatIsNoText(t *testing.T) {
	got := wordcount(t, strings.NewReader("a\x00b"), "-")
	assert.Equal(t, exitFailed, got.exit)
	assert.Equal(t, "wordcount: skipped standard input: not text\n", got.stderr)
	assert.Contains(t, got.stdout, "files=0 words=0 bytes=0 skipped=1")
}

func TestReadingFails(t *testing.T) {
	text := strings.Repeat("word ", 20_000)
	broken := io.MultiReader(strings.NewReader(text), iotest.ErrReader(errors.New("cable cut")))
	got := wordcount(t, broken, "-")
	assert.Equal(t, exitFailed, got.exit)
	assert.Equal(t, "wordcount: skipped standard input: cable cut\n", got.stderr)
	assert.Contains(t, got.stdout, "word 20000\nfiles=0 words=20000 bytes=100000 skipped=1")
}

func TestPathThatIsNotThere(t *testing.T) {
	dir := write(t, map[string]string{"x": "one"})
	got := wordcount(t, nil, filepath.Join(dir, "nothing"), dir)
	assert.Equal(t, exitFailed, got.exit)
	assert.Equal(t, "wordcount: skipped "+dir+"/nothing: no such file or directory\n", got.stderr)
	assert.Contains(t, got.stdout, "one 1\nfiles=1 words=1 bytes=3 skipped=1", "the rest is counted")
}

func TestUnreadableFileAndFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := write(t, map[string]string{"a": "one", "locked": "two", "shut/x": "three"})
	require.NoError(t, os.Chmod(filepath.Join(dir, "locked"), 0))
	require.NoError(t, os.Chmod(filepath.Join(dir, "shut"), 0))
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "shut"), 0o700) })
	got := wordcount(t, nil, dir)
	assert.Equal(t, exitOK, got.exit)
	assert.Contains(t, got.stdout, "one 1\nfiles=1 words=1 bytes=3 skipped=2")
	assert.Contains(t, got.stderr, dir+"/locked: permission denied")
	assert.Contains(t, got.stderr, dir+"/shut: permission denied")
}

func TestSymbolicLinksAreNotFollowed(t *testing.T) {
	dir := write(t, map[string]string{"in/x": "one", "out/y": "two"})
	for link, to := range map[string]string{"in/file": "../out/y", "in/folder": "../out", "in/loop": ".", "in/dangling": "nothing"} {
		require.NoError(t, os.Symlink(to, filepath.Join(dir, link)))
	}
	got := wordcount(t, nil, filepath.Join(dir, "in"))
	assert.Equal(t, exitOK, got.exit)
	assert.Contains(t, got.stdout, "one 1\nfiles=1 words=1 bytes=3 skipped=0")
	assert.Empty(t, got.stderr)

	got = wordcount(t, nil, filepath.Join(dir, "in/file"))
	assert.Equal(t, exitFailed, got.exit)
	assert.Contains(t, got.stderr, "in/file: a symbolic link, which is not followed")
}

func TestArgumentThatIsNoFile(t *testing.T) {
	got := wordcount(t, nil, os.DevNull)
	assert.Equal(t, exitFailed, got.exit)
	assert.Contains(t, got.stderr, "neither a regular file nor a folder")
}

func TestBadArguments(t *testing.T) {
	for _, c := range []struct {
		says string
		args []string
	}{
		{"-top is -1; it must be 0 or more", []string{"-top", "-1", "."}},
		{`invalid value "x" for flag -top`, []string{"-top", "x", "."}},
		{"how many words to print, 0 or more", []string{"-top", "x", "."}},
		{"-workers is 0; it must be from 1 to 10000", []string{"-workers", "0", "."}},
		{"-workers is 10001", []string{"-workers", "10001", "."}},
		{"no PATH; give a file, a folder, or - for standard input", nil},
		{`unknown runtime "gorotine"; known are`, []string{"-runtime", "gorotine", "."}},
		{"unknown option size=1; this runtime has none", []string{"-runtime", "goroutine:size=1", "."}},
		{"flag provided but not defined: -x", []string{"-x", "."}},
		{"usage: wordcount [flags] PATH...", []string{"-x", "."}},
	} {
		got := wordcount(t, nil, c.args...)
		assert.Equal(t, exitUsage, got.exit, c.args)
		assert.Contains(t, got.stderr, c.says)
		assert.Contains(t, got.stderr, "usage: wordcount [flags] PATH...")
		assert.Empty(t, got.stdout)
	}
}

func TestRuntimeOfTheEnvironment(t *testing.T) {
	for spec, says := range map[string]string{
		"gorotine": "known are", "goroutine:size=1": "this runtime has none",
	} {
		t.Setenv(troupe.EnvVar, spec)
		got := wordcount(t, nil, ".")
		assert.Equal(t, exitUsage, got.exit)
		assert.Contains(t, got.stderr, says)
		assert.Contains(t, got.stderr, "usage: wordcount [flags] PATH...")
	}
}

func TestHelp(t *testing.T) {
	got := wordcount(t, nil, "-h")
	assert.Equal(t, exitOK, got.exit)
	assert.Contains(t, got.stderr, "-runtime")
}

func TestOutputThatCannotBeWritten(t *testing.T) {
	r, w := io.Pipe()
	require.NoError(t, r.Close())
	var stderr bytes.Buffer
	exit := run(t.Context(), []string{write(t, map[string]string{"x": "one"})}, nil, w, &stderr)
	assert.Equal(t, exitFailed, exit)
	assert.Contains(t, stderr.String(), "closed pipe")
}

// Whoever interrupts the walk gets what was counted, though standard input
// neither ends nor goes on.
func TestInterrupt(t *testing.T) {
	for _, spec := range testkit.Specs() {
		ctx, cancel := context.WithCancel(testkit.Context(t))
		r, w := io.Pipe()
		go func() {
			_, _ = io.WriteString(w, strings.Repeat("word ", 100_000))
			_, _ = io.WriteString(w, "last ") // is read by the read behind the last chunk
			cancel()
		}()
		var stdout, stderr bytes.Buffer
		exit := run(ctx, []string{"-runtime", spec, "-"}, r, &stdout, &stderr)
		require.NoError(t, w.Close()) // only now does the read of standard input end
		assert.Equal(t, exitInterrupted, exit, spec)
		// What was read last may be counted or not, all before it is.
		assert.Regexp(t, `^word 100000\n(last 1\nfiles=0 words=100001 bytes=500005|files=0 words=100000 bytes=500000) skipped=0 `, stdout.String())
		assert.Empty(t, stderr.String())
	}
}

// The same, of the program itself and by a signal.
func TestInterruptSignal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no way to send a process of one's own an interrupt")
	}
	cmd := testkit.Command(t, "-top", "1", "-")
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	require.NoError(t, cmd.Start())
	_, err = io.WriteString(stdin, strings.Repeat("word ", 100_000)) // more than a pipe holds
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	err = cmd.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Equal(t, exitInterrupted, exit.ExitCode())
	assert.Regexp(t, `^word \d+\nfiles=0 words=\d+ bytes=\d+ skipped=0 `, stdout.String())
}
