package core_test

import (
	"context"
	"fmt"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// AccountMsg is what an Account takes: only a type with that method is one.
type AccountMsg interface{ forAccount() }

type Deposit struct{ Cents int }
type Balance struct{ core.Returns[int] } // the reply is an int

func (Deposit) forAccount() {}
func (Balance) forAccount() {}

type Account struct{ cents int }

// If Receive is misspelt, this line says so.
var _ core.Actor[AccountMsg] = (*Account)(nil)

func (a *Account) Receive(ctx context.Context, msg AccountMsg) (any, error) {
	switch msg := msg.(type) {
	case Deposit:
		a.cents += msg.Cents
	case Balance:
		return a.cents, nil
	}
	return nil, nil
}

// A closed set of messages, one of which declares the type of its reply.
func ExampleCall() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	defer sys.Shutdown(ctx)

	account, err := core.Spawn(sys, &Account{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := account.Tell(ctx, Deposit{250}); err != nil {
		fmt.Println(err)
	}
	cents, err := core.Call(ctx, account, Balance{}) // cents is an int
	fmt.Println(cents+1, err)
	// Output: 251 <nil>
}

// A message that does not declare its reply is given its type by the caller.
func ExampleAs() {
	ctx := context.Background()
	sys := core.NewSystem(goroutine.New())
	defer sys.Shutdown(ctx)

	double, err := core.Spawn(sys, core.Func(func(ctx context.Context, n int) (int, error) { return 2 * n, nil }))
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := core.As[int](double.Call(ctx, 21))
	fmt.Println(n, err)
	_, err = core.As[string](double.Call(ctx, 21))
	fmt.Println(err)
	// Output:
	// 42 <nil>
	// core: invalid argument: reply is int, want string
}
