package core

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
)

// What is logged, and at which level, is Pykka's: a life is four records at
// DEBUG, an error that an asker gets is INFO, a message that nobody handles
// is WARN, every other error is ERROR. Nothing that a message costs depends
// on it: a record is made only for what is logged.

func (a *actor) log(level slog.Level, msg string, attrs ...any) {
	defer func() { _ = recover() }() // the panic of a log handler is not the actor's
	l := a.kind.sys.logger
	ctx := context.Background()
	if !l.Enabled(ctx, level) {
		return
	}
	l.Log(ctx, level, msg, append(a.logAttrs(), attrs...)...)
}

func (a *actor) logAttrs() []any {
	attrs := []any{"actor", a.kind.name, "urn", a.urn()}
	if name := a.name(); name != "" {
		attrs = append(attrs, "name", name)
	}
	return attrs
}

func (a *actor) logError(msg string, err error) {
	a.log(slog.LevelError, msg, errAttrs(err)...)
}

func (a *actor) logAsked(err error) {
	a.log(slog.LevelInfo, "handler failed; the asker has the error", errAttrs(err)...)
}

func (a *actor) logUnhandled(msg any) {
	a.log(slog.LevelWarn, "message not handled", "message", msg)
}

func errAttrs(err error) []any {
	attrs := []any{"err", err}
	var p *PanicError
	if quietly(func() bool { return errors.As(err, &p) }) {
		attrs = append(attrs, "stack", string(p.Stack))
	}
	return attrs
}

// guard calls f, which is a user's, and logs its panic.
func (a *actor) guard(what string, f func()) {
	defer func() {
		if p := recover(); p != nil {
			a.logError(what+" panicked", &PanicError{p, debug.Stack()})
		}
	}()
	f()
}

func (a *actor) kindName() string {
	if a == nil {
		return "the zero Ref"
	}
	return a.kind.name
}
