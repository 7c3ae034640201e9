package core

import (
	"reflect"
)

// A turn is one run of the receive loop on one goroutine. Only that
// goroutine touches it.
type turn[M any] struct {
	c      *cell[M]
	self   *actor   // c's: &c.actor reads the senders' word, for a nil check (tell-8 72 to 47 ns)
	actor  Actor[M] // c.value: producers write beside where c keeps it
	budget int
	batch  batch[M]
	msg    Envelope[M] // the message being handled
	user   bool        // code of the actor's is running
	end    bool        // serving is over, and finish has the rest to do
	own    bool        // the runtime called; else the turn is borrowed
	until  *outcome    // a borrowed turn serves until this is settled
	status Status

	// Of an inline call, whose message is in msg from the start:
	inline bool
	invoke Invoke // what it calls, if not Receive
	value  any    // the reply
	err    error
}

// Turn implements Loop.
func (c *cell[M]) Turn(budget int) Status {
	w, v := c.begin()
	switch v {
	case nothing:
		return Idle
	case over:
		return Ended
	case stray:
		c.kind.sys.stray.Add(1)
		return Idle
	}
	var t turn[M]
	t.c, t.self, t.actor, t.budget, t.own = c, &c.actor, c.value, max(budget, 1), true
	t.open(w)
	t.drive()
	return t.status
}

// borrow runs a turn on a goroutine that claimed it. It holds the lock, and
// w is the word. The turn serves until o is settled, which a request to stop
// is when the actor has ended.
func (c *cell[M]) borrow(w uint64, o *outcome) {
	var t turn[M]
	t.c, t.self, t.actor, t.budget, t.until = c, &c.actor, c.value, 1<<30, o
	t.open(w)
	t.drive()
}

// open takes the first batch and the lock off.
func (t *turn[M]) open(w uint64) {
	switch t.c.phase {
	case serving:
		t.fetch(w)
	case starting:
		t.c.unlock(w)
	default: // an earlier turn was cut short by Goexit
		t.end = true
		t.c.unlock(w)
	}
}

func (t *turn[M]) drive() { t.c.host(func() bool { return t.run() }) }

// run runs the turn to its end, and returns true, or up to a panic.
func (t *turn[M]) run() (done bool) {
	defer t.rescue(&done)
	switch {
	case t.inline && t.budget > 0:
		t.budget--
		t.handle()
	case t.c.phase == starting && !t.end:
		t.start()
	}
	for !t.end && t.next() {
		t.handle()
	}
	if t.end {
		t.finish()
	}
	return true
}

// next makes t.msg the next message. If there is none, or the budget is
// used up, it gives the turn up and returns false; the actor may be running
// elsewhere by then. It also returns false when the actor is to stop here.
func (t *turn[M]) next() bool {
	for t.batch.n == 0 {
		if t.batch.seg == nil && t.c.rest() {
			return false
		}
		w := t.c.lock()
		drained := t.c.commit(&t.batch)
		served := t.budget <= 0 || t.until != nil && t.until.settled()
		if served && !t.stops(w) {
			t.yield(w)
		} else {
			t.fetch(w)
			served = false
		}
		t.c.recycle(drained)
		if served || t.end {
			return false
		}
	}
	t.msg = t.batch.read()
	t.budget--
	return true
}

// fetch takes the next batch under the lock, and unlocks.
func (t *turn[M]) fetch(w uint64) {
	c := t.c
	var seats []*seat[M]
	var broken error
	switch {
	case t.stops(w):
		t.leave(exit{hook: stopHook})
	case c.traits.has(boxTrait):
		w, seats, broken = t.fetchBoxed(w)
	default:
		c.take(&t.batch, t.limit(w))
		if c.left == 0 {
			w &^= work
		}
	}
	c.unlock(w)
	unparkSeats(seats)
	if broken != nil {
		c.logError("inbox failed", broken)
	}
}

// stops reports, under the lock, whether the mark of a request to stop has
// been reached.
func (t *turn[M]) stops(w uint64) bool {
	return w&stopping != 0 && t.beforeStop() == 0
}

// beforeStop is how many messages of the inbox come before the request.
func (t *turn[M]) beforeStop() int {
	taken := t.c.pushed - uint64(t.c.left)
	return int(t.c.ext.Load().stopAt - taken)
}

// limit is how many messages the next batch may have. A borrowed turn takes
// them one by one: it may have to stop after each.
func (t *turn[M]) limit(w uint64) int {
	n := t.budget
	if t.until != nil {
		n = 1
	}
	if w&stopping != 0 {
		n = min(n, t.beforeStop())
	}
	return n
}

// yield gives the turn up with the lock held, and unlocks. Work that is left
// is the runtime's: a Wake that is outstanding will find it; else the
// runtime's own Turn says More and a borrowed one wakes.
func (t *turn[M]) yield(w uint64) {
	c := t.c
	w &^= running | depthMask
	if c.left > 0 || w&stopping != 0 {
		w |= work
	}
	if w&work == 0 || w&queued != 0 {
		c.unlock(w)
		return
	}
	c.unlock(w | queued)
	if t.own {
		t.status = More
	} else {
		c.waker.Wake(nil)
	}
}

func (t *turn[M]) handle() {
	var value any
	var err error
	o := t.msg.o
	if o != nil && o.settled() { // its sender got ErrDeadlock instead
		t.c.discard(t.msg, ErrDeadlock)
		return
	}
	t.user = true
	if f := t.function(); f != nil {
		value, err = f(t.self, t.c.held())
	} else {
		value, err = t.actor.Receive(t.self, t.msg.Msg)
	}
	t.user = false
	t.settle(value, err)
}

// function is what is to be called in place of Receive, or nil.
func (t *turn[M]) function() Invoke {
	switch o := t.msg.o; {
	case t.inline:
		return t.invoke
	case o != nil && o.request != nil:
		return o.request.f
	}
	return nil
}

// settle gives the message its outcome.
func (t *turn[M]) settle(value any, err error) {
	if err != nil {
		value, err = t.steer(value, err)
	}
	switch o := t.msg.o; {
	case t.inline:
		t.value, t.err = value, err
	case o != nil && !o.told():
		o.resolve(value, err)
	}
	t.msg = Envelope[M]{}
}

// asked reports whether somebody waits for the outcome of t.msg.
func (t *turn[M]) asked() bool {
	return t.inline || t.msg.o != nil && !t.msg.o.told()
}

// steer does what err, returned by a handler, says becomes of the actor, and
// returns what an asker gets.
func (t *turn[M]) steer(value any, err error) (any, error) {
	a := &t.c.actor
	switch {
	case isFatal(err):
		a.logError("fatal error", err)
		t.leave(exit{err: err, hook: stopHook, fatal: true})
	case obeys(err, ErrStop):
		a.stopSelf()
		return value, nil
	case obeys(err, ErrUnhandled):
		a.logUnhandled(t.describe())
	case t.asked():
		a.logAsked(err)
	case a.isForced(err):
		a.stopSelf()
	default:
		a.logError("actor failed", err)
		t.leave(exit{err: err, hook: failureHook})
	}
	return nil, forAsker(err)
}

// leave ends serving. What is left of the batch goes to the drain. The error
// is for others from here on, by Err and OnDone and Shutdown, and steers none.
func (t *turn[M]) leave(e exit) {
	e.err = forAsker(e.err)
	t.c.phase = ending
	t.c.extra().exit = e
	t.end = true
}

// start runs OnStart.
func (t *turn[M]) start() {
	var err error
	t.user = true
	if s, ok := t.c.held().(Starter); ok {
		err = s.OnStart(&t.c.actor)
	}
	t.user = false
	t.started(err)
}

func (t *turn[M]) started(err error) {
	c := t.c
	switch {
	case err == nil:
	case isFatal(err):
		c.logError("fatal error in OnStart", err)
		t.leave(exit{err: err, fatal: true})
		return
	case obeys(err, ErrStop):
		c.stopSelf()
	default:
		c.logError("OnStart failed", err)
		t.leave(exit{err: err})
		return
	}
	c.phase = serving
	w := c.lock() &^ booting
	if c.left == 0 && w&stopping == 0 {
		w &^= work
	}
	c.unlock(w)
}

// rescue is deferred around the actor's code, and around that of its system's
// owner. It makes the error of a panic, and of the end of the goroutine, which
// it cannot prevent: then it leaves the actor as if the budget had been used
// up.
func (t *turn[M]) rescue(done *bool) {
	if *done {
		return
	}
	p := recover()
	switch {
	case t.user && p != nil:
		t.failed(&PanicError{p, t.c.stackOf(p)})
		return
	case t.user:
		t.failed(Fatal(errGoexit))
	case p != nil:
		panic(p) // core's own
	}
	t.abandon()
}

// failed is what err, of the actor's code that was running, comes to.
func (t *turn[M]) failed(err error) {
	t.user = false
	switch t.c.phase {
	case starting:
		t.started(err)
	case serving:
		t.settle(nil, err)
	case hooked:
		t.hookFailed(err)
	}
}

// abandon gives the turn up on a goroutine that is about to end.
func (t *turn[M]) abandon() {
	w := t.c.lock()
	drained := t.c.commit(&t.batch)
	t.yield(w | work)
	t.c.recycle(drained)
}

// hold makes a the actor's value.
func (c *cell[M]) hold(a Actor[M]) {
	c.value = a
	if _, ok := a.(Holder); ok {
		c.found |= holderTrait
	}
}

// held is what the actor's hooks are those of, and what an Invoke gets. The
// trait spares the rest a search for the interface in every call.
func (c *cell[M]) held() any {
	if c.found.has(holderTrait) {
		return heldBy(c.value)
	}
	return c.value
}

func (c *cell[M]) accepts(m reflect.Type) bool {
	return c.messages() == m || m == reflect.TypeFor[any]()
}

func (c *cell[M]) messages() reflect.Type { return reflect.TypeFor[M]() }

// describe is what a log record says of the message.
func (t *turn[M]) describe() any {
	if f := t.function(); f != nil {
		return f
	}
	return t.msg.Msg
}
