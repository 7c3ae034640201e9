package subjects

// These have no Stage: their scenarios are written by hand.
func init() {
	register(Subject{Name: "go/chan"}) // goroutines that receive from buffered channels
	register(Subject{Name: "go/pair"}) // a goroutine behind a pair of unbuffered channels
	register(Subject{Name: "go/lock"}) // a value under a mutex, and no goroutine
}
