package core_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
)

// A script is a message that says itself what its handler does.
type script func(ctx context.Context) (any, error)

// A player runs scripts.
type player struct{ stopped atomic.Bool }

func (p *player) Receive(ctx context.Context, s script) (any, error) { return s(ctx) }
func (p *player) OnStop(context.Context) error                       { p.stopped.Store(true); return nil }

func players(t *testing.T, sys *core.System, n int, opts ...core.Option) []core.Ref[script] {
	t.Helper()
	var refs []core.Ref[script]
	for range n {
		refs = append(refs, spawn(t, sys, &player{}, opts...))
	}
	return refs
}

func reply(context.Context) (any, error) { return "reply", nil }

// begin has the actor run s, once the returned gate is open, and returns when
// the actor is at the gate. The result comes through the channel.
func begin(t *testing.T, ref core.Ref[script], s script) (*testkit.Gate, <-chan error) {
	t.Helper()
	gate, in, result := testkit.NewGate(t), make(chan struct{}), make(chan error, 1)
	require.NoError(t, ref.Tell(testkit.Context(t), func(ctx context.Context) (any, error) {
		close(in)
		core.Blocking(ctx, gate.Pass)
		_, err := s(ctx)
		result <- err
		return nil, nil
	}))
	testkit.Wait(t, in, "the handler to wait at the gate")
	return gate, result
}

// calling is a script that calls to.
func calling(to core.Ref[script]) script {
	return func(ctx context.Context) (any, error) { return to.Call(ctx, reply) }
}

// eventuallyWaits returns once the actor is seen to wait for another.
func eventuallyWaits[M any](t *testing.T, ref core.Ref[M]) {
	t.Helper()
	testkit.Eventually(t, func() bool { return waits(t, ref) }, "an actor to wait for another")
}

// waits reports whether the system says that the actor waits.
func waits[M any](t *testing.T, ref core.Ref[M]) bool {
	t.Helper()
	var dump strings.Builder
	require.NoError(t, ref.System().Dump(&dump))
	for line := range strings.Lines(dump.String()) {
		if strings.HasPrefix(line, ref.String()) {
			return strings.Contains(line, " waits ")
		}
	}
	return false
}

// P70: a ring of any length of actors that call each other fails exactly one call, and all others get their replies.
// P27: a ring of one is an actor that calls itself.
func TestRingOfCalls(t *testing.T) {
	for n := 1; n <= 5; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				for range testkit.Fewer(20) {
					closeRing(t, players(t, sys, n))
				}
			})
		})
	}
}

// P70: rings are found while many others are.
func TestManyRings(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		var wg sync.WaitGroup
		for i := range 12 {
			refs := players(t, sys, 1+i%5)
			wg.Go(func() {
				for range testkit.Fewer(10) {
					closeRing(t, refs)
				}
			})
		}
		wg.Wait()
	})
}

// closeRing has every actor call the next at once.
func closeRing(t *testing.T, refs []core.Ref[script]) {
	in, results := make(chan struct{}), make(chan error)
	gate := make(chan struct{})
	for i, ref := range refs {
		next := refs[(i+1)%len(refs)]
		err := ref.Tell(context.Background(), func(ctx context.Context) (any, error) {
			core.Blocking(ctx, func() { in <- struct{}{}; <-gate })
			got, err := next.Call(ctx, reply)
			if err == nil && got != "reply" {
				err = fmt.Errorf("reply %v", got)
			}
			core.Blocking(ctx, func() { results <- err })
			return nil, nil
		})
		if err != nil {
			t.Errorf("Tell: %v", err)
		}
	}
	for range refs {
		<-in
	}
	close(gate)
	lost := 0
	for range refs {
		switch err := <-results; {
		case errors.Is(err, core.ErrDeadlock):
			lost++
			for _, ref := range refs {
				assert.ErrorContains(t, err, ref.URN(), "the error names everybody in the ring")
			}
		case err != nil:
			t.Errorf("Call: %v", err)
		}
	}
	assert.Equal(t, 1, lost, "calls that failed in a ring of %d", len(refs))
}

// P70: the call that closes a ring without deadlines is the one that fails, and it is never handled.
func TestTheLastToCallFails(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		sys := testkit.System(t, rt)
		refs := players(t, sys, 2)
		gateA, resultA := begin(t, refs[0], calling(refs[1]))
		gateB, resultB := begin(t, refs[1], func(ctx context.Context) (any, error) {
			return refs[0].Call(ctx, func(context.Context) (any, error) {
				t.Error("a call that got ErrDeadlock was handled")
				return nil, nil
			})
		})
		gateA.Open()
		eventuallyWaits(t, refs[0])
		gateB.Open()
		assert.ErrorIs(t, testkit.Wait(t, resultB, "the second call"), core.ErrDeadlock)
		assert.NoError(t, testkit.Wait(t, resultA, "the first call"))
		for _, ref := range refs {
			stop(t, ref)
		}
		assert.EqualValues(t, 1, sys.Stats().DeadLetters, "the call that was not handled")
	})
}

// P70: a call whose handler has begun is not the last, though it may be on its way before its caller waits.
func TestACallThatIsHandledIsNotTheLast(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		refs := players(t, sys, 2)
		for range testkit.Fewer(200) {
			got, err := refs[0].Call(testkit.Context(t), func(ctx context.Context) (any, error) {
				return refs[1].Call(ctx, func(ctx context.Context) (any, error) {
					_, err := refs[0].Call(ctx, reply)
					assert.ErrorIs(t, err, core.ErrDeadlock)
					return "there", nil
				})
			})
			require.NoError(t, err)
			require.Equal(t, "there", got)
		}
	})
}

// P70: of the waits in a ring the one that would end first by its deadline fails, whoever closed the ring.
func TestRingWithADeadline(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		refs := players(t, sys, 3)
		within := func(d time.Duration, to core.Ref[script]) script {
			return func(ctx context.Context) (any, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				return to.Call(ctx, reply)
			}
		}
		gateA, resultA := begin(t, refs[0], within(2*time.Hour, refs[1]))
		gateB, resultB := begin(t, refs[1], within(time.Hour, refs[2]))
		gateC, resultC := begin(t, refs[2], calling(refs[0]))
		gateA.Open()
		eventuallyWaits(t, refs[0])
		gateB.Open()
		eventuallyWaits(t, refs[1])
		gateC.Open()
		assert.ErrorIs(t, testkit.Wait(t, resultB, "the call with the short deadline"), core.ErrDeadlock)
		assert.NoError(t, testkit.Wait(t, resultA, "the call with the long deadline"))
		assert.NoError(t, testkit.Wait(t, resultC, "the call without a deadline"))
	})
}

// P70: the Call that gives way may be of a message that is being handled. That goes on, and its reply is nobody's.
func TestRingWithADeadlineOfWhatIsBeingHandled(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		sys := testkit.System(t, rt)
		refs := players(t, sys, 2)
		back := make(chan error, 1)
		_, result := beginOpen(t, refs[0], func(ctx context.Context) (any, error) {
			ctx, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			return refs[1].Call(ctx, func(ctx context.Context) (any, error) {
				_, err := refs[0].Call(ctx, reply)
				back <- err
				return "late", nil
			})
		})
		assert.ErrorIs(t, testkit.Wait(t, result, "the call with the deadline"), core.ErrDeadlock)
		assert.NoError(t, testkit.Wait(t, back, "the call back"))
		for _, ref := range refs {
			stop(t, ref)
		}
		assert.Zero(t, sys.Stats().DeadLetters, "all was handled")
	})
}

// P27: in OnStop and OnFailure too, what can only come when the hook has returned is ErrDeadlock: a stop, or a reply to what is left over.
func TestWaitForOneselfInAHookOfTheEnd(t *testing.T) {
	waits := map[string]func(ctx context.Context, self core.Ref[any]) func() error{
		"AskStop": func(ctx context.Context, self core.Ref[any]) func() error {
			f := self.AskStop()
			return func() error { _, err := f.Get(ctx); return err }
		},
		"Ask": func(ctx context.Context, self core.Ref[any]) func() error {
			self.AskStop()
			f := self.Ask(ctx, "left over")
			return func() error { _, err := f.Get(ctx); return err }
		},
	}
	for name, begin := range waits {
		for _, end := range []error{nil, errTest} {
			t.Run(fmt.Sprintf("%s_then_%v", name, end), func(t *testing.T) {
				testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
					var wait func() error
					got := make(chan error, 1)
					ref := (&testkit.Probe{
						Stop: func(context.Context) error { got <- wait(); return nil },
						Fail: func(context.Context, error) { got <- wait() },
					}).Spawn(t, sys)
					require.NoError(t, ref.Tell(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
						wait = begin(ctx, core.Self[any](ctx))
						return nil, end
					})))
					assert.ErrorIs(t, testkit.Wait(t, got, "the wait in the hook"), core.ErrDeadlock)
					testkit.Wait(t, ref.Done(), "the actor's end")
				})
			})
		}
	}
}

// P70: an inline call is part of a ring like any other wait.
func TestRingThroughAnInlineCall(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for _, n := range []int{2, 3, 5} {
			refs := players(t, sys, n)
			for _, ref := range refs { // so that it has started, and may be lent
				_, err := ref.Call(testkit.Context(t), reply)
				require.NoError(t, err)
			}
			var call func(i int) script
			call = func(i int) script {
				return func(ctx context.Context) (any, error) {
					if i == n {
						return nil, errors.New("the ring went round")
					}
					return refs[(i+1)%n].Call(ctx, call(i+1))
				}
			}
			_, err := refs[0].Call(context.Background(), call(0))
			require.ErrorIs(t, err, core.ErrDeadlock)
			for _, ref := range refs {
				got, err := ref.Call(context.Background(), reply)
				assert.NoError(t, err)
				assert.Equal(t, "reply", got)
			}
		}
	})
}

// P70: a ring through calls that run inline and one that waits is found from either end.
func TestRingOverASharedStack(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		// a calls b inline, b calls c, which is busy and then calls a.
		refs := players(t, sys, 3)
		a, b, c := refs[0], refs[1], refs[2]
		gateC, resultC := begin(t, c, calling(a))
		gateA, resultA := begin(t, a, func(ctx context.Context) (any, error) { return b.Call(ctx, calling(c)) })
		gateA.Open()
		eventuallyWaits(t, b)
		gateC.Open()
		assert.ErrorIs(t, testkit.Wait(t, resultC, "c's call"), core.ErrDeadlock)
		assert.NoError(t, testkit.Wait(t, resultA, "a's call"))
	})
}

// P70: actors that wait for room in each other's full inboxes are a ring; the send that fails sent nothing.
func TestRingThroughFullInboxes(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for n := 1; n <= 3; n++ {
			refs := players(t, sys, n, core.Bounded(1, core.Wait))
			var handled atomic.Int32
			var gates []*testkit.Gate
			var results []<-chan error
			for i, ref := range refs {
				gate, result := begin(t, ref, func(ctx context.Context) (any, error) {
					return nil, refs[(i+1)%n].Tell(ctx, func(context.Context) (any, error) {
						handled.Add(1)
						return nil, nil
					})
				})
				gates, results = append(gates, gate), append(results, result)
				require.NoError(t, ref.Tell(testkit.Context(t), reply)) // now it is full
			}
			for _, gate := range gates {
				gate.Open()
			}
			lost := 0
			for _, result := range results {
				if err := testkit.Wait(t, result, "a Tell"); err != nil {
					assert.ErrorIs(t, err, core.ErrDeadlock)
					lost++
				}
			}
			assert.Equal(t, 1, lost)
			for _, ref := range refs {
				stop(t, ref)
			}
			assert.EqualValues(t, n-1, handled.Load())
		}
	})
}

// P27: an actor that waits for its own stop gets ErrDeadlock, and stops.
// P70: so it is with actors that stop each other: one gets ErrDeadlock, and both stop.
func TestRingThroughStop(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		for n := 1; n <= 3; n++ {
			var actors []*player
			var refs []core.Ref[script]
			for range n {
				p := &player{}
				actors, refs = append(actors, p), append(refs, spawn(t, sys, p))
			}
			var gates []*testkit.Gate
			var results []<-chan error
			for i, ref := range refs {
				gate, result := begin(t, ref, func(ctx context.Context) (any, error) {
					stopped, err := refs[(i+1)%n].Stop(ctx)
					if err == nil && !stopped {
						err = errors.New("was dead")
					}
					return nil, err
				})
				gates, results = append(gates, gate), append(results, result)
			}
			for _, gate := range gates {
				gate.Open()
			}
			lost := 0
			for _, result := range results {
				if err := testkit.Wait(t, result, "a Stop"); err != nil {
					assert.ErrorIs(t, err, core.ErrDeadlock)
					lost++
				}
			}
			assert.Equal(t, 1, lost)
			for i, ref := range refs {
				testkit.Wait(t, ref.Done(), "the actor's end")
				assert.True(t, actors[i].stopped.Load())
			}
		}
	})
}

// P70: an Ask and its Get are a wait too. Its message was sent before, and is handled.
func TestRingOfGets(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := players(t, sys, 1)[0]
		handled := make(chan struct{})
		_, result := beginOpen(t, ref, func(ctx context.Context) (any, error) {
			return ref.Ask(ctx, func(context.Context) (any, error) { close(handled); return nil, nil }).Get(ctx)
		})
		assert.ErrorIs(t, testkit.Wait(t, result, "Get"), core.ErrDeadlock)
		testkit.Wait(t, handled, "the message")
	})
}

func beginOpen(t *testing.T, ref core.Ref[script], s script) (*testkit.Gate, <-chan error) {
	t.Helper()
	gate, result := begin(t, ref, s)
	gate.Open()
	return gate, result
}

// P70: futures that are derived of replies wait for the actors that reply.
func TestRingOfDerivedGets(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		refs := players(t, sys, 2)
		gateB, resultB := begin(t, refs[1], calling(refs[0]))
		_, resultA := beginOpen(t, refs[0], func(ctx context.Context) (any, error) {
			f := core.Map(core.Join(refs[1].Ask(ctx, reply)), func(all []any) (any, error) { return all[0], nil })
			return f.Get(ctx)
		})
		eventuallyWaits(t, refs[0])
		gateB.Open()
		assert.ErrorIs(t, testkit.Wait(t, resultB, "the call that closes the ring"), core.ErrDeadlock)
		assert.NoError(t, testkit.Wait(t, resultA, "the Get"))
	})
}

// P70: a goroutine that a handler started may wait with the handler's context for one that waits for the handler: the handler goes on, so there is no verdict.
func TestNoRingBesideTheTurn(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		refs := players(t, sys, 2)
		a, b := refs[0], refs[1]
		gateB, resultB := begin(t, b, calling(a))
		asideResult, hold := make(chan error, 1), testkit.NewGate(t)
		_, resultA := beginOpen(t, a, func(ctx context.Context) (any, error) {
			go func() {
				_, err := b.Call(ctx, reply)
				asideResult <- err
			}()
			core.Blocking(ctx, hold.Pass)
			return nil, nil
		})
		eventuallyWaits(t, a)
		gateB.Open()
		eventuallyWaits(t, b)
		hold.Open()
		assert.NoError(t, testkit.Wait(t, resultA, "a's handler"))
		assert.NoError(t, testkit.Wait(t, resultB, "b's call"))
		assert.NoError(t, testkit.Wait(t, asideResult, "the goroutine's call"))
	})
}

// P70: what is detached from a handler's context is nobody's wait.
func TestNoRingWhenDetached(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := players(t, sys, 1)[0]
		result := make(chan error, 1)
		_, first := beginOpen(t, ref, func(ctx context.Context) (any, error) {
			go func() {
				_, err := ref.Call(core.Detach(ctx), reply)
				result <- err
			}()
			return nil, nil
		})
		assert.NoError(t, testkit.Wait(t, first, "the handler"))
		assert.NoError(t, testkit.Wait(t, result, "the goroutine's call"))
	})
}

// P70: under load no ring is found where there is none: calls go down an order of actors, and up again only beside a turn.
func TestNoFalseRings(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		const actors, clients, rounds = 12, 6, 60
		refs := players(t, sys, actors, core.Bounded(8, core.Wait))
		var aside sync.WaitGroup
		var scripts func(r *rand.Rand, i, depth int) script
		scripts = func(r *rand.Rand, i, depth int) script {
			seed, kind := r.Uint64(), r.IntN(5)
			return func(ctx context.Context) (any, error) {
				r := rand.New(rand.NewPCG(seed, 1))
				if i == actors-1 || depth == 0 {
					return nil, nil
				}
				j := i + 1 + r.IntN(actors-1-i)
				next := scripts(r, j, depth-1)
				switch kind {
				case 0:
					return refs[j].Ask(ctx, next).Get(ctx)
				case 1: // up, beside the turn
					aside.Go(func() {
						if _, err := refs[r.IntN(i+1)].Call(ctx, reply); err != nil {
							t.Errorf("a call beside a turn: %v", err)
						}
					})
				case 2:
					ctx, cancel := context.WithTimeout(ctx, testkit.Patience)
					defer cancel()
					return refs[j].Call(ctx, next)
				}
				return refs[j].Call(ctx, next)
			}
		}
		seeds := seeded(t)
		var wg sync.WaitGroup
		for range clients {
			r := rand.New(rand.NewPCG(seeds.Uint64(), 0))
			wg.Go(func() {
				for range rounds {
					i := r.IntN(actors)
					if _, err := refs[i].Call(testkit.Context(t), scripts(r, i, 6)); err != nil {
						t.Errorf("Call: %v", err)
					}
				}
			})
		}
		wg.Wait()
		aside.Wait()
	})
}
