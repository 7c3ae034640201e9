package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.MainOf(m, main) }

// A client speaks to one service.
type client struct {
	t    *testing.T
	http http.Client
	base string
}

func newClient(t *testing.T, addr string) client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return client{t, http.Client{Transport: transport, Timeout: testkit.Patience}, "http://" + addr}
}

func (c client) do(method, key string, form url.Values) (status int, body string) {
	c.t.Helper()
	req, err := http.NewRequest(method, c.base+"/"+key, strings.NewReader(form.Encode()))
	require.NoError(c.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.http.Do(req)
	require.NoError(c.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(c.t, err)
	return res.StatusCode, strings.TrimSpace(string(text))
}

func (c client) get(key string) (int, string) { return c.do("GET", key, nil) }

func (c client) put(key, value string) int {
	status, _ := c.do("PUT", key, url.Values{"value": {value}})
	return status
}

// start serves on sys; end has it stop, and gives what it returned.
func start(t *testing.T, sys *core.System) (c client, end func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, sys, listener) }()
	c = newClient(t, listener.Addr().String())
	return c, func() error {
		cancel()
		return testkit.Wait(t, done, "the service to end")
	}
}

func TestService(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		c, end := start(t, sys)
		status, body := c.get("colour")
		assert.Equal(t, http.StatusNotFound, status)
		assert.Equal(t, "not found", body)
		assert.Equal(t, http.StatusAccepted, c.put("colour", "blue"))
		status, body = c.get("colour")
		assert.Equal(t, http.StatusOK, status)
		assert.Equal(t, "blue", body)
		c.http.CloseIdleConnections()
		assert.NoError(t, end())
	})
}

// A fatal error of an actor ends the service, which returns it.
func TestServiceEndsWithAFatalError(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		listener, err := net.Listen("tcp", "localhost:0")
		require.NoError(t, err)
		done := make(chan error, 1)
		go func() { done <- serve(t.Context(), sys, listener) }()
		errDisk := errors.New("disk is gone")
		bad, err := core.Spawn(sys, core.Func(func(context.Context, int) (any, error) { return nil, core.Fatal(errDisk) }))
		require.NoError(t, err)
		require.NoError(t, bad.Tell(t.Context(), 1))
		assert.ErrorIs(t, testkit.Wait(t, done, "the service to end"), errDisk)
	})
}

func TestStatusOfErrors(t *testing.T) {
	for err, want := range map[error]int{
		errNotFound:              http.StatusNotFound,
		core.ErrInboxFull:        http.StatusTooManyRequests,
		core.ErrDead:             http.StatusServiceUnavailable,
		context.DeadlineExceeded: http.StatusServiceUnavailable,
		core.ErrUnhandled:        http.StatusInternalServerError,
	} {
		w := httptest.NewRecorder()
		fail(w, err)
		assert.Equal(t, want, w.Code, err)
	}
}

// A store that is busy refuses what its inbox has no room for.
func TestBusyStoreRefuses(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		gate, entered := testkit.NewGate(t), make(chan struct{})
		busy, err := core.Spawn(sys, core.Func(func(ctx context.Context, msg any) (any, error) {
			if _, first := msg.(chan struct{}); first {
				close(entered)
				core.Blocking(ctx, gate.Pass)
			}
			return nil, nil
		}), core.Bounded(1, core.Refuse))
		require.NoError(t, err)
		require.NoError(t, busy.Tell(t.Context(), entered))
		testkit.Wait(t, entered, "the handler")
		for _, want := range []int{http.StatusAccepted, http.StatusTooManyRequests} {
			w := httptest.NewRecorder()
			routes(busy).ServeHTTP(w, httptest.NewRequest("PUT", "/x?value=1", nil))
			assert.Equal(t, want, w.Code)
		}
		gate.Open()
	})
}

func TestServiceThatCannotStart(t *testing.T) {
	ctx := testkit.Context(t)
	assert.ErrorIs(t, run(ctx, "gorotine", "localhost:0"), core.ErrInvalid)
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	assert.ErrorIs(t, run(ctx, "goroutine", taken.Addr().String()), syscall.EADDRINUSE)
}

// SIGTERM stops the program, which says what it had and on what it ran.
func TestTerminate(t *testing.T) {
	for _, spec := range testkit.Specs() {
		cmd := testkit.Command(t, "-addr", "localhost:0", "-runtime", spec)
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		log := newLog(stderr)
		c := newClient(t, log.waitFor(t, "addr="))
		assert.Equal(t, spec, strings.Trim(log.waitFor(t, "runtime="), `"`))
		assert.Equal(t, http.StatusAccepted, c.put("x", "1"))
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		assert.Equal(t, "1", log.waitFor(t, "keys="))
		assert.NoError(t, cmd.Wait())
	}
}

// A log is what a program writes.
type log struct {
	r    io.Reader
	text bytes.Buffer
}

func newLog(r io.Reader) *log { return &log{r: r} }

// waitFor reads until there is a word that begins with key, and gives the
// rest of that word.
func (l *log) waitFor(t *testing.T, key string) string {
	t.Helper()
	var one [1]byte
	for {
		n, err := l.r.Read(one[:])
		l.text.Write(one[:n])
		require.NoError(t, err, "the log has no %s:\n%s", key, l.text.String())
		if one[0] != ' ' && one[0] != '\n' {
			continue
		}
		words := strings.Fields(l.text.String())
		if last := words[len(words)-1]; strings.HasPrefix(last, key) {
			return strings.TrimPrefix(last, key)
		}
	}
}
