package subjects

import "sync"

func init() {
	register(Subject{
		Name:  "go/slice",
		Ints:  func() Stage[int] { return new(sliceStage[int]) },
		Msgs:  func() Stage[Msg] { return new(sliceStage[Msg]) },
		Wides: func() Stage[Wide] { return new(sliceStage[Wide]) },
	})
}

// A Slicebox is the inbox that one writes by hand: a slice under a lock.
type Slicebox[M any] struct {
	mu     sync.Mutex
	cond   sync.Cond
	queue  []M
	closed bool
}

// NewSlicebox makes an empty one.
func NewSlicebox[M any]() *Slicebox[M] {
	s := new(Slicebox[M])
	s.cond.L = &s.mu
	return s
}

// Push puts msg in.
func (s *Slicebox[M]) Push(msg M) {
	s.mu.Lock()
	s.queue = append(s.queue, msg)
	s.mu.Unlock()
	s.cond.Signal()
}

// Close has Swap return none once it is empty.
func (s *Slicebox[M]) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cond.Signal()
}

// Swap waits for messages and takes them all; none are left if it returns
// none. The slice that it is given is used again.
func (s *Slicebox[M]) Swap(empty []M) []M {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) == 0 && !s.closed {
		s.cond.Wait()
	}
	full := s.queue
	s.queue = empty[:0]
	return full
}

// Serve calls handle with each message until the box is closed and empty.
func (s *Slicebox[M]) Serve(handle func(M)) {
	var batch []M
	for {
		batch = s.Swap(batch)
		if len(batch) == 0 {
			return
		}
		for _, msg := range batch {
			handle(msg)
		}
	}
}

// A sliceStage is a Stage of goroutines with sliceboxes.
type sliceStage[M any] struct {
	mu  sync.Mutex
	all map[*sliceActor[M]]struct{}
}

// A sliceActor is a goroutine with a slicebox.
type sliceActor[M any] struct {
	stage *sliceStage[M]
	box   *Slicebox[sliceLetter[M]]
	ended chan struct{}
	reply chan int
}

// A sliceLetter is a message and where its reply goes.
type sliceLetter[M any] struct {
	msg   M
	reply chan int
}

func (s *sliceStage[M]) Spawn(b Behaviour[M]) Ref {
	a := &sliceActor[M]{stage: s, box: NewSlicebox[sliceLetter[M]](), ended: make(chan struct{})}
	s.mu.Lock()
	if s.all == nil {
		s.all = map[*sliceActor[M]]struct{}{}
	}
	s.all[a] = struct{}{}
	s.mu.Unlock()
	go a.serve(b)
	return a
}

func (a *sliceActor[M]) serve(b Behaviour[M]) {
	defer close(a.ended)
	a.box.Serve(func(l sliceLetter[M]) {
		a.reply = l.reply
		b.Receive(a, l.msg)
	})
	a.stage.mu.Lock()
	delete(a.stage.all, a)
	a.stage.mu.Unlock()
}

func (s *sliceStage[M]) Tell(to Ref, msg M) { to.(*sliceActor[M]).box.Push(sliceLetter[M]{msg: msg}) }

func (s *sliceStage[M]) Ask(to Ref, msg M) int {
	reply := make(chan int, 1)
	to.(*sliceActor[M]).box.Push(sliceLetter[M]{msg, reply})
	return <-reply
}

func (s *sliceStage[M]) Stop(ref Ref) {
	a := ref.(*sliceActor[M])
	a.box.Close()
	<-a.ended
}

func (s *sliceStage[M]) Close() {
	s.mu.Lock()
	var left []*sliceActor[M]
	for a := range s.all {
		left = append(left, a)
	}
	s.mu.Unlock()
	for _, a := range left {
		s.Stop(a)
	}
}

func (a *sliceActor[M]) Ref() Ref                 { return a }
func (a *sliceActor[M]) Spawn(b Behaviour[M]) Ref { return a.stage.Spawn(b) }
func (a *sliceActor[M]) Tell(to Ref, msg M)       { a.stage.Tell(to, msg) }
func (a *sliceActor[M]) Reply(value int)          { a.reply <- value }
func (a *sliceActor[M]) End()                     { a.box.Close() }
