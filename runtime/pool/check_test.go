package pool

import "fmt"

// Check returns what is wrong with the workers and the counts of r, at
// whatever moment.
func (r *Runtime) Check() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	busy, err := r.checkBusy()
	if err == nil {
		_, err = r.checkSpare()
	}
	switch {
	case err != nil:
		return err
	case r.workers < busy:
		return fmt.Errorf("%d workers are busy, of %d", busy, r.workers)
	case r.slots.load().free() > r.size+r.lent:
		return fmt.Errorf("%d slots are free, of %d and %d lent", r.slots.load().free(), r.size, r.lent)
	}
	return nil
}

// checkBusy checks that the list is one, of workers that are at work.
func (r *Runtime) checkBusy() (n int, err error) {
	var before *worker
	for w := r.busy.first; w != nil; w = w.listNext {
		if n++; !w.listed || w.gone || w.guest || w.parked > 0 || w.listPrev != before || n > r.workers {
			return n, fmt.Errorf("worker %d that is busy: %s", n, w)
		}
		before = w
	}
	return n, nil
}

// checkSpare checks that the list is one, of workers that have left.
func (r *Runtime) checkSpare() (n int, err error) {
	met := map[*worker]bool{}
	for w := r.spare; w != nil; w = w.listNext {
		if n++; w.listed || !w.gone || w.guest || w.next.Load() != shut || w.current.Load() != nil || met[w] {
			return n, fmt.Errorf("worker %d that is spare: %s", n, w)
		}
		met[w] = true
	}
	return n, nil
}

func (w *worker) String() string {
	next := w.next.Load()
	return fmt.Sprintf("listed %t, gone %t, guest %t, parked %d, next %t, shut %t, at work %t, mark %d",
		w.listed, w.gone, w.guest, w.parked, next != nil && next != shut, next == shut, w.current.Load() != nil, w.mark.Load())
}

// CheckAtRest is Check for a Runtime of which every turn has ended: nobody is
// there and every slot is.
func (r *Runtime) CheckAtRest() error {
	if err := r.Check(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.slots.load()
	switch {
	case r.workers != 0 || r.busy.first != nil:
		return fmt.Errorf("%d workers have not left", r.workers)
	case t.queued() != 0 || t.isOwed() || r.queue.pop() != entry{}:
		return fmt.Errorf("%d are queued, a slot is owed: %t", t.queued(), t.isOwed())
	case t.free() != r.size || r.lent != 0 || r.waiting != 0:
		return fmt.Errorf("%d slots are free, of %d; %d are lent, %d wait", t.free(), r.size, r.lent, r.waiting)
	}
	for i := range r.guests {
		w := &r.guests[i].worker
		if w.current.Load() != nil || w.next.Load() != shut || w.parked != 0 || w.mark.Load() == lent {
			return fmt.Errorf("a guest has not left: %s", w)
		}
	}
	return nil
}
