package proxy

import (
	"context"
	"fmt"
	"reflect"

	"github.com/troupe-go/troupe/core"
)

// A Proxy stands for an actor whose value is a T. It is a small value that
// can be copied, compared and used as a map key: two are equal if they stand
// for one actor. It does not keep the value of an ended actor in memory. The
// zero Proxy is that of a dead actor. Its methods may be called from any
// goroutine.
type Proxy[T any] struct {
	_   [0]*T // a Proxy of one T does not convert to a Proxy of another
	ref core.Ref[any]
}

// Spawn makes an actor of v and returns its proxy. The errors are those of
// [core.Spawn].
//
// v needs no Receive; its hooks (see [core.Actor]) are called if it has
// them. It is usually a pointer: of a struct, each call would be given a copy.
// A v that is a core.Actor[any] gets the messages that are sent to its ref;
// any other v leaves them unhandled. An actor of messages of another type is
// for [core.Spawn] and [Of].
func Spawn[T any](sys *core.System, v T, opts ...core.Option) (Proxy[T], error) {
	ref, err := core.Spawn(sys, actorOf(v), opts...)
	return Proxy[T]{ref: ref}, err
}

// Of is a proxy of a running actor, which may also be that of the caller, or
// one that has not started. The error is [core.ErrInvalid] if the actor's
// value is no T, and names both types; [core.ErrDead] if the actor is dead.
func Of[T, M any](ref core.Ref[M]) (Proxy[T], error) {
	if !ref.Alive() {
		return Proxy[T]{}, fmt.Errorf("%w: %v not found", core.ErrDead, ref)
	}
	if want := reflect.TypeFor[T](); !ref.Type().AssignableTo(want) {
		return Proxy[T]{}, fmt.Errorf("%w: %v is a %v, no %v", core.ErrInvalid, ref, ref.Type(), want)
	}
	return Proxy[T]{ref: ref.Any()}, nil
}

// Ref is the actor's ref. It is of use when the actor is dead, too.
func (p Proxy[T]) Ref() core.Ref[any] { return p.ref }

// String names the actor, in angle brackets.
func (p Proxy[T]) String() string { return "<proxy of " + p.ref.String() + ">" }

// GoString is String, for %#v.
func (p Proxy[T]) GoString() string { return p.String() }

func actorOf(v any) core.Actor[any] {
	if a, ok := v.(core.Actor[any]); ok {
		return a
	}
	return &holder{v}
}

// A holder makes an actor of a value that has no Receive.
type holder struct{ v any }

var _ core.Holder = (*holder)(nil)

func (h *holder) Held() any { return h.v }

func (h *holder) Receive(context.Context, any) (any, error) { return nil, core.ErrUnhandled }
