package core_test

import (
	"context"
	"log/slog"

	"github.com/troupe-go/troupe/internal/testkit"
)

const levelError = slog.LevelError

// panicking is a message that a Probe handles by a panic with v.
func panicking(v any) testkit.Do {
	return func(context.Context) (any, error) { panic(v) }
}
