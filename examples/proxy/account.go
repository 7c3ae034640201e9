package main

import (
	"context"
	"fmt"
)

//go:generate go run -C ../../cmd/troupegen . -dir ../../examples/proxy -type Account

// An Account knows nothing of actors. It has no lock, for it is used by one
// goroutine at a time.
type Account struct {
	Owner   string
	balance int
}

// Deposit adds an amount and returns the balance.
func (a *Account) Deposit(_ context.Context, amount int) (int, error) {
	if amount <= 0 {
		return a.balance, fmt.Errorf("deposit of %d", amount)
	}
	a.balance += amount
	return a.balance, nil
}

// Rename changes the owner.
func (a *Account) Rename(owner string) { a.Owner = owner }

// Statement says whose account it is and what is in it.
func (a *Account) Statement() string { return fmt.Sprintf("%s has %d", a.Owner, a.balance) }
