package report

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/troupe-go/troupe/bench/harness"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sizes of a chart, in points.
const (
	chartWidth = 640
	barPitch   = 11 // from a bar to the next
	textSize   = 8
	margin     = 8
	around     = 80 // of the title, the axis and the margins
)

// PlotFormats are what the name of a chart's file may end in.
var PlotFormats = []string{".svg", ".png"}

// Plot draws the ratios to plain Go as bars, with the budgets, into a file
// whose name ends in one of [PlotFormats].
func Plot(file string, all []*harness.Series) error {
	c := newChart(all)
	p := plot.New()
	p.Title.Text = "Cost as a ratio to plain Go, on a logarithmic scale: less is better\n" +
		"blue: this framework; grey: other plain Go; orange: peers; red: the budget"
	p.Title.TextStyle.Font = sans(textSize + 2)
	p.X.Scale = plot.LogScale{}
	p.X.Tick.Marker = powers{}
	p.X.Tick.Label.Font = sans(textSize)
	p.Y.Tick.Marker = plot.ConstantTicks(c.ticks)
	p.Y.Tick.Label.Font = sans(textSize)
	p.Y.Tick.Label.XAlign = text.XRight
	p.Y.Tick.Length = 0
	p.Y.LineStyle.Width = 0
	p.Title.Padding = margin
	p.Add(c)
	out, err := draw.NewFormattedCanvas(chartWidth, vg.Length(around+barPitch*c.rows), strings.TrimPrefix(filepath.Ext(file), "."))
	if err != nil {
		return err
	}
	p.Draw(draw.Crop(draw.New(out), margin, -margin, margin, -margin))
	var b bytes.Buffer
	if _, err := out.WriteTo(&b); err != nil {
		return err
	}
	return os.WriteFile(file, withFallback(b.Bytes()), 0o644)
}

// sans is a font as wide as Arial.
func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// withFallback names fonts of the same widths for who has not this one.
func withFallback(svg []byte) []byte {
	const family = "font-family:Liberation Sans"
	return bytes.ReplaceAll(svg, []byte(family), []byte(family+",Arial,Helvetica,sans-serif"))
}

// powers are the ticks of a scale in powers of ten.
type powers struct{}

// Ticks are those between the ends.
func (powers) Ticks(least, most float64) (ticks []plot.Tick) {
	for e := math.Ceil(math.Log10(least)); e <= math.Log10(most); e++ {
		value := math.Pow(10, e)
		ticks = append(ticks, plot.Tick{Value: value, Label: fmt.Sprintf("%g", value)})
	}
	return ticks
}
