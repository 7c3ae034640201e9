package core

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// A stage is actors and waits that a test puts up by hand, in the order that
// it wants, on no runtime.
type stage struct {
	t   *testing.T
	sys *System
}

func newStage(t *testing.T) *stage { return &stage{t, NewSystem(stageRuntime{})} }

type stageRuntime struct{}

func (stageRuntime) Attach(Loop) (Waker, error) { return stageWaker{}, nil }

type stageWaker struct{}

func (stageWaker) Wake(Waker) {}

func (s *stage) actor() *actor {
	ref, err := Spawn(s.sys, Func(func(context.Context, int) (int, error) { return 0, nil }))
	require.NoError(s.t, err)
	return ref.a
}

// wait puts up the wait of by for on, which says of its goroutine what proof
// says once it is asked.
func (s *stage) wait(by, on *actor) *wait { return s.waitWith(context.Background(), by, on) }

func (s *stage) waitWith(ctx context.Context, by, on *actor) *wait {
	return announce(ctx, by, on, newParking(by, nil), &outcome{to: on})
}

// testify has w say what its goroutine would say.
func (w *wait) says(proof int32) *wait { w.proof.Store(proof); return w }

// P70: a wait beside a turn that looked like part of a ring does not hide the ring that is there without it.
func TestRingBehindAWaitBesides(t *testing.T) {
	s := newStage(t)
	a, b, c, d := s.actor(), s.actor(), s.actor(), s.actor()
	besides0 := s.wait(a, c) // a goroutine of a's handler
	ad := s.wait(a, d)
	cb := s.wait(c, b)
	db := s.wait(d, b)
	for _, w := range []*wait{besides0, ad, cb, db} {
		require.NoError(t, w.look())
	}
	ba := s.wait(b, a)
	_ = ba.says(onTurn).look()

	// Whoever is woken looks again, until nobody is.
	for again := true; again; {
		again = false
		for _, w := range []*wait{besides0, ad, cb, db, ba} {
			select {
			case <-w.p.token:
			default:
				continue
			}
			again = true
			if w == besides0 {
				w.says(besides)
			} else {
				w.says(onTurn)
			}
			_ = w.look()
		}
	}
	lost := 0
	for _, w := range []*wait{besides0, ad, cb, db, ba} {
		if w.look() != nil {
			lost++
		}
	}
	require.Equal(t, 1, lost, "one of b, a, d gives way")
}
