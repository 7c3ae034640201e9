package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/troupe-go/troupe/core"
)

// inboxSize is how many chunks may wait for one counter. It is small, for the
// chunks are large, and more would not make anything faster.
const inboxSize = 4

// count does the work on sys, and shuts sys down. When ctx ends it reports
// what has been counted by then.
func count(ctx context.Context, sys *core.System, cfg config) (report, error) {
	rep := report{start: time.Now(), runtime: cfg.runtime.String()}
	prog := newProgress(cfg.stderr)
	defer prog.stop()
	defer func() { shutdown(sys, rep.interrupted) }()
	team, err := hire(ctx, sys, cfg, prog)
	if err != nil {
		return rep, err
	}
	rep.badPaths, err = core.Ask(context.Background(), team.walker, walk{paths: cfg.paths}).Get(ctx)
	switch {
	case ctx.Err() != nil:
		rep.interrupted = true
	case err != nil:
		return rep, fmt.Errorf("walking: %w", err)
	}
	rep.result, err = team.collect(cfg.top)
	rep.files, rep.skipped = prog.files.Load(), prog.skipped.Load()
	return rep, err
}

// A team is the actors that share the work.
type team struct {
	walker   core.Ref[walk]
	counters []core.Ref[counterMsg]
	reducer  core.Ref[reducerMsg]
}

// hire spawns the team.
func hire(ctx context.Context, sys *core.System, cfg config, prog *progress) (t team, err error) {
	if t.reducer, err = core.Spawn(sys, newReducer(), core.Named("reducer")); err != nil {
		return t, err
	}
	for i := range cfg.workers {
		c, err := core.Spawn(sys, newCounter(t.reducer),
			core.Named(fmt.Sprint("counter-", i)), core.Bounded(inboxSize, core.Wait))
		if err != nil {
			return t, err
		}
		t.counters = append(t.counters, c)
	}
	w := &walker{interrupt: ctx, counters: t.counters, stdin: cfg.stdin, progress: prog}
	t.walker, err = core.Spawn(sys, w, core.Named("walker"))
	return t, err
}

// collect has the counters hand over what they have counted, behind every
// chunk that they have accepted, and the reducer add it up.
func (t team) collect(top int) (result, error) {
	ctx := context.Background()
	var flushed []core.Future[bool]
	for _, c := range t.counters {
		flushed = append(flushed, core.Ask(ctx, c, flush{}))
	}
	if _, err := core.Join(flushed...).Get(ctx); err != nil {
		return result{}, fmt.Errorf("counting: %w", err)
	}
	return core.Call(ctx, t.reducer, summary{top: top})
}

// shutdown ends the actors. After an interrupt the walker may be in a read of
// standard input that never returns, and the process ends without it.
func shutdown(sys *core.System, interrupted bool) {
	grace := time.Minute
	if interrupted {
		grace = 100 * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := sys.Shutdown(ctx)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		panic(err) // no actor here fails the system
	}
}
