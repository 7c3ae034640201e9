package registry

import (
	"cmp"
	"iter"
	"reflect"
	"slices"

	"github.com/troupe-go/troupe/core"
)

// OfType are the actors whose concrete type is T or, if T is an interface,
// implements it, in the order in which they were spawned.
func OfType[T any](r *Registry) iter.Seq[core.Ref[any]] {
	want := reflect.TypeFor[T]()
	return r.ofTypes(func(t reflect.Type) bool {
		return t == want || want.Kind() == reflect.Interface && t.Implements(want)
	})
}

// OfTypeName are the actors whose concrete type has the given name, with its
// package, "main.Cache", or without, "Cache". A type and the pointer to it
// have one name. What implements or embeds a type has a name of its own.
func (r *Registry) OfTypeName(name string) iter.Seq[core.Ref[any]] {
	return r.ofTypes(func(t reflect.Type) bool {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		return t.String() == name || t.Name() == name && t.Name() != ""
	})
}

func (r *Registry) ofTypes(match func(reflect.Type) bool) iter.Seq[core.Ref[any]] {
	return func(yield func(core.Ref[any]) bool) {
		for _, e := range r.matching(match) {
			if !yield(e.actor) {
				return
			}
		}
	}
}

// matching copies what match matches, so that no lock is held afterwards.
func (r *Registry) matching(match func(reflect.Type) bool) []*entry {
	r.mu.RLock()
	defer r.mu.RUnlock()
	found := r.byType.matching(match)
	if len(r.hidden) == 0 {
		return found
	}
	return slices.DeleteFunc(found, func(e *entry) bool { return r.hidden[e.actor] })
}

// A typeIndex keeps the actors by their type, and those of each type in the
// order in which they came.
type typeIndex struct {
	groups  map[reflect.Type]*group
	entries map[core.Ref[any]]*entry
	arrived uint64
}

// An entry is one actor in its group.
type entry struct {
	actor      core.Ref[any]
	arrival    uint64
	group      *group
	prev, next *entry
}

// A group is a list of the actors of one type.
type group struct {
	typ         reflect.Type
	first, last *entry
	n           int
}

func newTypeIndex() typeIndex {
	return typeIndex{groups: map[reflect.Type]*group{}, entries: map[core.Ref[any]]*entry{}}
}

func (x *typeIndex) has(actor core.Ref[any]) bool { return x.entries[actor] != nil }

func (x *typeIndex) add(actor core.Ref[any]) {
	if x.has(actor) {
		return
	}
	t := actor.Type()
	g := x.groups[t]
	if g == nil {
		g = &group{typ: t}
		x.groups[t] = g
	}
	x.arrived++
	e := &entry{actor: actor, arrival: x.arrived, group: g}
	x.entries[actor] = e
	g.push(e)
}

func (x *typeIndex) remove(actor core.Ref[any]) {
	e := x.entries[actor]
	if e == nil {
		return
	}
	delete(x.entries, actor)
	e.group.remove(e)
	if e.group.n == 0 {
		delete(x.groups, e.group.typ)
	}
}

// matching are the entries of all groups whose type matches, by arrival.
func (x *typeIndex) matching(match func(reflect.Type) bool) []*entry {
	var all []*entry
	groups := 0
	for t, g := range x.groups {
		if !match(t) {
			continue
		}
		groups++
		all = slices.Grow(all, g.n)
		for e := g.first; e != nil; e = e.next {
			all = append(all, e)
		}
	}
	if groups > 1 {
		slices.SortFunc(all, func(a, b *entry) int { return cmp.Compare(a.arrival, b.arrival) })
	}
	return all
}

func (g *group) push(e *entry) {
	e.prev = g.last
	if g.last == nil {
		g.first = e
	} else {
		g.last.next = e
	}
	g.last = e
	g.n++
}

func (g *group) remove(e *entry) {
	if e.prev == nil {
		g.first = e.next
	} else {
		e.prev.next = e.next
	}
	if e.next == nil {
		g.last = e.prev
	} else {
		e.next.prev = e.prev
	}
	g.n--
}
