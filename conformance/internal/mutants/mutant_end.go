package mutants

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/troupe-go/troupe/core"
)

// A threads runtime is a right one that pins: each actor has a goroutine that
// is locked to its thread. Its habits are where a mutant differs.
type threads struct {
	habits
	stop chan struct{}

	mu       sync.Mutex
	attached int
	closed   bool
	ended    chan struct{} // closed when the last actor of a closed runtime ends
}

// habits are what is wrong with it; nothing, if zero.
type habits struct {
	elsewhere int32                      // each turn of so many runs on another thread
	enter     bool                       // callers may run an actor
	park      func(stop <-chan struct{}) // runs after each wait
}

// mostThreads is how many actors a threads runtime takes.
const mostThreads = 48

type thread struct {
	r    *threads
	loop core.Loop
	wake chan struct{}

	turns int32
}

// Attach implements core.Runtime.
func (r *threads) Attach(l core.Loop) (core.Waker, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, core.ErrRuntimeClosed
	}
	if r.attached == mostThreads {
		return nil, errFull
	}
	r.attached++
	t := &thread{r: r, loop: l, wake: make(chan struct{}, 1)}
	go t.run()
	if r.enter {
		return openThread{t}, nil
	}
	if r.park != nil {
		return restlessThread{t}, nil
	}
	return t, nil
}

// Wake implements core.Waker. No other comes before the Turn, so there is room.
func (t *thread) Wake(core.Waker) { t.wake <- struct{}{} }

// Pinned implements core.Pinner.
func (t *thread) Pinned() bool { return true }

func (t *thread) run() {
	runtime.LockOSThread() // and never unlocked: the thread ends with its goroutine
	ended := false
	defer func() {
		if !ended { // a Turn ended the goroutine: that counts as More
			t.wake <- struct{}{}
			go t.run()
		}
	}()
	for range t.wake {
		left := core.More
		for left == core.More {
			left = t.turn()
		}
		if left == core.Ended {
			ended = true
			t.r.leave()
			return
		}
	}
}

func (r *threads) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attached--
	r.checkEnded()
}

// checkEnded closes what Close waits for, with mu held.
func (r *threads) checkEnded() {
	if r.closed && r.attached == 0 && r.ended != nil {
		close(r.ended)
		close(r.stop)
		r.ended = nil
	}
}

func (t *thread) turn() (left core.Status) {
	t.turns++
	if t.r.elsewhere == 0 || t.turns%t.r.elsewhere != 0 {
		return t.loop.Turn(budget)
	}
	left = core.More
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		left = t.loop.Turn(budget)
	}()
	<-done
	return left
}

// Close implements core.Closer.
func (r *threads) Close(ctx context.Context) error {
	r.mu.Lock()
	ended := r.ended
	r.closed = true
	r.checkEnded()
	r.mu.Unlock()
	if ended == nil {
		return nil
	}
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// An openThread lets callers in.
type openThread struct{ *thread }

func (openThread) Enter(core.Waker) bool { return true }
func (openThread) Leave()                {}

// A restlessThread is another one after a wait.
type restlessThread struct{ *thread }

func (t restlessThread) Park(k *core.Parking) {
	ch := channelOf(k)
	runtime.UnlockOSThread()
	<-ch
	t.r.park(t.r.stop)
	runtime.LockOSThread()
}

func (t restlessThread) Unpark(k *core.Parking) {
	select {
	case channelOf(k) <- struct{}{}:
	default:
	}
}

var channels sync.Mutex

func channelOf(k *core.Parking) chan struct{} {
	channels.Lock()
	defer channels.Unlock()
	if k.Data == nil {
		k.Data = make(chan struct{}, 1)
	}
	return k.Data.(chan struct{})
}

func newThreads(h habits) func() core.Runtime {
	return func() core.Runtime { return &threads{habits: h, stop: make(chan struct{}), ended: make(chan struct{})} }
}

// rightThreads is the control of their mutants.
func rightThreads() (name string, make func() core.Runtime) { return "threads", newThreads(habits{}) }

var pinnedMutants = []mutant{
	build("runs each eighth turn on another thread", newThreads(habits{elsewhere: 8}), "pinned/one-thread").of(rightThreads()),
	build("runs each hundredth turn on another thread", newThreads(habits{elsewhere: 100}), "pinned/one-thread").of(rightThreads()),
	build("lets its thread go in a wait", func() core.Runtime {
		var once sync.Once // as each move leaves a thread behind
		return newThreads(habits{park: func(stop <-chan struct{}) { once.Do(func() { moveThread(stop) }) }})()
	}, "pinned/one-thread-after-a-wait").of(rightThreads()),
	build("lets callers run a pinned actor", newThreads(habits{enter: true}), "pinned/not-on-a-caller").of(rightThreads()),
}

var closeMutants = []mutant{
	change("never returns from Close", plenty, closing(func(r *reference, ctx context.Context) error {
		_ = r.close(ctx)
		<-ctx.Done()
		return context.Cause(ctx)
	}), "close/returns"),
	change("returns from Close at once", plenty, closing(func(r *reference, _ context.Context) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.closed = true
		return nil
	}), "close/waits-for-actors"),
	change("forgets the deadline of Close", plenty, closing(func(r *reference, _ context.Context) error {
		return r.close(context.Background())
	}), "close/keeps-its-deadline"),
	change("returns from Close a second after its deadline", plenty, closing(func(r *reference, ctx context.Context) error {
		err := r.close(ctx)
		if err != nil {
			tarry()
		}
		return err
	}), "close/keeps-its-deadline"),
	change("returns the error of Close's context and not its cause", plenty, closing(func(r *reference, ctx context.Context) error {
		if r.close(ctx) != nil {
			return ctx.Err()
		}
		return nil
	}), "close/keeps-its-deadline"),
	change("stops work when Close gives up", plenty, closing(func(r *reference, ctx context.Context) error {
		err := r.close(ctx)
		if err != nil {
			r.mu.Lock()
			r.free = -1 << 20
			r.mu.Unlock()
		}
		return err
	}), "close/serves-on"),
	change("has a goroutine that only a Close in time ends", plenty, func() hooks {
		over := make(chan struct{})
		go func() { <-over }()
		end := sync.OnceFunc(func() { close(over) })
		return hooks{close: func(r *reference, ctx context.Context) error {
			err := r.close(ctx)
			if err == nil {
				end()
			}
			return err
		}}
	}, "close/ends-by-itself"),
	change("does not wait in a second Close", plenty, func() hooks {
		var closed atomic.Bool
		return hooks{close: func(r *reference, ctx context.Context) error {
			if closed.Swap(true) {
				return nil
			}
			return r.close(ctx)
		}}
	}, "close/again"),
	change("panics in a second Close", plenty, func() hooks {
		var closed atomic.Bool
		return hooks{close: func(r *reference, ctx context.Context) error {
			if closed.Swap(true) {
				panic("close of closed channel")
			}
			return r.close(ctx)
		}}
	}, "close/again"),
	change("never returns from a Close that comes while another waits", plenty, func() hooks {
		var inside atomic.Int32
		return hooks{close: func(r *reference, ctx context.Context) error {
			defer inside.Add(-1)
			if inside.Add(1) > 1 {
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return r.close(ctx)
		}}
	}, "close/again"),
	change("takes actors after Close", plenty, func() hooks {
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.attached++
			return &place{r: r, loop: l}, nil
		}}
	}, "close/refuses-actors"),
	change("refuses actors after Close with another error", plenty, func() hooks {
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			w, err := r.attach(l)
			if err != nil {
				err = errFull
			}
			return w, err
		}}
	}, "close/refuses-actors"),
	build("leaves a goroutine behind", func() core.Runtime {
		go func() { select {} }()
		return newReference(plenty, hooks{})
	}, "close/leaves-no-goroutine"),
}

// tarry takes a second, in steps, as the suite counts its time: on a busy machine
// both are longer.
func tarry() {
	for range 200 {
		time.Sleep(5 * time.Millisecond)
	}
}

func closing(f func(r *reference, ctx context.Context) error) func() hooks {
	return func() hooks { return hooks{close: f} }
}

var resourceMutants = []mutant{
	change("leaves a goroutine behind each actor", plenty, func() hooks {
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			go func() { select {} }()
			return r.attach(l)
		}}
	}, "resources/no-goroutines-pile-up"),
	change("counts actors that have ended among the 64 that it takes", plenty, func() hooks {
		var n atomic.Int32
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			if n.Add(1) > 64 {
				return nil, errFull
			}
			return r.attach(l)
		}}
	}, "resources/room-for-others"),
	change("keeps every actor in memory", plenty, func() hooks {
		var mu sync.Mutex
		var all []core.Loop
		return hooks{attach: func(r *reference, l core.Loop) (core.Waker, error) {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, l)
			return r.attach(l)
		}}
	}, "resources/forgets-ended-actors"),
}
