package harness

import "fmt"

// A Run is what a Body is given: the place of its checks and of what it has
// to undo.
type Run struct {
	tiny     bool
	unit     int
	boxed    int
	figures  map[string]float64
	kept     []any
	after    []func()
	cleanups []func()
}

// A failure is the panic of a Run that found a wrong result.
type failure struct{ text string }

// Failf ends the measurement, which was of something that went wrong.
func (r *Run) Failf(format string, args ...any) { panic(failure{fmt.Sprintf(format, args...)}) }

// Check fails unless got is want.
func (r *Run) Check(what string, got, want int) {
	if got != want {
		r.Failf("%s: %d, want %d", what, got, want)
	}
}

// CheckErr fails if err is not nil.
func (r *Run) CheckErr(what string, err error) {
	if err != nil {
		r.Failf("%s: %v", what, err)
	}
}

// tinySize is a power of ten, as the sizes of trees have to be.
const tinySize = 100

// Size is full, how many actors the scenario is about, or a hundred at most in
// a test, which has no time for more.
func (r *Run) Size(full int) int {
	if r.tiny {
		return min(full, tinySize)
	}
	return full
}

// Unit says what the operations come in, if the job cannot do any number. The
// Body calls it.
func (r *Run) Unit(n int) { r.unit = n }

// Boxed says that the handlers of the scenario, not the subject, put n values
// in interfaces, each at the cost of an allocation. Those are counted apart.
func (r *Run) Boxed(n int) { r.boxed += n }

// Figure reports a figure that only this scenario has. Its name has the unit
// last, as in pause_ns.
func (r *Run) Figure(name string, value float64) {
	if r.figures == nil {
		r.figures = map[string]float64{}
	}
	r.figures[name] = value
}

// Afterwards has f called when the job's time has been taken: for figures and
// checks that would take time of their own. The job calls it, each time.
func (r *Run) Afterwards(f func()) { r.after = append(r.after, f) }

// Keep keeps what a scenario of memory made in use until it has been measured.
func (r *Run) Keep(made any) { r.kept = append(r.kept, made) }

// Cleanup has f called after the last measurement, the last one first. It may
// check something too.
func (r *Run) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

// finish calls what the job left for afterwards.
func (r *Run) finish() {
	for _, f := range r.after {
		f()
	}
	r.after = nil
}

func (r *Run) end() {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
}
