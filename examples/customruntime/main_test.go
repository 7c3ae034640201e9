package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/internal/testkit"
)

// TestMain is the program itself in a child of the test.
func TestMain(m *testing.M) {
	if os.Getenv("CUSTOMRUNTIME_MAIN") != "" {
		main()
		return
	}
	testkit.Main(m)
}

func TestPrints(t *testing.T) {
	for args, want := range map[string]string{
		"-floors=1000":       "1000 actors on single waited for each other and counted 1000\n",
		"-runtime=goroutine": "1000 actors on goroutine waited for each other and counted 1000\n",
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], args)
		cmd.Env = append(os.Environ(), "CUSTOMRUNTIME_MAIN=1")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		assert.Equal(t, want, string(out))
	}
}
