package registry

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// A Registry knows the running actors of one system. It is made by [Of]; the
// zero Registry knows none.
type Registry struct {
	sys *core.System

	mu     sync.RWMutex // guards these
	byType typeIndex
	hidden map[core.Ref[any]]bool
}

// Of is the registry of sys, always the same one; for a nil sys it is empty.
// It panics if sys has been given an index of another kind: see
// core.System.Index.
func Of(sys *core.System) *Registry {
	if sys == nil {
		return new(Registry)
	}
	made := sys.Index(func() core.Index { return observer{newRegistry(sys)} })
	o, ok := made.(observer)
	if !ok {
		panic(fmt.Sprintf("registry: the system's index is a %T; a system with an index of its own has no registry", made))
	}
	return o.r
}

// From is the registry of the system of the actor that ctx belongs to. It is
// empty if ctx belongs to none, so that a test may call Receive with any
// context.
func From(ctx context.Context) *Registry { return Of(core.SystemOf(ctx)) }

func newRegistry(sys *core.System) *Registry {
	return &Registry{sys: sys, byType: newTypeIndex(), hidden: map[core.Ref[any]]bool{}}
}

// An observer is what core tells of the actors that start and end. It is not
// the Registry itself: what a user calls Register for may have ended, and
// what core does has not.
type observer struct{ r *Registry }

// Register implements core.Index.
func (o observer) Register(actor core.Ref[any]) {
	o.r.mu.Lock()
	defer o.r.mu.Unlock()
	o.r.byType.add(actor)
}

// Unregister implements core.Index.
func (o observer) Unregister(actor core.Ref[any]) {
	o.r.mu.Lock()
	defer o.r.mu.Unlock()
	o.r.byType.remove(actor)
	delete(o.r.hidden, actor)
}

// All are the actors in the order in which they were spawned.
func (r *Registry) All() iter.Seq[core.Ref[any]] {
	return func(yield func(core.Ref[any]) bool) {
		if r.sys == nil {
			return
		}
		for actor := range r.sys.Actors() {
			if r.shows(actor) && !yield(actor) {
				return
			}
		}
	}
}

// ByName finds the actor that was spawned with core.Named(name).
func (r *Registry) ByName(name string) (core.Ref[any], bool) {
	if strings.HasPrefix(name, urnPrefix) {
		return core.Ref[any]{}, false
	}
	return r.find(name)
}

// ByURN finds the actor with the given URN.
func (r *Registry) ByURN(urn string) (core.Ref[any], bool) {
	if !strings.HasPrefix(urn, urnPrefix) {
		return core.Ref[any]{}, false
	}
	return r.find(urn)
}

// urnPrefix tells a URN from a name; core.Named refuses names that begin so.
const urnPrefix = "urn:uuid:"

func (r *Registry) find(address string) (core.Ref[any], bool) {
	if r.sys == nil {
		return core.Ref[any]{}, false
	}
	actor, ok := r.sys.Find(address)
	if !ok || !r.shows(actor) {
		return core.Ref[any]{}, false
	}
	return actor, true
}

// Unregister hides actor: no look-up finds it until [Registry.Register] shows
// it again. That is all; the actor runs, whoever has a ref can use it, and
// its name is not free. Hiding what is hidden, has ended, or is of another
// system does nothing.
func (r *Registry) Unregister(actor core.Ref[any]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byType.has(actor) {
		r.hidden[actor] = true
	}
}

// Register shows an actor that was hidden again, in its old place. Core does
// what is needed for an actor to be found in the first place, so for any
// other actor Register does nothing.
func (r *Registry) Register(actor core.Ref[any]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.hidden, actor)
}

func (r *Registry) shows(actor core.Ref[any]) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return !r.hidden[actor]
}
