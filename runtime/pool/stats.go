package pool

// Stats are what a [Runtime] is doing at one moment.
type Stats struct {
	Size    int    // slots that the pool has, not counting those on loan
	Running int    // slots in use
	Ready   int    // actors, and turns that have waited, that are ready to run
	Waiting int    // turns that wait, and hold no slot
	Lent    int    // slots that are held by a turn and lent to another; see [Patience]
	Loans   uint64 // how often a slot has been lent, ever
	Actors  int    // that have been attached and have not ended
}

// Stats says what r is doing.
func (r *Runtime) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.slots.load()
	ready := t.queued()
	for w := r.busy.first; w != nil; w = w.listNext {
		if n := w.next.Load(); n != nil && n != shut {
			ready++
		}
	}
	return Stats{
		Size:    r.size,
		Running: max(0, r.size+r.lent-t.free()), // a wait beside a turn gives up a slot that it has not
		Ready:   ready,
		Waiting: r.waiting,
		Lent:    r.lent,
		Loans:   r.loans,
		Actors:  r.attached,
	}
}
