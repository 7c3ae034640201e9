package core

import (
	"context"
	"testing"
	"time"

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
	ref.a.unlock(ref.a.lock() | running) // in a turn that the test directs
	return ref.a
}

// wait puts up the wait of by for on.
func (s *stage) wait(by, on *actor) *wait { return s.waitWith(context.Background(), by, on) }

func (s *stage) waitWith(ctx context.Context, by, on *actor) *wait {
	return announce(ctx, by, on, newParking(by, nil), &outcome{to: on})
}

// says has w testify as the test wants.
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

// A scripted settler says at each look what the test wants; later looks get
// its last word.
type scripted struct {
	looks []func() bool
}

func (s *scripted) settled() bool {
	look := s.looks[0]
	if len(s.looks) > 1 {
		s.looks = s.looks[1:]
	}
	return look()
}

func open() bool { return false }

// lost counts the waits that gave way.
func lost(waits ...*wait) (n int) {
	for _, w := range waits {
		if w.lost.Load() != nil {
			n++
		}
	}
	return n
}

// P70: a wait whose outcome is there is no edge, though its waiter has not run yet.
func TestNoRingThroughAResolvedWait(t *testing.T) {
	s := newStage(t)
	a, b := s.actor(), s.actor()
	ab := s.wait(a, b).says(onTurn)
	require.NoError(t, ab.look())
	require.True(t, ab.what.(*outcome).resolve(1, nil))
	ba := s.wait(b, a).says(onTurn)
	require.NoError(t, ba.look())
	require.Zero(t, lost(ab, ba))
}

// P70: a wait whose context has ended is no edge, though its waiter has not run yet.
func TestNoRingThroughAWaitThatGaveUp(t *testing.T) {
	s := newStage(t)
	a, b := s.actor(), s.actor()
	ctx, cancel := context.WithCancel(context.Background())
	ab := s.waitWith(ctx, a, b).says(onTurn)
	require.NoError(t, ab.look())
	cancel()
	ba := s.wait(b, a).says(onTurn)
	require.NoError(t, ba.look())
	require.Zero(t, lost(ab, ba))
}

// P70: a wait that ends between any two looks at it makes no ring, and one that is open at all of them does.
func TestNoRingThroughAWaitThatEndsBetweenLooks(t *testing.T) {
	const most = 20
	for still := range most { // at how many looks it is still open
		s := newStage(t)
		a, b := s.actor(), s.actor()
		ends := false
		end := func() bool { ends = true; return true }
		ab := announce(context.Background(), a, b, newParking(a, nil), openFor(still, end)).says(onTurn)
		ba := s.wait(b, a).says(onTurn)
		err := ba.look()
		if !ends {
			require.ErrorIs(t, err, ErrDeadlock)
			require.Positive(t, still, "nobody looked")
			return
		}
		require.NoError(t, err)
		require.Zero(t, lost(ab, ba), "open at %d looks", still)
	}
	t.Errorf("no verdict after %d looks", most)
}

// openFor is open at n looks, and then what next says.
func openFor(n int, next ...func() bool) *scripted {
	looks := make([]func() bool, 0, n+len(next))
	for range n {
		looks = append(looks, open)
	}
	return &scripted{append(looks, next...)}
}

// P70: a wait that is replaced between any two looks by another of the same actors makes no ring of the old and the new.
func TestNoRingOfAWaitThatWasReplaced(t *testing.T) {
	const most = 20
	for before := range most { // how many looks see the old one
		s := newStage(t)
		a, b := s.actor(), s.actor()
		first := s.wait(a, b).says(onTurn)
		var second *wait
		replace := func() bool {
			first.leave()
			second = s.wait(a, b).says(onTurn)
			second.what.(*outcome).resolve(1, nil)
			return false
		}
		ba := announce(context.Background(), b, a, newParking(b, nil), openFor(before, replace, open)).says(onTurn)
		err := ba.look()
		if second == nil {
			require.ErrorIs(t, err, ErrDeadlock)
			require.Positive(t, before, "nobody looked")
			return
		}
		require.NoError(t, err)
		require.Zero(t, lost(first, second, ba), "replaced after %d looks", before)
	}
	t.Errorf("no verdict after %d looks", most)
}

// P70: of two waits that close a ring, both announced before either looks, exactly one gives way, whichever looks first.
func TestTwoCloseARing(t *testing.T) {
	for _, swapped := range []bool{false, true} {
		s := newStage(t)
		a, b := s.actor(), s.actor()
		ab, ba := s.wait(a, b).says(onTurn), s.wait(b, a).says(onTurn)
		if swapped {
			ab, ba = ba, ab
		}
		_, _ = ab.look(), ba.look()
		require.Equal(t, 1, lost(ab, ba))
	}
}

// P70: so it is when they look at the same time, each on its own goroutine.
func TestTwoCloseARingAtOnce(t *testing.T) {
	for range 500 {
		s := newStage(t)
		a, b, c := s.actor(), s.actor(), s.actor()
		waits := []*wait{s.wait(a, b), s.wait(b, c), s.wait(c, a)}
		start := make(chan struct{})
		done := make(chan struct{})
		for _, w := range waits {
			go func() {
				defer func() { done <- struct{}{} }()
				<-start
				w.says(onTurn)
				_ = w.look()
			}()
		}
		close(start)
		for range waits {
			<-done
		}
		require.Equal(t, 1, lost(waits...))
	}
}

// P70: while a member has not said that it waits in its turn there is no verdict; it is woken, and the verdict is its.
func TestRingNeedsEveryTestimony(t *testing.T) {
	s := newStage(t)
	a, b, c := s.actor(), s.actor(), s.actor()
	ab, bc := s.wait(a, b), s.wait(b, c)
	require.NoError(t, ab.look())
	require.NoError(t, bc.look())
	ca := s.wait(c, a).says(onTurn)
	require.NoError(t, ca.look())
	require.Zero(t, lost(ab, bc, ca))
	for _, w := range []*wait{ab, bc} {
		require.True(t, w.summons.Load())
		require.Len(t, w.p.token, 1, "woken")
		require.NoError(t, w.says(onTurn).look())
	}
	require.Equal(t, 1, lost(ab, bc, ca))
	require.NotNil(t, ca.lost.Load(), "the last to be announced")
	require.Len(t, ca.p.token, 1, "woken to be told")
	require.ErrorIs(t, ca.look(), ErrDeadlock)
}

// P70: a member that waits beside its turn says so, and is an edge no more; look tells the two apart by the stack.
func TestWaitBesideTheTurn(t *testing.T) {
	s := newStage(t)
	a, b := s.actor(), s.actor()
	ab := s.wait(a, b)
	ba := s.wait(b, a) // this goroutine runs no turn
	require.NoError(t, ba.look())
	require.Equal(t, besides, ba.proof.Load())
	require.False(t, ba.open())
	require.NoError(t, ab.look())
	require.Zero(t, lost(ab, ba))
}

// P70: the wait with the nearest deadline gives way; without one the last to be announced; and a wait without a deadline outlives one with.
func TestWhoGivesWay(t *testing.T) {
	now := time.Now()
	in := func(d time.Duration) context.Context {
		ctx, cancel := context.WithDeadline(context.Background(), now.Add(d))
		t.Cleanup(cancel)
		return ctx
	}
	none := context.Background()
	for _, c := range []struct {
		waits []context.Context // in the order of announcing
		want  int
	}{
		{[]context.Context{none, none, none}, 2},
		{[]context.Context{in(time.Hour), none, none}, 0},
		{[]context.Context{none, in(2 * time.Hour), in(time.Hour)}, 2},
		{[]context.Context{in(time.Hour), in(2 * time.Hour), in(3 * time.Hour)}, 0},
		{[]context.Context{in(time.Hour), in(time.Hour), none}, 1},
	} {
		for first := range 3 { // who looks last, and so judges
			s := newStage(t)
			all := []*actor{s.actor(), s.actor(), s.actor()}
			var waits []*wait
			for i, ctx := range c.waits {
				waits = append(waits, s.waitWith(ctx, all[i], all[(i+1)%3]).says(onTurn))
			}
			_ = waits[first].look()
			require.Equal(t, 1, lost(waits...))
			require.NotNil(t, waits[c.want].lost.Load())
		}
	}
}

// P70: a wait from a stack of turns is an edge of each of them, and a ring through any of them is found.
func TestRingThroughAStack(t *testing.T) {
	for outer := range 3 {
		s := newStage(t)
		stack := []*actor{s.actor(), s.actor(), s.actor()} // the first runs the second, which runs the third
		for i, a := range stack {
			a.word.Store(uint64(i)<<depthShift | running)
			if i > 0 {
				a.nest(stack[i-1])
			}
		}
		d := s.actor()
		w := s.wait(stack[2], d).says(onTurn)
		require.Equal(t, []*actor{stack[2], stack[1], stack[0]}, w.stack)
		require.NoError(t, w.look())
		back := s.wait(d, stack[outer]).says(onTurn)
		require.ErrorIs(t, back.look(), ErrDeadlock)
		w.withdraw()
		for _, a := range stack {
			require.Empty(t, a.openWaits())
		}
	}
}

// P70: a chain of waits that does not come back is no ring, however long, and whatever it passes twice.
func TestNoRingInAChain(t *testing.T) {
	s := newStage(t)
	var all []*actor
	for range 50 {
		all = append(all, s.actor())
	}
	var waits []*wait
	for i := range 49 {
		waits = append(waits, s.wait(all[i], all[i+1]).says(onTurn))
		if i%3 == 0 && i > 0 { // and a second way down
			waits = append(waits, s.wait(all[i-1], all[i+1]).says(onTurn))
		}
	}
	for _, w := range waits {
		require.NoError(t, w.look())
	}
	require.Zero(t, lost(waits...))
}

// A handler that waits with the context of an actor that is idle makes no
// wait of that actor's.
func TestNoRingThroughAnActorThatIsIdle(t *testing.T) {
	s := newStage(t)
	a, b := s.actor(), s.actor()
	ab, ba := s.wait(a, b).says(onTurn), s.wait(b, a).says(onTurn)
	a.unlock(a.lock() &^ running)
	require.NoError(t, ab.look())
	require.NoError(t, ba.look())
}
