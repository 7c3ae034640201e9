package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/troupe-go/troupe/core"
)

// walk has the walker read paths, and replies with how many of them could not
// be read.
type walk struct {
	core.Returns[int]
	paths []string
}

// A walker reads files and hands their text to the counters in turn.
type walker struct {
	interrupt context.Context // ends when the walk is to end early
	counters  []core.Ref[counterMsg]
	next      int // which counter is given the next chunk
	stdin     io.Reader
	progress  *progress
}

func (w *walker) Receive(ctx context.Context, msg walk) (any, error) {
	bad := 0
	for _, path := range msg.paths {
		ok, err := w.path(ctx, path)
		switch {
		case w.interrupt.Err() != nil:
			return bad, nil
		case err != nil:
			return bad, err
		}
		if !ok {
			bad++
		}
	}
	return bad, nil
}

// path reads one argument of the program. It reports whether that was there
// and readable; an error ends the walk.
func (w *walker) path(ctx context.Context, path string) (ok bool, err error) {
	if path == "-" {
		return w.source(ctx, "standard input", w.stdin)
	}
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return w.skip(path, err), nil
	case info.Mode()&fs.ModeSymlink != 0:
		return w.skip(path, errors.New("a symbolic link, which is not followed")), nil
	case info.IsDir():
		return w.folder(ctx, path)
	case !info.Mode().IsRegular():
		return w.skip(path, errors.New("neither a regular file nor a folder")), nil
	}
	return w.file(ctx, path)
}

// folder reads every regular file below root. What is below and cannot be
// read does not make root unreadable.
func (w *walker) folder(ctx context.Context, root string) (ok bool, err error) {
	ok = true
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case w.interrupt.Err() != nil:
			return context.Cause(w.interrupt)
		case err != nil:
			w.skip(path, err)
			ok = ok && path != root
		case d.Type().IsRegular():
			_, err := w.file(ctx, path)
			return err
		}
		return nil
	})
	return ok, err
}

func (w *walker) file(ctx context.Context, path string) (ok bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return w.skip(path, err), nil
	}
	defer f.Close()
	return w.source(ctx, path, f)
}

// source hands the text of r to the counters. If reading fails on the way,
// what came before has been handed over, and the file counts as skipped.
func (w *walker) source(ctx context.Context, name string, r io.Reader) (ok bool, err error) {
	chunks, err := newChunks(blockingReader{ctx, r})
	if err != nil {
		return w.skip(name, err), nil
	}
	for {
		c, err := chunks.next()
		switch {
		case w.interrupt.Err() != nil:
			return false, context.Cause(w.interrupt)
		case err == io.EOF:
			w.progress.files.Add(1)
			return true, nil
		case err != nil:
			return w.skip(name, err), nil
		}
		if err := w.hand(ctx, c); err != nil {
			return false, err
		}
	}
}

// hand gives the chunk to the counter whose turn it is, and waits until there
// is room in its inbox.
func (w *walker) hand(ctx context.Context, c chunk) error {
	w.progress.bytes.Add(int64(c.size))
	to := w.counters[w.next]
	w.next = (w.next + 1) % len(w.counters)
	return to.Tell(ctx, c)
}

// skip notes that name is not counted, and why. It returns false.
func (w *walker) skip(name string, why error) bool {
	var pathErr *fs.PathError
	if errors.As(why, &pathErr) {
		why = pathErr.Err // which does not name the path again
	}
	w.progress.skip(name, why)
	return false
}

// A blockingReader gives the actor's place to others while it reads, for a
// read may take as long as somebody at a keyboard does.
type blockingReader struct {
	ctx context.Context
	r   io.Reader
}

func (b blockingReader) Read(p []byte) (n int, err error) {
	core.Blocking(b.ctx, func() { n, err = b.r.Read(p) })
	return n, err
}
