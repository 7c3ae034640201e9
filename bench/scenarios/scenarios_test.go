package scenarios_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/scenarios"
	"github.com/troupe-go/troupe/bench/subjects"
)

// Every scenario does what it says on every subject: each checks its results.
func TestEveryBodyVerifiesItsResult(t *testing.T) {
	for _, s := range scenarios.All() {
		for subject := range s.Bodies {
			t.Run(s.Name+"_on_"+subject, func(t *testing.T) {
				s := s
				s.Tiny = true
				if s.Fixed > 0 {
					s.Fixed = min(s.Fixed, 100)
					s.QuickFixed = 0
				}
				sample, err := harness.Measure(&s, subject, true, time.Microsecond)
				require.NoError(t, err)
				assert.Positive(t, sample.N)
				assert.Positive(t, sample.Nanos)
				// Otherwise it says that handlers box more than they do.
				assert.GreaterOrEqual(t, sample.Allocs, 0.0)
			})
		}
	}
}

// A scenario has bodies for subjects that there are, and ratios to one of
// them.
func TestScenariosAreWellFormed(t *testing.T) {
	names := subjects.Names()
	seen := map[string]bool{}
	for _, s := range scenarios.All() {
		assert.False(t, seen[s.Name], "%s is there twice", s.Name)
		seen[s.Name] = true
		assert.NotEmpty(t, s.Group, s.Name)
		assert.NotEmpty(t, s.Op, s.Name)
		if s.Reference != "" {
			assert.Contains(t, s.Bodies, s.Reference, s.Name)
		}
		for subject := range s.Bodies {
			assert.Contains(t, names, subject, s.Name)
		}
		for subject := range s.Budgets {
			assert.Contains(t, s.Bodies, subject, s.Name)
		}
	}
}
