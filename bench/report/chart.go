package report

import (
	"image/color"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A chart has a row for each bar, from the top down, and an empty one after
// the bars of each scenario. Bars begin at 1, which is plain Go.
type chart struct {
	bars  []bar
	ticks []plot.Tick // names of scenarios
	lines []float64   // between scenarios
	rows  int
}

type bar struct {
	row           int
	ratio, budget float64 // budget as a ratio too, 0 if there is none
	label         string
	fill          color.Color
}

func newChart(all []*harness.Series) *chart {
	c := &chart{}
	for _, g := range byScenario(all) {
		c.add(g)
	}
	return c
}

// add adds the bars of a scenario, if there is something to show.
func (c *chart) add(g group) {
	first := c.rows
	for _, s := range g {
		if len(s.Ratios) == 0 || s == g.reference() {
			continue
		}
		label := s.Subject + "  " + hundredths(s.Ratio().Median)
		if b := budget(s); b != none {
			label += "  (" + b + ")"
		}
		c.bars = append(c.bars, bar{c.rows, s.Ratio().Median, budgetRatio(s, g.reference()), label, colour(s.Subject)})
		c.rows++
	}
	if c.rows == first {
		return
	}
	middle := float64(first+c.rows-1) / 2
	c.ticks = append(c.ticks, plot.Tick{Value: -middle, Label: g[0].Scenario.Name})
	c.lines = append(c.lines, -float64(c.rows))
	c.rows++
}

// budgetRatio is the budget as a ratio to the reference, also where it is in
// bytes.
func budgetRatio(s, reference *harness.Series) float64 {
	b, _ := s.Budget()
	if s.Scenario.Memory {
		return b / reference.Cost().Median
	}
	return b
}

var (
	grey   = color.Gray{0xb0}
	pale   = color.Gray{0xdd}
	blue   = color.NRGBA{0x2f, 0x6f, 0xb5, 0xff}
	orange = color.NRGBA{0xe8, 0xa8, 0x5c, 0xff}
	red    = color.NRGBA{0xc0, 0x20, 0x20, 0xff}
)

// colour tells ours from plain Go and from the peers.
func colour(subject string) color.Color {
	switch {
	case strings.HasPrefix(subject, "troupe/"):
		return blue
	case strings.HasPrefix(subject, "go/"):
		return grey
	}
	return orange
}

// DataRange leaves room for the labels.
func (c *chart) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax = 0.1, 10
	for _, b := range c.bars {
		xmin, xmax = min(xmin, b.ratio/1.3), max(xmax, b.ratio*1.3)
	}
	return xmin, xmax * 10, -float64(c.rows) + 0.5, 0.7
}

// Plot draws the lines, then the bars with their budgets and labels.
func (c *chart) Plot(canvas draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&canvas)
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		canvas.StrokeLine2(draw.LineStyle{Color: pale, Width: 0.5}, x(t.Value), canvas.Min.Y, x(t.Value), canvas.Max.Y)
	}
	for _, at := range c.lines {
		canvas.StrokeLine2(draw.LineStyle{Color: pale, Width: 0.5}, canvas.Min.X, y(at), canvas.Max.X, y(at))
	}
	canvas.StrokeLine2(draw.LineStyle{Color: color.Black, Width: 0.7}, x(1), canvas.Min.Y, x(1), canvas.Max.Y)
	for _, b := range c.bars {
		b.draw(canvas, x, y(-float64(b.row)))
	}
}

func (b bar) draw(canvas draw.Canvas, x func(float64) vg.Length, y vg.Length) {
	const half = barPitch * 0.36
	from, to := x(1), x(b.ratio)
	canvas.FillPolygon(b.fill, []vg.Point{{X: from, Y: y - half}, {X: to, Y: y - half}, {X: to, Y: y + half}, {X: from, Y: y + half}})
	end := max(from, to)
	if b.budget > 0 {
		canvas.StrokeLine2(draw.LineStyle{Color: red, Width: 1.5}, x(b.budget), y-half-1, x(b.budget), y+half+1)
		end = max(end, x(b.budget))
	}
	style := text.Style{Color: color.Black, Font: sans(textSize), YAlign: text.YCenter, Handler: plot.DefaultTextHandler}
	canvas.FillText(style, vg.Point{X: end + 4, Y: y}, b.label)
}
