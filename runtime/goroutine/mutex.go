package goroutine

import "sync"

// tries is how often Lock looks before it sleeps, in all some hundred
// nanoseconds: many times what the lock is held for, and less than it takes
// to sleep and be woken.
const tries = 300

// A mutex is a sync.Mutex that is looked at for a while before it is waited
// for. A sync.Mutex makes a goroutine sleep at once if its processor has
// others to run, and where many actors are ready that is always so. In
// fan-out, 4 producers and 10,000 actors, a message takes .45 of the time.
type mutex struct{ sync.Mutex }

// Lock locks m.
func (m *mutex) Lock() {
	for range tries {
		if m.TryLock() {
			return
		}
	}
	m.Mutex.Lock()
}
