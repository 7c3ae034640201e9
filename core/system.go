package core

import (
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// A System is a set of actors that run, and are shut down, together. It is
// made by [NewSystem]; its methods may be called from any goroutine. Two
// systems in one process share nothing.
type System struct {
	runtime     Runtime
	logger      *slog.Logger
	deadLetters func(DeadLetter)
	grace       time.Duration
	indexOnce   sync.Once

	parkings sync.Pool // of *Parking
	dead     atomic.Uint64
	stray    atomic.Uint64
	lastKind atomic.Pointer[kind] // most actors are of the kind of the one before

	mu      sync.Mutex // guards these
	kinds   map[kindKey]*kind
	live    actorList // in spawn order
	leaving actorList // found no more, and not yet ended
	names   map[string]*actor
	urns    map[string]*actor
	index   Index
	settled struct{ accepted, actors uint64 } // of actors that have ended

	shutdown shutdown
	dumps    dumps
	unfit    error // what NewSystem was given that is wrong, which Spawn returns
}

// A SystemOption configures a [System].
type SystemOption interface{ applySystem(*System) }

type systemOptionFunc func(*System)

func (f systemOptionFunc) applySystem(s *System) { f(s) }

// WithLogger has the system log to l in place of slog.Default, which a nil l
// stands for too.
func WithLogger(l *slog.Logger) SystemOption {
	return systemOptionFunc(func(s *System) { s.logger = l })
}

// WithDeadLetters has hook called with every message that was told, accepted
// and not handled, on the goroutine that found it so, with no lock held. The
// hook may send messages; a dead letter that comes of that is only counted.
// What was asked is no dead letter: its asker gets the reason.
func WithDeadLetters(hook func(DeadLetter)) SystemOption {
	return systemOptionFunc(func(s *System) { s.deadLetters = hook })
}

// WithGrace replaces the ten seconds that the actors of the system have to
// stop after a fatal error.
func WithGrace(d time.Duration) SystemOption {
	return systemOptionFunc(func(s *System) { s.grace = d })
}

const defaultGrace = 10 * time.Second

// NewSystem makes a system whose actors run on rt. With a nil rt, or a nil
// option, Spawn fails. Shutdown closes rt, unless it is [Shared].
func NewSystem(rt Runtime, opts ...SystemOption) *System {
	s := &System{
		runtime: rt,
		grace:   defaultGrace,
		kinds:   map[kindKey]*kind{},
		names:   map[string]*actor{},
		urns:    map[string]*actor{},
	}
	s.shutdown.init()
	for _, opt := range opts {
		if opt == nil {
			s.unfit = invalid("nil SystemOption; leave it out, or give one, such as WithGrace")
			continue
		}
		opt.applySystem(s)
	}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	return s
}

// Stats are counts over the life of a [System]. At a moment when no handler
// runs and nothing is sent, Accepted = Handled + DeadLetters + Waiting.
type Stats struct {
	Actors      int    // that have not ended
	Spawned     uint64 // all that were ever spawned
	Accepted    uint64 // messages, functions included, whose send did not fail
	Handled     uint64 // of these, what a turn has taken up to handle
	DeadLetters uint64 // of these, what was dropped or left over, asked or told
	Waiting     uint64 // of these, what no turn has taken up; a turn takes several at once
	StrayTurns  uint64 // calls of Turn that a runtime should not have made
}

// Stats counts. It takes time in proportion to the actors that live.
func (s *System) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Stats{
		Actors:      s.live.n + s.leaving.n,
		Accepted:    s.settled.accepted,
		DeadLetters: s.dead.Load(),
		StrayTurns:  s.stray.Load(),
	}
	st.Spawned = s.settled.actors + uint64(st.Actors)
	for _, l := range []*actorList{&s.live, &s.leaving} {
		for a := l.first; a != nil; a = a.next {
			accepted, left := a.counts()
			st.Accepted += accepted
			st.Waiting += left
		}
	}
	// What an actor that was never added leaves is dead before it is accepted.
	st.Accepted = max(st.Accepted, st.Waiting+st.DeadLetters)
	st.Handled = st.Accepted - st.Waiting - st.DeadLetters
	return st
}

// counts are the messages that the actor ever accepted, and those in its
// inbox.
func (a *actor) counts() (accepted, left uint64) {
	w := a.lock()
	defer a.unlock(w)
	return a.pushed + w>>inlineShift, uint64(a.left)
}

// Actors are the living actors in the order in which they were spawned, as
// they were when the loop over them began.
func (s *System) Actors() iter.Seq[Ref[any]] {
	return func(yield func(Ref[any]) bool) {
		for _, a := range s.snapshot() {
			if !yield(Ref[any]{a: a}) {
				return
			}
		}
	}
}

func (s *System) snapshot() []*actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live.all()
}

// Find returns the living actor with the given name, or the given URN.
func (s *System) Find(address string) (Ref[any], bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.names[address]
	if a == nil {
		a = s.urns[address]
	}
	if a == nil || !s.isListed(a) {
		return Ref[any]{}, false
	}
	return Ref[any]{a: a}, true
}

// An Index is told of every actor of a system: Register before the actor's
// first turn, Unregister before its OnStop or OnFailure. It is called from
// many goroutines, with no lock held, and must be quick. It may be told the
// same twice.
type Index interface {
	Register(Ref[any])
	Unregister(Ref[any])
}

// Index returns the system's index. On the first call newIndex makes it, and
// it is told of every living actor before Index returns.
func (s *System) Index(newIndex func() Index) Index {
	s.indexOnce.Do(func() {
		index := newIndex()
		for _, a := range s.setIndex(index) {
			index.Register(Ref[any]{a: a})
			if s.isUnlisted(a) { // perhaps before the index knew it
				index.Unregister(Ref[any]{a: a})
			}
		}
	})
	return s.index
}

// setIndex returns the actors that the index has to be told of.
func (s *System) setIndex(index Index) []*actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index = index
	return s.live.all()
}

func (s *System) isUnlisted(a *actor) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.isListed(a)
}

// isListed reports, under mu, whether the actor is to be found.
func (s *System) isListed(a *actor) bool {
	if x := a.ext.Load(); x != nil && x.unlisted {
		return false
	}
	return s.live.has(a)
}

// kind returns what the actors of one type share.
func (s *System) kind(key kindKey) *kind {
	if k := s.lastKind.Load(); k != nil && k.key == key {
		return k
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kinds[key]
	if k == nil {
		k = &kind{sys: s, key: key, name: typeNameOf(key)}
		s.kinds[key] = k
	}
	s.lastKind.Store(k)
	return k
}

// add makes a known, unless the system shuts down or its name is taken.
func (s *System) add(a *actor) error {
	index, err := s.link(a)
	if err != nil {
		return err
	}
	if index != nil {
		index.Register(Ref[any]{a: a})
	}
	a.log(slog.LevelDebug, "actor registered")
	return nil
}

func (s *System) link(a *actor) (Index, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shutdown.begun {
		return nil, ErrShutdown
	}
	if name := a.name(); name != "" {
		if by := s.names[name]; by != nil {
			return nil, &nameTakenError{name, by}
		}
		s.names[name] = a
	}
	s.live.push(a)
	if a.ext.Load() != nil { // somebody may have asked for its URN
		if urn := a.knownURN(); urn != "" {
			s.urns[urn] = a
		}
	}
	return s.index, nil
}

// A nameTakenError is put into words only if somebody reads it: the URN of
// the actor that has the name may have to be made, which takes the lock.
type nameTakenError struct {
	name string
	by   *actor
}

func (e *nameTakenError) Error() string {
	return fmt.Sprintf("%v: %s is the name of %v; give another one, or stop that actor first", ErrNameTaken, e.name, e.by)
}

func (e *nameTakenError) Unwrap() error { return ErrNameTaken }

// unlist makes an actor that is about to end found no more. It reports
// whether the actor had been added.
func (s *System) unlist(a *actor) bool {
	index, was := s.unlink(a)
	if index != nil {
		index.Unregister(Ref[any]{a: a})
	}
	return was
}

func (s *System) unlink(a *actor) (Index, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := a.extra()
	again := x.unlisted
	x.unlisted = true
	if again || !s.live.remove(a) {
		return nil, false
	}
	s.leaving.push(a)
	return s.index, true
}

func (s *System) freeName(a *actor) {
	name := a.name()
	if name == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.names[name] == a {
		delete(s.names, name)
	}
}

// remove takes the ended actor's counts over.
func (s *System) remove(a *actor) {
	accepted, _ := a.counts()
	urn := a.knownURN()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settled.accepted += accepted
	if s.leaving.remove(a) && a.waker != nil { // nil: its runtime refused it
		s.settled.actors++
	}
	delete(s.urns, urn)
}

// giveURN gives the actor the URN, unless it has one already, and returns the
// one that it has. It does so and makes the actor findable under one lock, so
// that whoever has a URN can find by it.
func (s *System) giveURN(a *actor, urn string) string {
	x := a.extra()
	s.mu.Lock()
	defer s.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.urn == "" {
		x.urn = urn
		if s.isListed(a) {
			s.urns[urn] = a
		}
	}
	return x.urn
}

// An actorList is a list through actor.prev and actor.next.
type actorList struct {
	first, last *actor
	n           int
}

func (l *actorList) push(a *actor) {
	a.prev, a.next = l.last, nil
	if l.last == nil {
		l.first = a
	} else {
		l.last.next = a
	}
	l.last = a
	l.n++
}

func (l *actorList) all() []*actor {
	all := make([]*actor, 0, l.n)
	for a := l.first; a != nil; a = a.next {
		all = append(all, a)
	}
	return all
}

// has reports whether a, which may be in no other list, is in this one.
func (l *actorList) has(a *actor) bool { return a.prev != nil || l.first == a }

// remove reports whether a was in the list.
func (l *actorList) remove(a *actor) bool {
	if !l.has(a) {
		return false
	}
	if a.prev == nil {
		l.first = a.next
	} else {
		a.prev.next = a.next
	}
	if a.next == nil {
		l.last = a.prev
	} else {
		a.next.prev = a.prev
	}
	a.prev, a.next = nil, nil
	l.n--
	return true
}
