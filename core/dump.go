package core

import (
	"bufio"
	"fmt"
	"io"
	"sync"
	"time"
)

// Dump writes a line for every actor that has not ended, in spawn order: what
// it is doing, how many messages wait in its inbox that its turn has not taken
// up (it takes several at once), for how long the turn has run that it is in,
// and whom it waits for and for how long:
//
//	Counter (urn:uuid:…) name=c running for at least 2s inbox=3
//	Clerk (urn:uuid:…) waiting inbox=0 waits 1.5s for Counter (urn:uuid:…)
//
// No clock is read when a turn begins, which would cost as much as the turn
// of an inline call. How long a turn has run is known from an earlier Dump
// that saw the same turn; so call Dump twice, or now and then. Waiting is
// timed exactly.
func (s *System) Dump(w io.Writer) error {
	out := bufio.NewWriter(w)
	now := time.Now()
	seen := map[*actor]sighting{}
	s.dumps.mu.Lock()
	defer s.dumps.mu.Unlock()
	for _, a := range s.unended() {
		line := a.look()
		if line.running {
			turn, known := s.dumps.seen[a]
			if !known || turn.id != line.turn {
				turn = sighting{line.turn, now}
			}
			seen[a] = turn
			line.since = now.Sub(turn.at)
		}
		line.write(out, now)
	}
	s.dumps.seen = seen
	return out.Flush()
}

// dumps is what a Dump remembers for the next one.
type dumps struct {
	mu   sync.Mutex
	seen map[*actor]sighting // the running turns of the last Dump
}

type sighting struct {
	id turnID
	at time.Time
}

// A turnID differs between any two turns of one actor that handle a message.
type turnID struct{ inlined, taken uint64 }

// unended are the actors that have not ended, in spawn order, those that are
// about to last.
func (s *System) unended() []*actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(s.live.all(), s.leaving.all()...)
}

// dumpLine is a moment of one actor.
type dumpLine struct {
	a       *actor
	state   string
	running bool
	turn    turnID
	since   time.Duration
	inbox   uint32
	waits   []*wait
}

func (a *actor) look() dumpLine {
	w := a.lock()
	line := dumpLine{a: a, inbox: a.left, turn: turnID{w >> inlineShift, a.pushed - uint64(a.left)}}
	a.unlock(w)
	line.running = w&running != 0
	line.waits = a.openWaits()
	line.state = stateName(w)
	if line.running && len(line.waits) > 0 {
		line.state = "waiting"
	}
	return line
}

func stateName(w uint64) string {
	switch {
	case w&closed != 0:
		return "ending"
	case w&running != 0 && w&booting != 0:
		return "starting"
	case w&running != 0:
		return "running"
	case w&work != 0:
		return "ready"
	}
	return "idle"
}

func (l dumpLine) write(out io.Writer, now time.Time) {
	fmt.Fprintf(out, "%v", l.a)
	if name := l.a.name(); name != "" {
		fmt.Fprintf(out, " name=%s", name)
	}
	fmt.Fprintf(out, " %s", l.state)
	if l.since > 0 {
		fmt.Fprintf(out, " for at least %v", l.since.Round(time.Millisecond))
	}
	fmt.Fprintf(out, " inbox=%d", l.inbox)
	for _, w := range l.waits {
		fmt.Fprintf(out, " waits %v for %v", now.Sub(w.since).Round(time.Millisecond), w.on)
	}
	fmt.Fprintln(out)
}
