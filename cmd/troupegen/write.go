package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"text/template"
)

//go:embed proxy.go.tmpl
var text string

var proxyTemplate = template.Must(template.New("proxy").Parse(text))

// write makes the text of the file.
func (f *file) write() ([]byte, error) {
	var b bytes.Buffer
	if err := proxyTemplate.Execute(&b, f); err != nil {
		return nil, err
	}
	source, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("what was generated is not Go, which is a bug: %w\n%s", err, b.Bytes())
	}
	return source, nil
}
