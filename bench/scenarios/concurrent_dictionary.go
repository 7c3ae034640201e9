package scenarios

import (
	"sync"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

const (
	dictionaryUsers = 20
	keysOfUser      = 32
	writeEvery      = 10
)

// Actors read and write a dictionary that another one keeps. Each has keys of
// its own, and so knows what it has to read.
func init() {
	registerSavina("concurrent-dictionary", "20 actors share a dictionary: a request and its answer",
		dictionaryUsers+1, concurrentDictionary)
}

func concurrentDictionary(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	left := new(sync.WaitGroup)
	dictionary := stage.Spawn(dictionary{})
	all, refs := make([]dictionaryUser, dictionaryUsers), make([]subjects.Ref, dictionaryUsers)
	for i := range all {
		all[i] = dictionaryUser{first: i * keysOfUser, dictionary: dictionary, left: left}
		refs[i] = stage.Spawn(&all[i])
	}
	r.Unit(dictionaryUsers)
	return func(n int) {
		share := n / dictionaryUsers
		left.Add(dictionaryUsers)
		for _, ref := range refs {
			stage.Tell(ref, subjects.Msg{Kind: beginUse, N: share})
		}
		left.Wait()
		for i := range all {
			r.Check("answers", all[i].answered, share)
			r.Check("wrong answers", all[i].wrong, 0)
			all[i].answered = 0
		}
	}
}

// The messages of a dictionary and its users.
const (
	beginUse = iota
	readKey
	writeKey
	hasValue
)

// A dictionary keeps a value for each key.
type dictionary map[int]int

// Receive answers with the value that the key has or had.
func (d dictionary) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	value := d[msg.N]
	if msg.Kind == writeKey {
		d[msg.N] = msg.M
	}
	self.Tell(msg.From, subjects.Msg{Kind: hasValue, N: value})
}

// A dictionaryUser makes one request after the other.
type dictionaryUser struct {
	first      int             // of its keys
	known      [keysOfUser]int // what they have
	share      int
	answered   int
	wrong      int
	want       int // what the next answer is
	dictionary subjects.Ref
	left       *sync.WaitGroup
}

// Receive checks an answer and makes the next request.
func (u *dictionaryUser) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	switch msg.Kind {
	case beginUse:
		u.share = msg.N
	case hasValue:
		u.answered++
		if msg.N != u.want {
			u.wrong++
		}
	}
	if u.answered == u.share {
		u.left.Done()
		return
	}
	self.Tell(u.dictionary, u.request(self.Ref()))
}

func (u *dictionaryUser) request(from subjects.Ref) subjects.Msg {
	key := u.answered * 7 % keysOfUser
	u.want = u.known[key]
	msg := subjects.Msg{Kind: readKey, N: u.first + key, From: from}
	if u.answered%writeEvery == 0 {
		msg.Kind, msg.M = writeKey, u.answered+1000
		u.known[key] = msg.M
	}
	return msg
}
