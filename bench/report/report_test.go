package report_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/report"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	tell = &harness.Scenario{
		Name: "tell", Op: "a message", Reference: "go/chan",
		Budgets: map[string]float64{"troupe/goroutine": 0.5, "troupe/pool": 0.5},
	}
	idle = &harness.Scenario{
		Name: "idle", Op: "an actor", Reference: "go/slice", Memory: true,
		Budgets: map[string]float64{"troupe/goroutine": 200, "troupe/pool": 200},
	}
)

// of is what was measured of a subject, once.
func of(s *harness.Scenario, subject string, cost, ratio float64) *harness.Series {
	sample := harness.Sample{N: 1000, Nanos: cost, Bytes: cost}
	return &harness.Series{Scenario: s, Subject: subject, Samples: []harness.Sample{sample}, Ratios: []float64{ratio}}
}

func measured() []*harness.Series {
	return []*harness.Series{
		of(tell, "go/chan", 50, 1), of(tell, "go/slice", 25, 0.5),
		of(tell, "troupe/goroutine", 25, 0.5), of(tell, "troupe/pool", 30, 0.6),
		of(tell, "phony", 150, 3), of(tell, "protoactor", 125, 2.5),
		of(idle, "go/slice", 2000, 1), of(idle, "troupe/goroutine", 180, 0.09), of(idle, "troupe/pool", 220, 0.11),
	}
}

func TestSummary(t *testing.T) {
	assert.Equal(t, strings.Join([]string{
		"| scenario | plain Go | goroutine | pool | locked | quickest peer |",
		"| --- | --- | --- | --- | --- | --- |",
		"| `tell`: a message | 50.0 ns (chan) | 25.0 ns, 0.50 (≤ 0.5) | 30.0 ns, **0.60** (≤ 0.5) | – | 125 ns, 2.50 (protoactor) |",
		"| `idle`: an actor | 2000 bytes (slice) | 180 bytes, 0.09 (≤ 200 bytes) | 220 bytes, **0.11** (≤ 200 bytes) | – | – |",
		"",
	}, "\n"), report.Summary(measured()))
}

func TestSummaryOfWhatHasNoReference(t *testing.T) {
	lone := of(tell, "troupe/pool", 30, 0)
	lone.Ratios = nil
	assert.Contains(t, report.Summary([]*harness.Series{lone}), "| – | – | 30.0 ns | – | – |")
}

func TestJSONIsReadAsItWasPrinted(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report.JSON(&out, measured()))
	assert.Equal(t, 9, strings.Count(out.String(), "\n"))
	assert.Contains(t, out.String(), `{"scenario":"tell","subject":"go/slice","ns_per_op":25.00,"allocs_per_op":0.00,`+
		`"boxes_per_op":0.00,"bytes_per_actor":25.0,"n":1000,"ratio":0.5000}`+"\n")
	lines, err := report.ReadJSON(&out)
	require.NoError(t, err)
	require.Len(t, lines, 9)
	assert.Equal(t, "troupe/pool", lines[8].Subject)
	assert.Equal(t, "220.0", lines[8].Bytes.String())
}

// What the handlers box is counted apart, and the sum is what was allocated.
func TestJSONHasTheBoxes(t *testing.T) {
	s := of(tell, "troupe/pool", 30, 0.6)
	s.Samples[0].Allocs, s.Samples[0].Boxes = 0.254, 1.004
	assert.Contains(t, printed(t, s), `"allocs_per_op":0.25,"boxes_per_op":1.00,`)
}

func printed(t *testing.T, s *harness.Series) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.JSON(&out, []*harness.Series{s}))
	require.NoError(t, report.Rows(&out, []*harness.Series{s}))
	return out.String()
}

// Fewer allocations than none are more boxes than there were: that must show.
func TestFiguresBelowZeroAreNotHidden(t *testing.T) {
	s := of(tell, "troupe/pool", 30, 0.6)
	s.Samples[0].Allocs = -0.5
	s.Samples[0].Figures = map[string]float64{"growth_bytes": -7}
	assert.Regexp(t, `"allocs_per_op":-0.50,(?s:.*)"growth_bytes":-7.000(?s:.*)\| -0.50 \|`, printed(t, s))
	s.Samples[0].Allocs = -0.001
	assert.NotContains(t, printed(t, s), "-0.00")
}

func TestJSONHasNoRatioWherePlainGoWasNotMeasured(t *testing.T) {
	lone := of(tell, "troupe/pool", 30, 0)
	lone.Ratios = nil
	var out bytes.Buffer
	require.NoError(t, report.JSON(&out, []*harness.Series{lone}))
	assert.NotContains(t, out.String(), "ratio")
}

// texts are those of a chart, which has to be XML that can be read.
func texts(t *testing.T, file string) (all []string) {
	t.Helper()
	in, err := os.Open(file)
	require.NoError(t, err)
	defer in.Close()
	for d := xml.NewDecoder(in); ; {
		token, err := d.Token()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		if text := strings.TrimSpace(string(chars(token))); text != "" {
			all = append(all, text)
		}
	}
}

func chars(token xml.Token) xml.CharData {
	text, _ := token.(xml.CharData)
	return text
}

func TestPlotHasABarForEachRatio(t *testing.T) {
	file := filepath.Join(t.TempDir(), "chart.svg")
	require.NoError(t, report.Plot(file, measured()))
	all := texts(t, file)
	for _, want := range []string{
		"tell", "idle", "0.1", "1", "10",
		"go/slice  0.50", "troupe/goroutine  0.50  (≤ 0.5)", "troupe/pool  0.60  (≤ 0.5, missed)", "protoactor  2.50",
		"troupe/pool  0.11  (≤ 200 bytes, missed)",
	} {
		assert.Contains(t, all, want)
	}
	assert.NotContains(t, all, "go/chan  1.00")
}

func TestPlotIsAnSVGOrAPNG(t *testing.T) {
	file := filepath.Join(t.TempDir(), "chart.png")
	require.NoError(t, report.Plot(file, measured()))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text), "\x89PNG"))
	require.Error(t, report.Plot(filepath.Join(t.TempDir(), "chart.bmp"), measured()))
}
