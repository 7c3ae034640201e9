package testkit

import (
	"context"
	"log/slog"
	"slices"
	"sync"
)

// Records is a slog.Handler that keeps what is logged.
type Records struct {
	mu      *sync.Mutex
	records *[]Record
	attrs   []slog.Attr

	// Observe, if set before the first record, is called with every record
	// on the goroutine that logs it.
	Observe func(Record)
}

// A Record is one of them.
type Record struct {
	Level   slog.Level
	Message string
	Attrs   map[string]string
}

// NewRecords makes an empty Records that takes every level.
func NewRecords() *Records { return &Records{mu: new(sync.Mutex), records: new([]Record)} }

// Logger logs to r.
func (r *Records) Logger() *slog.Logger { return slog.New(r) }

// All are the records so far.
func (r *Records) All() []Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(*r.records)
}

// Messages are what the records of level say, in order.
func (r *Records) Messages(level slog.Level) (all []string) {
	for _, rec := range r.All() {
		if rec.Level == level {
			all = append(all, rec.Message)
		}
	}
	return all
}

// Enabled implements slog.Handler.
func (r *Records) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (r *Records) Handle(_ context.Context, rec slog.Record) error {
	kept := Record{rec.Level, rec.Message, map[string]string{}}
	for _, a := range r.attrs {
		kept.Attrs[a.Key] = a.Value.String()
	}
	rec.Attrs(func(a slog.Attr) bool { kept.Attrs[a.Key] = a.Value.String(); return true })
	r.mu.Lock()
	*r.records = append(*r.records, kept)
	r.mu.Unlock()
	if r.Observe != nil {
		r.Observe(kept)
	}
	return nil
}

// WithAttrs implements slog.Handler.
func (r *Records) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *r
	with.attrs = append(slices.Clone(r.attrs), attrs...)
	return &with
}

// WithGroup implements slog.Handler; groups are flattened.
func (r *Records) WithGroup(string) slog.Handler { return r }
