package main

import (
	"context"
	"errors"

	"github.com/troupe-go/troupe/core"
)

// put sets a key; nobody waits for it.
type put struct{ key, value string }

// lookUp asks for the value of a key; the error is errNotFound if it has none.
type lookUp struct {
	core.Returns[string]
	key string
}

var errNotFound = errors.New("not found")

// A store is an actor that keeps values.
type store struct{ values map[string]string }

// OnStart implements core.Starter.
func (s *store) OnStart(ctx context.Context) error {
	s.values = map[string]string{}
	core.Logger(ctx).Info("store is open")
	return nil
}

// OnStop implements core.Stopper.
func (s *store) OnStop(ctx context.Context) error {
	core.Logger(ctx).Info("store is closed", "keys", len(s.values))
	return nil
}

// Receive implements core.Actor.
func (s *store) Receive(_ context.Context, msg any) (any, error) {
	switch msg := msg.(type) {
	case put:
		s.values[msg.key] = msg.value
		return nil, nil
	case lookUp:
		if v, ok := s.values[msg.key]; ok {
			return v, nil
		}
		return nil, errNotFound
	}
	return nil, core.ErrUnhandled
}
