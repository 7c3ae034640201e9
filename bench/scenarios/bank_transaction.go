package scenarios

import (
	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
)

const (
	bankAccounts = 1000
	// deposit is what each account has at first.
	deposit = 1_000_000_000
)

// A teller has accounts pass money on to each other.
func init() {
	registerSavina("bank-transaction", "a teller and 1,000 accounts: a transaction", bankAccounts+1, bankTransaction)
}

func bankTransaction(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job {
	done, size := make(chan int, 1), r.Size(bankAccounts)
	all, refs := make([]account, size), make([]subjects.Ref, size)
	for i := range all {
		all[i] = account{money: deposit, others: refs}
		refs[i] = stage.Spawn(&all[i])
	}
	teller := stage.Spawn(&teller{accounts: refs, done: done})
	return func(n int) {
		inBursts(n, func(part int) {
			for i := range all {
				all[i].paid, all[i].got = 0, 0
			}
			stage.Tell(teller, subjects.Msg{Kind: beginOrders, N: part})
			ordered := <-done
			money, paid, got := 0, 0, 0
			for i := range all {
				money, paid, got = money+all[i].money, paid+all[i].paid, got+all[i].got
			}
			r.Check("money", money, size*deposit)
			r.Check("money paid", paid, ordered)
			r.Check("money got", got, ordered)
		})
	}
}

// The messages of a bank.
const (
	beginOrders = iota
	pay         // N to the account M
	get
	transacted
)

// A teller orders transactions and waits for all of them.
type teller struct {
	accounts      []subjects.Ref
	random        uint32
	left, ordered int
	done          chan<- int
}

// Receive orders, or counts what is done.
func (t *teller) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	if msg.Kind == beginOrders {
		t.left, t.ordered = msg.N, 0
		for range msg.N {
			t.order(self)
		}
		return
	}
	t.left--
	if t.left == 0 {
		t.done <- t.ordered
	}
}

func (t *teller) order(self subjects.Self[subjects.Msg]) {
	size := len(t.accounts)
	from := t.next(size)
	to := (from + 1 + t.next(size-1)) % size
	amount := 1 + t.next(1000)
	t.ordered += amount
	self.Tell(t.accounts[from], subjects.Msg{Kind: pay, N: amount, M: to, From: self.Ref()})
}

// next is less than n, and the same in every run. It is of a linear
// congruential generator, whose upper bits are the better ones.
func (t *teller) next(n int) int {
	t.random = t.random*1664525 + 1013904223
	return int(t.random>>8) % n
}

// An account has money.
type account struct {
	money, paid, got int
	others           []subjects.Ref
}

// Receive pays, and has the other account get it and tell the teller.
func (a *account) Receive(self subjects.Self[subjects.Msg], msg subjects.Msg) {
	switch msg.Kind {
	case pay:
		a.money -= msg.N
		a.paid += msg.N
		self.Tell(a.others[msg.M], subjects.Msg{Kind: get, N: msg.N, From: msg.From})
	case get:
		a.money += msg.N
		a.got += msg.N
		self.Tell(msg.From, subjects.Msg{Kind: transacted})
	}
}
