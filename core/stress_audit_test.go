package core_test

// audit checks the books, when all systems have ended.
func (w *world) audit() {
	accepted, unknown := map[*stressSystem]uint64{}, map[*stressSystem]uint64{}
	for _, l := range w.ledgers {
		for _, t := range l.tracks {
			f := t.fate()
			switch {
			case f.problem != "":
				w.t.Errorf("%v: %s", t, f.problem)
			case f.accepted:
				accepted[t.to.sys]++
			case f.unknown:
				unknown[t.to.sys]++
			}
		}
		w.auditStops(l)
	}
	for _, s := range w.systems {
		s.audit(accepted[s], unknown[s])
	}
	for _, a := range w.actors {
		a.audit()
	}
}

func (w *world) auditStops(l *ledger) {
	for _, f := range l.stops {
		select {
		case <-f.Done():
			if _, err := f.Get(w.ctx); err != nil {
				w.t.Errorf("Get of AskStop = %v", err)
			}
		default:
			w.t.Error("a request to stop was not answered")
		}
	}
}

// audit compares the Stats with what was counted outside.
func (s *stressSystem) audit(accepted, unknown uint64) {
	st := s.sys.Stats()
	if st.Accepted < accepted || st.Accepted > accepted+unknown {
		s.w.t.Errorf("Stats = %+v, want Accepted = %d, or up to %d more", st, accepted, unknown)
	}
	if st.Handled != s.handled.Load() || st.Waiting != 0 || st.DeadLetters < s.buried.Load() {
		s.w.t.Errorf("Stats = %+v, want Handled = %d, Waiting = 0, DeadLetters >= %d", st, s.handled.Load(), s.buried.Load())
	}
	if st.Spawned != s.spawned.Load() || st.Actors != 0 || st.StrayTurns != 0 {
		s.w.t.Errorf("Stats = %+v, want Spawned = %d, Actors = 0, StrayTurns = 0", st, s.spawned.Load())
	}
}

// audit checks that the hooks ran that go with the end of the actor.
func (a *stressActor) audit() {
	select {
	case <-a.ref.Done():
	default:
		a.w.t.Errorf("%v has not ended", a.ref)
		return
	}
	err := a.ref.Err()
	hooks := [...]int{a.starts, a.stops, a.failures}
	var want [3]int
	switch {
	case a.refused:
	case a.noStart:
		want = [...]int{1, 0, 0}
	case err == nil:
		want = [...]int{1, 1, 0}
	default:
		want = [...]int{1, 0, 1}
	}
	if hooks != want && !a.endedFatally(hooks, err) {
		a.w.t.Errorf("OnStart, OnStop, OnFailure ran %v times, want %v; Err = %v", hooks, want, err)
	}
	if n := a.dones.Load(); n != 1 {
		a.w.t.Errorf("OnDone was called %d times", n)
	}
	if a.ref.Alive() {
		a.w.t.Errorf("%v is alive after its end", a.ref)
	}
}

// endedFatally reports whether the hooks are those of a fatal end, be it in
// OnStart or later. Only deadly worlds have such ends.
func (a *stressActor) endedFatally(hooks [3]int, err error) bool {
	return a.w.deadly && err != nil && (hooks == [...]int{1, 1, 0} || hooks == [...]int{1, 0, 0})
}
