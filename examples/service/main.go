// Service keeps values in an actor and serves them over HTTP:
//
//	service [-runtime SPEC] [-addr ADDRESS]
//
// PUT /key takes the value in the form field value, and answers at once; GET
// /key gives it. When the store falls behind, a PUT is refused with 429. An
// interrupt, or SIGTERM, lets the requests that are under way finish, and has
// the store handle everything that it has accepted.
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
)

func main() {
	spec := troupe.FromEnv()
	flag.Var(&spec, "runtime", troupe.Usage())
	addr := flag.String("addr", "localhost:8080", "where to listen")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, spec, *addr); err != nil {
		slog.Error("service stopped", "err", err)
		os.Exit(1)
	}
}

// run opens the runtime and the port, and serves until ctx ends.
func run(ctx context.Context, spec troupe.Spec, addr string) error {
	rt, err := troupe.Open(spec)
	if err != nil {
		return err
	}
	sys := core.NewSystem(rt)
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return errors.Join(err, sys.Shutdown(ctx))
	}
	slog.Info("service listens", "addr", listener.Addr().String(), "runtime", spec.String())
	return serve(ctx, sys, listener)
}

// grace is how long requests and actors have to finish.
const grace = 10 * time.Second

// serve serves on listener until ctx ends, an actor fails fatally, or the
// server does. It shuts down the server first, then the actors, as the
// server's requests need them.
func serve(ctx context.Context, sys *core.System, listener net.Listener) error {
	store, err := core.Spawn(sys, &store{}, core.Named("store"), core.Bounded(1000, core.Refuse))
	if err != nil {
		return errors.Join(err, listener.Close(), sys.Shutdown(ctx))
	}
	server := &http.Server{Handler: routes(store), ReadHeaderTimeout: grace}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	select {
	case <-ctx.Done():
	case <-sys.Done():
	case err = <-failed:
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return errors.Join(err, server.Shutdown(end), sys.Shutdown(end))
}
