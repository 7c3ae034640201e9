package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/conformance"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestTable(t *testing.T) {
	result := func(id, failure, skipped, lacks string) conformance.Result {
		return conformance.Result{Rule: conformance.Rule{ID: id, Must: true}, Failure: failure, Skipped: skipped, Lacks: lacks}
	}
	good := &conformance.Report{Results: []conformance.Result{result("wake/a", "", "", ""), result("wait/b", "", "", "Parker")}}
	bad := &conformance.Report{Results: []conformance.Result{result("wake/a", "no", "", ""), result("wait/b", "", "why", "")}}
	const want = `| area | goroutine | pool | locked | customruntime |
| --- | --- | --- | --- | --- |
| wake | ✓ | ✗ | ✓ | ✓ |
| wait | – | ✓ MUST | – | – |
`
	assert.Equal(t, want, table([][]conformance.Area{good.Areas(), bad.Areas(), good.Areas(), good.Areas()}))
}

func TestSummary(t *testing.T) {
	r := &conformance.Report{Results: []conformance.Result{
		{Rule: conformance.Rule{ID: "wake/a"}}, {Lacks: "Parker"}, {Rule: conformance.Rule{ID: "wake/b"}, Failure: "no"},
	}}
	assert.Equal(t, "keeps 1 rules, 1 do not apply, breaks wake/b", summary(r))
}

func TestWorst(t *testing.T) {
	areas := func(verdicts ...string) (all []conformance.Area) {
		for _, v := range verdicts {
			all = append(all, conformance.Area{Name: "area", Verdict: v})
		}
		return all
	}
	assert.Equal(t, areas("ok", "-"), worst(nil, areas("ok", "-")))
	assert.Equal(t, areas("partial", "partial", "-"), worst(areas("partial", "ok", "-"), areas("ok", "partial", "-")))
}

func TestCPUList(t *testing.T) {
	var l cpuList
	require.NoError(t, l.Set("1,2,8"))
	assert.Equal(t, cpuList{1, 2, 8}, l)
	assert.Equal(t, "1,2,8", l.String())
	for _, bad := range []string{"", "0", "two", "1,"} {
		assert.ErrorContains(t, l.Set(bad), "is no number of CPUs", bad)
	}
}
