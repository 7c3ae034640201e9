package conformance

import (
	"reflect"

	"github.com/troupe-go/troupe/core"
)

// The rules on an inbox alone, without an actor.

const (
	few  = 20
	many = 5000
)

// filledUp makes an inbox with many messages in it, and as many more as it
// takes in the time for that.
func (t *tray[M]) filledUp() (in core.Inbox[M], n int) {
	in = t.fresh()
	for i := range t.upTo(many, wrapping) {
		t.push(in, t.msg(i))
		n++
	}
	return in, n
}

func factoryANewOne[M any](t *tray[M]) {
	a, b := t.filled(3), t.fresh()
	if n := b.Len(); n != 0 {
		t.Errorf("Len of a second inbox = %d after three Pushes to the first, want 0", n)
	}
	t.push(b, t.msg(0))
	if n := len(t.drain(a, few)); n != 3 {
		t.Errorf("%d messages were popped from an inbox after three Pushes to it and one to another, want 3", n)
	}
}

func factoryStartsNoGoroutine[M any](t *tray[M]) {
	before := t.countGoroutines()
	inboxes := make([]core.Inbox[M], 0, few)
	for range few {
		inboxes = append(inboxes, t.filled(3))
	}
	t.quiet()
	if n := t.countGoroutines(); n >= before+few {
		t.Errorf("%d inboxes have started %d goroutines, want none", len(inboxes), n-before)
	}
}

func lenZeroWhenNew[M any](t *tray[M]) {
	if n := t.fresh().Len(); n != 0 {
		t.Errorf("Len of a new inbox = %d, want 0", n)
	}
}

func lenCountsPushes[M any](t *tray[M]) {
	in := t.fresh()
	start := in.Len()
	for i := range few {
		t.push(in, t.msg(i))
		if n := in.Len() - start; n != i+1 {
			t.fatalf("Len grew by %d in %d Pushes, want %d", n, i+1, i+1)
		}
	}
}

func lenCountsPops[M any](t *tray[M]) {
	in := t.filled(few)
	start := in.Len()
	for i := range few {
		if _, ok := in.Pop(); !ok {
			return // another rule's business
		}
		if n := start - in.Len(); n != i+1 {
			t.fatalf("Len shrank by %d in %d Pops, want %d", n, i+1, i+1)
		}
	}
}

func lenNotBelowZero[M any](t *tray[M]) {
	in := t.filled(1)
	t.drain(in, few)
	was := in.Len()
	in.Pop()
	if n := in.Len(); n != was {
		t.Errorf("Len = %d after a Pop of an empty inbox, want %d as before", n, was)
	}
}

func pushTakesMany[M any](t *tray[M]) {
	var in core.Inbox[M]
	var pushed int
	t.returns(func() { in, pushed = t.filledUp() }, "the return of %d Pushes or more with no Pop", many)
	if n := in.Len(); n < pushed {
		t.Errorf("Len = %d after %d Pushes, want %d", n, pushed, pushed)
	}
}

func pushTakesEqual[M any](t *tray[M]) {
	in := t.fresh()
	for range 3 {
		t.push(in, t.msg(1))
	}
	if n := len(t.drain(in, few)); n < 3 {
		t.Errorf("%d messages were popped after three Pushes of equal ones, want 3", n)
	}
}

func pushTakesZero[M any](t *tray[M]) {
	in := t.fresh()
	var zero M
	t.push(in, zero)
	if _, ok := in.Pop(); !ok {
		t.Errorf("Pop after a Push of the zero message = false, want true")
	}
}

func popNothingWhenNew[M any](t *tray[M]) {
	in := t.fresh()
	t.returns(func() {
		if _, ok := in.Pop(); ok {
			t.Errorf("Pop of a new inbox = true, want false")
		}
	}, "the return of Pop of a new inbox")
}

func popNothingWhenEmpty[M any](t *tray[M]) {
	in := t.filled(2)
	t.drain(in, 2)
	t.returns(func() {
		if _, ok := in.Pop(); ok {
			t.Errorf("Pop of an emptied inbox = true, want false")
		}
	}, "the return of Pop of an emptied inbox")
}

func popTrueWhileAny[M any](t *tray[M]) {
	in := t.filled(few)
	for i := range few {
		if _, ok := in.Pop(); !ok && in.Len() > 0 {
			t.fatalf("Pop = false after %d of %d messages and with Len = %d, want true", i, few, in.Len())
		}
	}
}

func popLosesNone[M any](t *tray[M]) {
	in, pushed := t.filledUp()
	pops, got, left := 0, 0, 0
	for range t.upTo(2*many, 2*pushed) { // false now and then is another rule's business
		if _, ok := in.Pop(); ok {
			got++
		}
		pops++
	}
	if pops < 2*pushed { // there was no time for all
		left = in.Len()
	}
	if got+left < pushed {
		t.Errorf("%d messages were popped after %d Pushes, and %d are left, want %d", got, pushed, left, pushed)
	}
}

func popRepeatsNone[M any](t *tray[M]) {
	if got := len(t.drain(t.filled(few), 3*few)); got > few {
		t.Errorf("%d messages were popped after %d Pushes, want %d", got, few, few)
	}
}

func popChangesNone[M any](t *tray[M]) {
	var made []M
	for i := range few {
		made = append(made, t.msg(i))
	}
	for i, m := range t.drain(t.filled(few), few) {
		if !containsEqual(made, m) {
			t.fatalf("Pop number %d = %v, which was never pushed; want one of %v", i+1, m, made)
		}
	}
}

func containsEqual[M any](all []M, m M) bool {
	if v := reflect.ValueOf(&m).Elem(); !comparableDeep(v) {
		return true
	}
	for _, other := range all {
		if reflect.DeepEqual(other, m) {
			return true
		}
	}
	return false
}

// comparableDeep reports whether DeepEqual says anything of v: of functions
// it does not.
func comparableDeep(v reflect.Value) bool {
	if v.Kind() == reflect.Interface {
		return v.IsNil() || comparableDeep(v.Elem())
	}
	return v.Kind() != reflect.Func
}

func popAfterRefill[M any](t *tray[M]) {
	in := t.fresh()
	for round := range t.upTo(few, wrapping/(few/2)) {
		n := round % few
		for i := range n {
			t.push(in, t.msg(i))
		}
		if got := len(t.drain(in, few+n)); got != n {
			t.fatalf("%d messages were popped after the inbox had been filled for the %dth time, with %d, want %d", got, round+1, n, n)
		}
	}
}

func popBetweenPushes[M any](t *tray[M]) {
	in := t.fresh()
	pushed, popped := 0, 0
	for i := range 500 {
		for range i % 7 {
			t.push(in, t.msg(pushed))
			pushed++
		}
		popped += len(t.drain(in, i%5))
	}
	popped += len(t.drain(in, pushed))
	if popped != pushed {
		t.Errorf("%d messages were popped of %d, with Pushes and Pops by turns, want all", popped, pushed)
	}
}

func orderSameAgain[M any](t *tray[M]) {
	first := t.drain(t.filled(few), few)
	second := t.drain(t.filled(few), few)
	if len(first) == 0 || !comparableDeep(reflect.ValueOf(&first[0]).Elem()) {
		return
	}
	if !reflect.DeepEqual(first, second) {
		t.Errorf("the same Pushes came out as %v and as %v, want one order", first, second)
	}
}
