package proxy_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/troupe-go/troupe/core"
)

// Car has one of each thing that a value can offer by name.
type Car struct {
	Wheels  int
	Owner   string
	Weight  float32
	Doors   uint8
	Tags    []string
	Extra   any
	OnHonk  func(times int) string
	Engine  Engine  `actor:"traversable"`
	Trailer *Engine `actor:"traversable"`
	Spare   Engine
	Radio   radio `actor:"traversable"`
	Wrong   int   `actor:"traversable"`
	Next    *Car  `actor:"traversable"`
	Mu      sync.Mutex
	plate   string
	Maker
}

// Maker is embedded in Car.
type Maker struct{ Brand string }

func (m *Maker) Rename(brand string) { m.Brand = brand }

// Engine has a nested object of its own.
type Engine struct {
	Power int
	Pump  *Pump `actor:"traversable"`
}

func (e *Engine) Tune(by int) int { e.Power += by; return e.Power }

type Pump struct{ Pressure int }

func (p *Pump) Prime() int { p.Pressure++; return p.Pressure }

type radio interface{ Play(song string) string }

type dab struct{}

func (dab) Play(song string) string { return "playing " + song }
func (dab) Hidden() string          { return "not in the interface" }

type (
	Miles  int
	Plate  string
	Labels []string
)

func (c *Car) Drive(ctx context.Context, far Miles) (Miles, error) {
	if core.Self[any](ctx) == (core.Ref[any]{}) {
		return 0, fmt.Errorf("not the actor's context")
	}
	if far < 0 {
		return far, errOdd
	}
	return 2 * far, nil
}

func (c *Car) Nothing()                          {}
func (c *Car) Fail() error                       { return errOdd }
func (c *Car) Crash()                            { panic("crash") }
func (c *Car) Two() (int, string)                { return 2, "two" }
func (c *Car) Three(bool) (int, string, error)   { return 3, "three", nil }
func (c *Car) Sum(first int, rest ...int64) int  { return sum(first, rest) }
func (c *Car) Register(p Plate, l Labels) string { c.plate = string(p); return fmt.Sprint(p, len(l)) }
func (c *Car) MakeEngine() *Engine               { return &Engine{Power: 9} }
func (c *Car) Accept(any, error, *Pump) string   { return "accepted" }
func (c *Car) Half(float64, float32) string      { return "halved" }
func (c *Car) Bits(uint8, uint64) string         { return "bits" }

func (c *Car) OnStart(context.Context) error    { return nil }
func (c *Car) OnStop(context.Context) error     { return nil }
func (c *Car) OnFailure(context.Context, error) {}

func (c *Car) Receive(_ context.Context, msg any) (any, error) { return msg, nil }

func sum(first int, rest []int64) int {
	for _, n := range rest {
		first += int(n)
	}
	return first
}
