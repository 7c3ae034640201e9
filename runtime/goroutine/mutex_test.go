package goroutine

import (
	"sync"
	"testing"
)

func TestMutexLetsOneIn(t *testing.T) {
	const goroutines, times = 8, 2000
	var m mutex
	var all sync.WaitGroup
	inside, n := 0, 0
	for range goroutines {
		all.Go(func() {
			for range times {
				m.Lock()
				inside++
				if inside != 1 {
					t.Errorf("%d goroutines hold the lock", inside)
				}
				n++
				inside--
				m.Unlock()
			}
		})
	}
	all.Wait()
	if n != goroutines*times {
		t.Errorf("%d increments under the lock, want %d", n, goroutines*times)
	}
}

func TestMutexIsWaitedForHoweverLong(t *testing.T) {
	var m mutex
	m.Lock()
	free := false
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Lock()
		defer m.Unlock()
		if !free {
			t.Error("Lock returned while the lock was held")
		}
	}()
	for range 100 * tries { // it has given up looking, unless it has not begun
		if m.TryLock() {
			t.Fatal("the lock was free")
		}
	}
	free = true
	m.Unlock()
	<-done
}
