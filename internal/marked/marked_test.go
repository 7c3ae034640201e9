package marked_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/troupe-go/troupe/internal/marked"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const begin, end = "<!-- begin: figures -->\n", "<!-- end: figures -->"

// page is a file that has text.
func page(t *testing.T, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "page.md")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

func TestRewriteReplacesWhatIsBetweenTheMarkers(t *testing.T) {
	const other = "<!-- begin: other -->\nstays\n<!-- end: other -->\n"
	file := page(t, other+begin+"old\n"+end+"\nafter\n")
	require.NoError(t, marked.Rewrite(file, "figures", "new\n"))
	assert.Equal(t, other+begin+"new\n"+end+"\nafter\n", read(t, file))
}

func TestAPageWithoutMarkersStaysAsItIs(t *testing.T) {
	for _, old := range []string{"before", begin + "after", "before " + end, end + begin} {
		file := page(t, old)
		require.EqualError(t, marked.Rewrite(file, "figures", "new\n"), file+": no markers for the figures")
		assert.Equal(t, old, read(t, file))
	}
}

func TestThereHasToBeAPage(t *testing.T) {
	require.ErrorIs(t, marked.Rewrite(filepath.Join(t.TempDir(), "none"), "figures", ""), os.ErrNotExist)
}
