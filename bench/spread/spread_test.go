package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runs are files of runs that measured a scenario on plain Go, and on the pool
// at these multiples of it.
func runs(t *testing.T, scenario, reference, figure string, costs ...string) (files []string) {
	t.Helper()
	for _, cost := range costs {
		file := filepath.Join(t.TempDir(), "run.json")
		text := `{"scenario":"` + scenario + `","subject":"` + reference + `","` + figure + `":200.00,"n":7}` + "\n" +
			`{"scenario":"` + scenario + `","subject":"troupe/pool","` + figure + `":` + cost + `,"n":7}` + "\n"
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		files = append(files, file)
	}
	return files
}

func TestRatiosThatStayTogetherPass(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, "*", runs(t, "tell-1", "go/chan", "ns_per_op", "100.00", "119.00", "81.00")))
	assert.Equal(t, "tell-1           troupe/pool      ratios  0.500  0.595  0.405  ±19 % of ±20 %  ok\n", out.String())
}

func TestARatioThatIsFarFromTheMedianMisses(t *testing.T) {
	for _, cost := range []string{"121.00", "79.00"} {
		var out bytes.Buffer
		err := run(&out, "*", runs(t, "tell-1", "go/chan", "ns_per_op", cost, "100.00", "100.00"))
		require.EqualError(t, err, "1 of 1 ratios differ by more than their limit")
		assert.Contains(t, out.String(), "±21 % of ±20 %  MISSED\n")
	}
}

func TestContendedScenariosMayDifferByMore(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, "*", runs(t, "tell-8", "go/chan", "ns_per_op", "100.00", "100.00", "139.00")))
	require.Error(t, run(&out, "*", runs(t, "tell-8", "go/chan", "ns_per_op", "100.00", "100.00", "141.00")))
}

func TestScenariosOfMemoryAreComparedByBytes(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, "*", runs(t, "idle", "go/slice", "bytes_per_actor", "20.0", "20.0")))
	assert.Contains(t, out.String(), "0.100  0.100")
}

func TestOnlyWhatIsAskedForIsCompared(t *testing.T) {
	files := runs(t, "tell-1", "go/chan", "ns_per_op", "100.00", "300.00")
	require.EqualError(t, run(new(bytes.Buffer), "phony", files), "the runs have no ratio in common")
}

func TestFilesThatAreNotRunsAreRefused(t *testing.T) {
	good := runs(t, "tell-1", "go/chan", "ns_per_op", "100.00")[0]
	bad := filepath.Join(t.TempDir(), "bad.json")
	require.NoError(t, os.WriteFile(bad, []byte("| scenario |"), 0o600))
	require.ErrorContains(t, run(new(bytes.Buffer), "*", []string{good, bad}), "bad.json: invalid character")
	require.EqualError(t, run(new(bytes.Buffer), "*", []string{good}), "give the files of two runs or more")
}
