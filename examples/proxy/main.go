// Proxy makes actors of a plain struct and calls them in three ways: with
// functions, with generated methods, and by name. Each has the same result.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	"github.com/troupe-go/troupe"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/proxy"
)

func main() {
	spec := troupe.FromEnv()
	flag.Var(&spec, "runtime", troupe.Usage())
	flag.Parse()
	rt, err := troupe.Open(spec)
	if err != nil {
		log.Fatal(err)
	}
	ctx, sys := context.Background(), core.NewSystem(rt)
	for _, use := range []func(context.Context, proxy.Proxy[*Account]) error{byFunction, generated, byName} {
		p, err := proxy.Spawn(sys, &Account{})
		if err != nil {
			log.Fatal(err)
		}
		if err := use(ctx, p); err != nil {
			log.Fatal(err)
		}
	}
	if err := sys.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
}

// byFunction runs code of its own in the actor's turn, types checked.
func byFunction(ctx context.Context, p proxy.Proxy[*Account]) error {
	err := proxy.Tell(ctx, p, func(ctx context.Context, a *Account) error {
		_, err := a.Deposit(ctx, 10)
		return err
	})
	if err != nil {
		return err
	}
	later := proxy.Ask(ctx, p, func(ctx context.Context, a *Account) (int, error) { return a.Deposit(ctx, 5) })
	balance, err := later.Get(ctx)
	if err != nil {
		return err
	}
	_, refusal := proxy.Call(ctx, p, func(ctx context.Context, a *Account) (int, error) { return a.Deposit(ctx, -1) })
	if err := proxy.Set(ctx, p, func(a *Account) *string { return &a.Owner }, "Ada"); err != nil {
		return err
	}
	statement, err := proxy.Call(ctx, p, func(_ context.Context, a *Account) (string, error) { return a.Statement(), nil })
	fmt.Println(balance, refusal, statement)
	return err
}

// A Depositor is what generated wants of an account, be it an actor or not.
type Depositor interface {
	Deposit(ctx context.Context, amount int) (int, error)
	Statement() string
}

var (
	_ Depositor = (*Account)(nil)
	_ Depositor = AccountProxy{}
)

// generated calls methods that have the signatures of the struct's own.
func generated(ctx context.Context, p proxy.Proxy[*Account]) error {
	account := AccountProxy{p}
	if err := account.Tell().Deposit(ctx, 10); err != nil {
		return err
	}
	later := account.Ask().Deposit(ctx, 5)
	balance, err := later.Get(ctx)
	if err != nil {
		return err
	}
	var d Depositor = account
	_, refusal := d.Deposit(ctx, -1)
	account.Rename("Ada")
	fmt.Println(balance, refusal, d.Statement())
	return nil
}

// byName is for consoles and tests: nothing is checked before it is called.
func byName(ctx context.Context, p proxy.Proxy[*Account]) error {
	account := proxy.Dynamic(p.Ref())
	if err := account.Tell(ctx, "Deposit", 10); err != nil {
		return err
	}
	balance, err := account.Call(ctx, "Deposit", 5)
	if err != nil {
		return err
	}
	_, refusal := account.Call(ctx, "Deposit", -1)
	if err := account.Set(ctx, "Owner", "Ada"); err != nil {
		return err
	}
	statement, err := account.Call(ctx, "Statement")
	fmt.Println(balance, refusal, statement)
	return err
}
