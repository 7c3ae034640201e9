package pool

import (
	"math/rand/v2"
	"testing"
)

func TestQueueIsFirstInFirstOut(t *testing.T) {
	var q queue
	var model []*place
	for range 20_000 {
		if rand.IntN(100) < 50+len(model)/100 && len(model) > 0 {
			if got := q.pop(); got.place != model[0] {
				t.Fatalf("pop = %p, want %p", got.place, model[0])
			}
			model = model[1:]
		} else {
			p := new(place)
			q.push(entry{place: p})
			model = append(model, p)
		}
		if len(model) > 5*blockSize {
			for _, p := range model {
				if got := q.pop(); got.place != p {
					t.Fatalf("pop = %p, want %p", got.place, p)
				}
			}
			model = nil
		}
	}
	for range model {
		q.pop()
	}
	if got := q.pop(); got != (entry{}) {
		t.Errorf("pop of an empty queue = %v", got)
	}
	if q.head != q.tail {
		t.Errorf("an empty queue keeps more than one block")
	}
}
