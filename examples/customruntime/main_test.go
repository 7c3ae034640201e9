package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.MainOf(m, main) }

func counted(spec string) string {
	return "1000 actors on " + spec + " waited for each other and counted 1000\n"
}

// Not on locked with a thread each: a user may not have as many threads.
func TestPrints(t *testing.T) {
	specs := []string{"single", "goroutine", "pool:size=1", "pool:size=4", "locked:threads=1", "locked:threads=2"}
	testkit.RunsOn(t, specs, counted)
	out, err := testkit.Command(t).Output()
	require.NoError(t, err)
	assert.Equal(t, counted("single"), string(out), "without a flag or a variable")
}
