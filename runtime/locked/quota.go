package locked

import (
	"fmt"
	"os"
	"sync"
)

// A LimitError says that an actor was refused because its thread would have
// been one too many.
type LimitError struct {
	Max int // how many threads there may be
}

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf(`locked: no more than %d threads; the option Max, or "locked:max=N", allows N`, e.Max)
}

// A quota is how many threads there may be at a time.
type quota struct {
	max  func() int
	mu   sync.Mutex
	used int
}

func newQuota(n int) *quota { return &quota{max: func() int { return n }} }

// processQuota is that of the Runtimes without one of their own.
var processQuota = quota{max: sync.OnceValue(func() int { return defaultMax(os.DirFS("/")) })}

// ProcessMax is how many threads all Runtimes without a [Max] may have at a
// time.
func ProcessMax() int { return processQuota.max() }

func (q *quota) take() error {
	most := q.max()
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.used >= most {
		return &LimitError{most}
	}
	q.used++
	return nil
}

func (q *quota) give() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.used--
}
