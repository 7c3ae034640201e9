// Wordcount counts the words of files with actors and prints those that are
// most frequent:
//
//	wordcount [-runtime SPEC] [-top N] [-workers N] PATH...
//
// A PATH is a file, a folder, or - for standard input. Of a folder every
// regular file is read, hidden ones too; symbolic links are not followed.
// Files that cannot be read, and those that are not text, are named on
// standard error and skipped.
//
// The words come out one a line, with their counts, and then one line of
// totals. The program exits with 0, with 1 if a PATH could not be read, with
// 2 if its arguments were wrong, and with 130 after Ctrl-C, having printed
// what was counted until then.
//
// A walker reads and hands chunks of text to counters, whose inboxes are
// bounded, so that it waits when they fall behind; a reducer adds up what they
// have counted. The memory that this takes depends on how many different
// words there are, and not on how many.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"

	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
)

// The ways in which the program exits.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130 // as a shell says it of SIGINT
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main with the world as arguments; it returns how to exit.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cfg, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	}
	rt, err := troupe.Open(cfg.runtime)
	if err != nil {
		fmt.Fprintf(stderr, "wordcount: %v\n", err)
		return exitFailed
	}
	cfg.stdin, cfg.stderr = stdin, stderr
	rep, err := count(ctx, core.NewSystem(rt), cfg)
	if err == nil {
		err = rep.print(stdout)
	}
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "wordcount: %v\n", err)
		return exitFailed
	case rep.interrupted:
		return exitInterrupted
	case rep.badPaths > 0:
		return exitFailed
	}
	return exitOK
}

// A config is what the program was asked to do, and where.
type config struct {
	runtime troupe.Spec
	top     int
	workers int
	paths   []string
	stdin   io.Reader
	stderr  io.Writer
}

func parse(args []string, stderr io.Writer) (config, error) {
	cfg := config{runtime: troupe.FromEnv()}
	fs := flag.NewFlagSet("wordcount", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprintln(stderr, "usage: wordcount [flags] PATH...\nA PATH is a file, a folder, or - for standard input.")
		fs.PrintDefaults()
	}
	fs.Var(&cfg.runtime, "runtime", troupe.Usage())
	fs.IntVar(&cfg.top, "top", 10, "how many words to print, 0 or more")
	fs.IntVar(&cfg.workers, "workers", runtime.GOMAXPROCS(0), "how many actors count, 1 to 10000")
	if err := fs.Parse(args); err != nil {
		return cfg, err
	}
	cfg.paths = fs.Args()
	err := cfg.check()
	if err != nil {
		fmt.Fprintf(stderr, "wordcount: %v\n", err)
		fs.Usage()
	}
	return cfg, err
}

func (c config) check() error {
	switch {
	case c.top < 0:
		return fmt.Errorf("-top is %d; it must be 0 or more", c.top)
	case c.workers < 1 || c.workers > 10_000:
		return fmt.Errorf("-workers is %d; it must be from 1 to 10000", c.workers)
	case len(c.paths) == 0:
		return errors.New("no PATH; give a file, a folder, or - for standard input")
	}
	return c.runtime.Set(c.runtime.String()) // that of the environment has not been checked
}
