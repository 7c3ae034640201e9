package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// runs are files of runs that measured a scenario on plain Go, and on the pool
// at these ratios to it.
func runs(t *testing.T, scenario, reference string, ratios ...string) (files []string) {
	t.Helper()
	for _, ratio := range ratios {
		file := filepath.Join(t.TempDir(), "run.json")
		text := `{"scenario":"` + scenario + `","subject":"` + reference + `","n":7,"ratio":1}` + "\n" +
			`{"scenario":"` + scenario + `","subject":"troupe/pool","n":7,"ratio":` + ratio + "}\n"
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		files = append(files, file)
	}
	return files
}

func TestRatiosThatStayTogetherPass(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, "*", runs(t, "tell-1", "go/chan", "0.5", "0.595", "0.405")))
	assert.Equal(t, "tell-1           troupe/pool      ratios  0.500  0.595  0.405  ±19 % of ±20 %  ok\n", out.String())
}

func TestARatioThatIsFarFromTheMedianMisses(t *testing.T) {
	for _, ratio := range []string{"1.21", "0.79"} {
		var out bytes.Buffer
		err := run(&out, "*", runs(t, "tell-1", "go/chan", ratio, "1", "1"))
		require.EqualError(t, err, "1 of 1 ratios differ by more than their limit")
		assert.Contains(t, out.String(), "±21 % of ±20 %  MISSED\n")
	}
}

func TestContendedScenariosMayDifferByMore(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, "*", runs(t, "tell-8", "go/chan", "1", "1", "1.39")))
	require.Error(t, run(&out, "*", runs(t, "tell-8", "go/chan", "1", "1", "1.41")))
}

// A run that was cut off must not pass for what it has, whichever it is.
func TestARatioThatIsMissingInARunIsAnError(t *testing.T) {
	for _, missing := range []int{0, 1, 2} {
		files := runs(t, "tell-1", "go/chan", "1", "1", "1")
		for i, more := range runs(t, "ask", "go/pair", "1", "1", "1") {
			if i == missing {
				continue
			}
			text, err := os.ReadFile(more)
			require.NoError(t, err)
			add(t, files[i], string(text))
		}
		err := run(new(bytes.Buffer), "*", files)
		require.ErrorContains(t, err, files[missing]+" has no ratio of go/pair in ask to plain Go, and ")
		require.ErrorContains(t, err, " has: measure the same in every run, or leave it out with -subject")
	}
}

func add(t *testing.T, file, text string) {
	t.Helper()
	old, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, append(old, text...), 0o600))
}

func TestARunWithoutPlainGoIsAnError(t *testing.T) {
	files := runs(t, "tell-1", "go/chan", "1", "1")
	require.NoError(t, os.WriteFile(files[1], []byte(`{"scenario":"tell-1","subject":"troupe/pool","ns_per_op":100.00,"n":7}`), 0o600))
	require.ErrorContains(t, run(new(bytes.Buffer), "*", files), files[1]+" has no ratio of go/chan in tell-1 to plain Go, and "+files[0]+" has")
}

func TestAFileOfTwoRunsIsAnError(t *testing.T) {
	files := runs(t, "tell-1", "go/chan", "1", "1")
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	add(t, files[0], string(text))
	require.EqualError(t, run(new(bytes.Buffer), "*", files), files[0]+": the ratio of go/chan in tell-1 is there twice: give each run a file of its own")
}

func TestAScenarioThatIsNotThereIsAnError(t *testing.T) {
	files := runs(t, "shout", "go/chan", "1", "1")
	require.EqualError(t, run(new(bytes.Buffer), "*", files), files[0]+`: there is no scenario "shout"`)
}

func TestOnlyWhatIsAskedForIsCompared(t *testing.T) {
	files := runs(t, "tell-1", "go/chan", "1", "3")
	require.EqualError(t, run(new(bytes.Buffer), "phony", files), "the runs have no ratio to plain Go of what is picked")
	add(t, files[0], `{"scenario":"tell-1","subject":"phony","n":7,"ratio":2}`)
	require.ErrorContains(t, run(new(bytes.Buffer), "*", files), "has no ratio of phony in tell-1")
	require.EqualError(t, run(new(bytes.Buffer), "troupe/*", files), "1 of 1 ratios differ by more than their limit")
}

func TestFilesThatAreNotRunsAreRefused(t *testing.T) {
	good := runs(t, "tell-1", "go/chan", "1")[0]
	bad := filepath.Join(t.TempDir(), "bad.json")
	require.NoError(t, os.WriteFile(bad, []byte("| scenario |"), 0o600))
	require.ErrorContains(t, run(new(bytes.Buffer), "*", []string{good, bad}), "bad.json: invalid character")
	require.EqualError(t, run(new(bytes.Buffer), "*", []string{good}), "give the files of two runs or more")
}
