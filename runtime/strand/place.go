package strand

import "github.com/troupe-go/troupe/core"

// A place is one actor's.
type place struct {
	s    *Strand
	loop core.Loop
}

var _ core.Parker = (*place)(nil)

// Wake implements [core.Waker].
func (p *place) Wake(core.Waker) { p.s.push(task{place: p}) }

func (s *Strand) push(t task) {
	s.mu.Lock()
	s.queue.push(t)
	s.unlock()
}

// What a Parking's Data is, under mu: nil; unparked, if nobody waits and the
// next to do so need not; or who waits, a *coroutine or, for a goroutine
// beside the turn, a chan struct{}.
type token struct{}

var unparked token

// Park implements [core.Parker]. Only the coroutine that runs can be set
// aside. A goroutine that has the actor's context from elsewhere, because a
// handler started it or a function captured the context, just waits.
func (p *place) Park(w *core.Parking) {
	if co := p.s.running(); co != nil && co.here() {
		if p.s.await(w, co) {
			co.wait()
		}
		return
	}
	if c := make(chan struct{}); p.s.await(w, c) {
		<-c
	}
}

func (s *Strand) running() *coroutine {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// await notes who waits, unless nobody has to.
func (s *Strand) await(w *core.Parking, who any) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.Data == any(unparked) {
		w.Data = nil
		return false
	}
	w.Data = who
	return true
}

// Unpark implements [core.Parker].
func (p *place) Unpark(w *core.Parking) {
	s := p.s
	s.mu.Lock()
	switch who := w.Data.(type) {
	case nil:
		w.Data = unparked
	case *coroutine:
		w.Data = nil
		s.queue.push(task{waited: who})
	case chan struct{}:
		w.Data = nil
		close(who)
	}
	s.unlock()
}
