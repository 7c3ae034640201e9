package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/guard"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/scenarios"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/internal/testkit"
)

// Each measurement is made by a new process, which is this test's program.
// A test of the whole command starts it with arguments.
func TestMain(m *testing.M) {
	harness.Child(scenarios.All())
	if args := os.Getenv("TROUPE_BENCH_TEST_ARGS"); args != "" {
		os.Args = append(os.Args[:1], strings.Fields(args)...)
		main()
		return
	}
	// Otherwise each process of the race detector waits a second at its end.
	os.Setenv("GORACE", os.Getenv("GORACE")+" atexit_sleep_ms=0")
	testkit.Main(m)
}

// little is for a measurement whose result does not matter.
func little(args ...string) []string {
	return append([]string{"-rounds", "1", "-time", "1us", "-scenario", "call", "-subject", "go/pair,troupe/pool"}, args...)
}

func TestRunPrintsDrawsAndWrites(t *testing.T) {
	dir := t.TempDir()
	page, chart := filepath.Join(dir, "page.md"), filepath.Join(dir, "chart.svg")
	require.NoError(t, os.WriteFile(page, []byte("<!-- begin: benchmarks -->\n<!-- end: benchmarks -->\n"), 0o600))
	var out bytes.Buffer
	require.NoError(t, run(little("-w", page, "-plot", chart), &out))
	assert.Regexp(t, `(?m)^\| call \| go/pair \| 1 \|`, out.String())
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Regexp(t, "(?m)^\\| `call`: .* \\(pair\\) \\| – \\| [0-9.]+ ns, ", string(text))
	assert.Regexp(t, `(?m)^go1\.[0-9.]+ .*GOMAXPROCS \d+`, string(text))
	assert.FileExists(t, chart)
}

// fewest is little, by as many pairs as the guard needs.
func fewest(args ...string) []string {
	return append(little("-rounds", strconv.Itoa(guard.Fewest)), args...)
}

func TestRecordThenCheck(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ratios.json")
	require.NoError(t, run(fewest("-record", file), new(bytes.Buffer)))
	record, err := guard.Read(file)
	require.NoError(t, err)
	require.Len(t, record.Ratios, 1)
	assert.Equal(t, "troupe/pool", record.Ratios[0].Subject)
	assert.Len(t, record.Ratios[0].Pairs, guard.Fewest)

	for ratio, loss := range map[float64]bool{1e9: false, 1e-9: true} {
		record.Ratios[0].Pairs = slices.Repeat([]float64{ratio}, guard.Fewest)
		require.NoError(t, record.Write(file))
		var out bytes.Buffer
		err := run(fewest("-check", file), &out)
		if loss {
			require.ErrorContains(t, err, "call on troupe/pool: recorded 0.000")
			continue
		}
		require.NoError(t, err)
		assert.Regexp(t, `^kept   call on troupe/pool: `, out.String())
	}
}

// Whoever records a part anew keeps the rest.
func TestRecordingAPartKeepsTheRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ratios.json")
	record := guard.NewRecord(nil)
	pairs := slices.Repeat([]float64{7}, guard.Fewest)
	record.Ratios = []guard.Ratio{{Scenario: "call", Subject: "troupe/pool", Pairs: pairs}, {Scenario: "ask", Subject: "troupe/pool", Pairs: pairs}}
	require.NoError(t, record.Write(file))
	require.NoError(t, run(fewest("-record", file), new(bytes.Buffer)))
	got, err := guard.Read(file)
	require.NoError(t, err)
	require.Len(t, got.Ratios, 2)
	assert.NotEqual(t, record.Ratios[0], got.Ratios[0])
	assert.Equal(t, record.Ratios[1], got.Ratios[1])

	record.Go = "go1.0"
	require.NoError(t, record.Write(file))
	require.ErrorContains(t, run(fewest("-record", file), new(bytes.Buffer)), "ratios.json: what is recorded is of go1.0 and")
}

// All of it is what is measured if nothing is said of what to measure.
func TestRecordingAllKeepsNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ratios.json")
	record := guard.NewRecord(nil)
	record.Ratios = []guard.Ratio{{Scenario: "gone"}}
	require.NoError(t, record.Write(file))
	for args, kept := range map[string]int{"": 0, "-scenario call": 1, "-subject troupe/*": 1} {
		o, err := parse(append(strings.Fields(args), "-record", file))
		require.NoError(t, err)
		old, err := o.kept()
		require.NoError(t, err)
		assert.Len(t, old.Ratios, kept, args)
	}
}

func TestAFileThatIsNoRecordIsRefused(t *testing.T) {
	before, err := os.ReadFile("main.go")
	require.NoError(t, err)
	for _, option := range []string{"-check", "-record"} {
		require.ErrorContains(t, run(fewest(option, "main.go"), new(bytes.Buffer)), "main.go is not what -record writes, a JSON object of ratios: invalid character '/'")
	}
	after, err := os.ReadFile("main.go")
	require.NoError(t, err)
	assert.Equal(t, before, after)
}

func TestACheckThatComparesNothingFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ratios.json")
	record := guard.NewRecord(nil)
	record.Go = "go1.0"
	require.NoError(t, record.Write(file))
	require.ErrorContains(t, run(fewest("-check", file), new(bytes.Buffer)), "ratios.json: no ratio is recorded of call on troupe/pool")
	require.ErrorContains(t, run([]string{"-check", file, "-scenario", "call", "-subject", "phony"}, new(bytes.Buffer)), "there is nothing to compare")
	require.ErrorContains(t, run([]string{"-record", file, "-scenario", "call", "-subject", "phony"}, new(bytes.Buffer)), "there is nothing to measure")

	record.Ratios = []guard.Ratio{{Scenario: "call", Subject: "troupe/pool", Pairs: []float64{1e9}}}
	require.NoError(t, record.Write(file))
	require.ErrorContains(t, run(fewest("-check", file), new(bytes.Buffer)), "ratios.json: there are fewer than 15 pairs of call on troupe/pool")

	record.Ratios[0].Pairs = slices.Repeat([]float64{1e9}, guard.Fewest)
	require.NoError(t, record.Write(file))
	var out bytes.Buffer
	require.NoError(t, run(fewest("-check", file), &out))
	assert.Regexp(t, `^note: recorded with go1\.0, .*\nkept   call on troupe/pool: `, out.String())
}

// A quick run has no time for all subjects, and the guard is as quick; but who
// asks for a subject gets it.
func TestAQuickRunLeavesSubjectsOut(t *testing.T) {
	for args, want := range map[string][2]bool{ // whether go-actor and troupe/locked are measured
		"":                           {true, true},
		"-quick":                     {false, false},
		"-check x":                   {false, false},
		"-record x":                  {false, false},
		"-quick -subject go-actor":   {true, false},
		"-quick -subject troupe/*":   {false, true},
		"-check x -subject troupe/*": {false, true},
	} {
		o, err := parse(strings.Fields(args))
		require.NoError(t, err)
		picked, err := harness.Select(scenarios.All(), "ping-pong,ring,call,call-64,ask")
		require.NoError(t, err)
		for _, s := range picked {
			measured := o.subjectsOf(s)
			assert.Equal(t, want, [2]bool{slices.Contains(measured, "go-actor"), slices.Contains(measured, "troupe/locked")}, "%s of %s", args, s.Name)
		}
	}
}

// Nor has it time to start a hundred thousand actors of peers that take long.
func TestAQuickRunLeavesSlowPeersOut(t *testing.T) {
	picked, err := harness.Select(scenarios.All(), "spawn,skynet")
	require.NoError(t, err)
	for args, want := range map[string]bool{"": true, "-quick": false, "-quick -subject phony,hollywood,protoactor": true} {
		o, err := parse(strings.Fields(args))
		require.NoError(t, err)
		for _, s := range picked {
			measured := o.subjectsOf(s)
			assert.Contains(t, measured, "phony", "%s of %s", args, s.Name)
			assert.Equal(t, want, slices.Contains(measured, "hollywood"), "%s of %s", args, s.Name)
			assert.Equal(t, want, slices.Contains(measured, "protoactor"), "%s of %s", args, s.Name)
		}
	}
}

// Whoever adds what is guarded has to record it.
func TestTheRecordHasEveryGuardedPair(t *testing.T) {
	record, err := guard.Read("ratios.json")
	require.NoError(t, err)
	o, err := parse([]string{"-check", "ratios.json"})
	require.NoError(t, err)
	picked, err := harness.Select(scenarios.All(), o.scenario)
	require.NoError(t, err)
	_, pairs := o.guarded(picked)
	record.GOMAXPROCS = runtime.GOMAXPROCS(0) // whichever that is here
	require.NoError(t, record.Fits(pairs))
	assert.Len(t, record.Ratios, len(pairs))
}

func TestGuardMeasuresEnoughPairs(t *testing.T) {
	o, err := parse([]string{"-check", "ratios.json"})
	require.NoError(t, err)
	slow := &harness.Scenario{QuickRounds: 1}
	assert.Equal(t, 15, o.guardPlan(slow).RoundsOf(slow))
	assert.Equal(t, 101, o.guardPlan(&harness.Scenario{}).RoundsOf(&harness.Scenario{}))
}

func TestHelpIsNoError(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run([]string{"-help"}, &out))
	assert.Contains(t, out.String(), "\n  -quick\n")
	assert.NotContains(t, out.String(), flag.ErrHelp.Error())
}

// Who mistypes an option reads what was wrong, once, and not all options.
func TestAnOptionThatIsNotThereIsSaidOnce(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "TROUPE_BENCH_TEST_ARGS=-quik")
	text, err := cmd.CombinedOutput()
	require.Error(t, err)
	assert.Equal(t, "bench: flag provided but not defined: -quik (-help lists the options)\n", string(text))
}

// What cannot be done must not be found out after minutes of measuring.
func TestOptionsThatCannotBeFollowedAreRefusedBeforeTheMeasurement(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "page.md")
	require.NoError(t, os.WriteFile(page, []byte("no markers"), 0o600))
	for args, want := range map[string]string{
		"-plot x.bmp":            "-plot x.bmp: the name of a chart ends in .svg or .png",
		"-plot x":                "-plot x: the name of a chart ends in .svg or .png",
		"-plot /none/x.svg":      "-plot: open /none/",
		"-plot " + dir + "/.svg": "",
		"-w nosuch.md":           "-w nosuch.md: open nosuch.md: no such file",
		"-w " + page:             "-w " + page + ": no markers for the benchmarks; a table is written between a line <!-- begin: benchmarks --> and a line <!-- end: benchmarks -->",
		"-record /none/x.json":   "-record: open /none/",
		"-record .":              "-record: open .: is a directory",

		"-rounds -3":                    "-rounds is -3: give a number of rounds, or 0 for the default",
		"-time -5s":                     "-time is -5s: give a time, or 0 for the default",
		"-record x -rounds 14":          "-rounds is 14: a ratio is recorded and checked by 15 pairs or more",
		"-check ratios.json -rounds 1":  "-rounds is 1: a ratio is recorded and checked by 15 pairs or more",
		"-record x -check x":            "-record and -check are one thing after the other: check first, then record what you accept",
		"-check ratios.json -json":      "-record and -check print ratios only: run -json, -plot and -w without them",
		"-record x -plot x.svg":         "-record and -check print ratios only",
		"-check ratios.json -w " + page: "-record and -check print ratios only",
	} {
		o, err := parse(strings.Fields(args))
		if err == nil {
			err = o.validateFiles()
		}
		if want == "" {
			require.NoError(t, err, args)
			continue
		}
		require.ErrorContains(t, err, want, args)
		require.ErrorContains(t, run(append(strings.Fields(args), "-scenario", "call", "-subject", "troupe/pool"), new(bytes.Buffer)), want, args)
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1)
}

func TestOptionsThatAreNotThereAreRefused(t *testing.T) {
	require.EqualError(t, run([]string{"tell-1"}, new(bytes.Buffer)), `unexpected argument "tell-1" (-help lists the options)`)
	for args, want := range map[string]string{
		"-scenario tel":                          `no scenario or group is called "tel": README.md lists them`,
		"-scenario tell-1,tel":                   `no scenario or group is called "tel": README.md lists them`,
		"-subject nonsense":                      `no subject is called "nonsense": there are go/chan, `,
		"-subject troupe/pool,nonsense":          `no subject is called "nonsense": there are go/chan, `,
		"-check ratios.json -subject nonsense":   `no subject is called "nonsense": there are go/chan, `,
		"-scenario spawn -subject troupe/locked": `there is nothing to measure: `,
	} {
		require.ErrorContains(t, run(strings.Fields(args), new(bytes.Buffer)), want, args)
	}
}

var command = regexp.MustCompile(`go (?:-C bench )?run \. (-[^\n#>` + "`" + `]*)`)

// What the pages say one can run has options that there are.
func TestDocumentedCommands(t *testing.T) {
	for page, least := range map[string]int{"README.md": 4, "../README.md": 1, "../docs/performance.md": 4, "../Makefile": 2} {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		found := command.FindAllStringSubmatch(string(text), -1)
		assert.GreaterOrEqual(t, len(found), least, page)
		for _, m := range found {
			o, err := parse(strings.Fields(strings.ReplaceAll(m[1], "'", "")))
			require.NoError(t, err, m[0])
			_, err = harness.Select(scenarios.All(), o.scenario)
			require.NoError(t, err, m[0])
			require.NoError(t, harness.Known(o.subject, subjects.Names()), m[0])
		}
	}
}
