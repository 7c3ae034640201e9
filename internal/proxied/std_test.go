package proxied

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/proxy"
)

// A buffer behind a proxy passes the test that the standard library has for
// readers, end of file with bytes before it included.
func TestReadWriter(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		content := strings.Repeat("to be or not to be\n", 1000)
		rw := ReadWriterProxy{spawn[io.ReadWriter](t, sys, new(bytes.Buffer))}
		n, err := io.Copy(rw, strings.NewReader(content))
		assert.NoError(t, err)
		assert.Equal(t, int64(len(content)), n)
		assert.NoError(t, iotest.TestReader(rw, []byte(content)))
	})
}

func TestReaderWithDataAndEOF(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		type readWriter struct {
			io.Reader
			io.Writer
		}
		var v io.ReadWriter = readWriter{iotest.DataErrReader(strings.NewReader("last words")), io.Discard}
		p := make([]byte, 100)
		n, err := ReadWriterProxy{spawn(t, sys, v)}.Read(p)
		assert.True(t, err == io.EOF)
		assert.Equal(t, "last words", string(p[:n]))
	})
}

// A file system behind a proxy, its files too, passes the standard library's
// test of file systems.
func TestFS(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		files := fstest.MapFS{
			"a.txt":     {Data: []byte("a")},
			"dir/b.txt": {Data: bytes.Repeat([]byte("b"), 10_000)},
			"dir/empty": {},
		}
		fsys := FSProxy{spawn[fs.FS](t, sys, files)}
		assert.NoError(t, fstest.TestFS(fsys, "a.txt", "dir/b.txt", "dir/empty"))
		_, err := fsys.Open("../a.txt")
		assert.ErrorIs(t, err, fs.ErrNotExist)
	})
}

// Two actors that copy from one to the other, each in its own turns.
func TestCopyBetweenActors(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		from := ReadWriterProxy{spawn[io.ReadWriter](t, sys, bytes.NewBufferString("message"))}
		to := spawn[io.ReadWriter](t, sys, new(bytes.Buffer))
		n, err := proxy.Call(testkit.Context(t), to, func(ctx context.Context, w io.ReadWriter) (int64, error) {
			return io.Copy(w, from.With(ctx))
		})
		require.NoError(t, err)
		assert.Equal(t, int64(7), n)
	})
}
