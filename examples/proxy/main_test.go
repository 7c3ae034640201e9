package main

import (
	"testing"

	"github.com/troupe-go/troupe/internal/testkit"
)

func TestMain(m *testing.M) { testkit.MainOf(m, main) }

func TestPrints(t *testing.T) {
	testkit.RunsOn(t, testkit.Specs(), func(string) string {
		return "15 deposit of -1 Ada has 15\n15 deposit of -1 Ada has 15\n15 deposit of -1 Ada has 15\n"
	})
}
