package core_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/troupe-go/troupe/core"
)

// A ledger is what one party has sent. Nobody else touches it until the
// audit.
type ledger struct {
	seqs   map[*stressActor]uint64
	tracks []*track
	stops  []core.Future[bool]
}

// A track is the way of one message, as its sender, its handler and the
// dead-letter hook saw it.
type track struct {
	id    uint64
	from  *ledger
	to    *stressActor
	how   sendKind
	rank  int    // in a priority inbox
	seq   uint64 // among those from the one to the other
	begin uint64
	end   atomic.Uint64 // of the send; 0 if it never returned

	handled atomic.Int32
	began   atomic.Uint64 // the handler
	dead    atomic.Int32

	future core.Future[any]
	reply  any
	err    error
}

type sendKind int

const (
	told sendKind = iota
	asked
	called
)

func (t *track) String() string {
	return fmt.Sprintf("letter %d (%s)", t.id, [...]string{"told", "asked", "called"}[t.how])
}

// track opens the track of a message that is about to be sent. Functions come
// before all else in a priority inbox.
func (p *party) track(to *stressActor, how sendKind, asInvoke bool) *track {
	p.out.seqs[to]++
	t := &track{from: p.out, to: to, how: how, rank: p.rng.IntN(3), seq: p.out.seqs[to], begin: p.w.clock.Add(1)}
	t.id = t.begin
	if asInvoke {
		t.rank = -1
	}
	p.out.tracks = append(p.out.tracks, t)
	return t
}

// finish notes that the send has returned.
func (p *party) finish(t *track) { t.end.Store(p.w.clock.Add(1)) }

// invoke is the letter as a function on the actor. The dead-letter hook calls
// it too, with a context that says so.
func (l letter) invoke() core.Invoke {
	return func(ctx context.Context, actor any) (any, error) {
		if ctx.Value(buriedKey{}) != nil {
			l.dead.Add(1)
			return nil, nil
		}
		return actor.(*stressActor).handle(ctx, l)
	}
}

// A fate is what a track says about the accounts.
type fate struct {
	accepted bool
	unknown  bool // whether it was accepted cannot be told from outside
	problem  string
}

var (
	notSent = fate{}
	sent    = fate{accepted: true}
	perhaps = fate{unknown: true}
)

func wrong(format string, args ...any) fate { return fate{problem: fmt.Sprintf(format, args...)} }

// fate judges a track when all is over.
func (t *track) fate() fate {
	h, d := t.handled.Load(), t.dead.Load()
	switch {
	case h+d > 1:
		return wrong("handled %d times, a dead letter %d times", h, d)
	case t.how == told:
		return t.fateOfTold(h + d)
	case t.how == asked && t.end.Load() != 0:
		select {
		case <-t.future.Done():
			t.reply, t.err = t.future.Get(context.Background())
		default:
			return wrong("the ask has no outcome")
		}
	case t.end.Load() == 0: // a handler ended the caller's goroutine
		return sent
	}
	return t.fateOfAsked(h, d)
}

func (t *track) fateOfTold(seen int32) fate {
	switch {
	case t.end.Load() == 0:
		return wrong("Tell did not return")
	case t.err == nil && seen == 1:
		return sent
	case t.err != nil && seen == 0:
		return notSent
	}
	return wrong("Tell returned %v; handled or a dead letter %d times", t.err, seen)
}

func (t *track) fateOfAsked(h, d int32) fate {
	var failed *stressError
	switch {
	case h == 1 && t.err != nil && strings.Contains(t.err.Error(), "runtime.Goexit"):
		return sent // it, or a handler that it called inline
	case t.err == nil:
		if h != 1 || t.reply != any(t.id) {
			return wrong("the reply is %v; handled %d times", t.reply, h)
		}
		return sent
	case errors.As(t.err, &failed) && failed.id == t.id, errors.Is(t.err, core.ErrUnhandled):
		if h != 1 {
			return wrong("the handler's error is %v; handled %d times", t.err, h)
		}
		return sent
	case errors.As(t.err, &failed) && h == 1: // a panic of its own kind, in Blocking
		return sent
	}
	return t.fateOfFailed(h, d)
}

// fateOfFailed is for an ask that got an error of core's.
func (t *track) fateOfFailed(h, d int32) fate {
	waited := t.to.bounded && t.to.policy == core.Wait
	switch {
	case isContextError(t.err) && t.how == called && h == 1:
		return sent
	case errors.Is(t.err, core.ErrDeadlock) && h == 1 && t.began.Load() < t.end.Load():
		return sent // its handler is in the ring
	case h != 0:
		return wrong("the error is %v, but it was handled", t.err)
	case errors.Is(t.err, core.ErrDeadlock) && d == 1:
		return sent
	case d != 0:
		return wrong("the error is %v, but it is a dead letter", t.err)
	case errors.Is(t.err, core.ErrDeadlock) && (t.how == called || waited):
		return perhaps
	case isContextError(t.err) && t.how == called:
		return perhaps
	case isContextError(t.err):
		return notSent
	case errors.Is(t.err, core.ErrDead):
		return fate{accepted: strings.Contains(t.err.Error(), "ended before")}
	case errors.Is(t.err, core.ErrInboxFull) && t.to.bounded && t.to.policy != core.Wait:
		return fate{accepted: t.to.policy != core.Refuse}
	}
	return wrong("the error is %v", t.err)
}
