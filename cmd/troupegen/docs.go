package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
)

// docs finds the comments of methods in the files that declare them, which
// may be other packages'.
type docs struct {
	fset  *token.FileSet // of the methods' positions
	files map[string]map[int]*ast.CommentGroup
}

func newDocs(fset *token.FileSet) *docs {
	return &docs{fset, map[string]map[int]*ast.CommentGroup{}}
}

// of are the lines of the method's comment, one of its own if it has none.
func (d *docs) of(fn *types.Func, m *method) []string {
	at := d.fset.Position(fn.Pos())
	if d.files[at.Filename] == nil {
		d.files[at.Filename] = commentsIn(at.Filename)
	}
	text := strings.TrimSpace(d.files[at.Filename][at.Line].Text())
	if text == "" {
		return []string{m.Name + " calls [" + m.file.Source + "." + m.Calls + "]."}
	}
	if rest, ok := strings.CutPrefix(text, m.Calls+" "); ok {
		text = m.Name + " " + rest
	}
	return strings.Split(text, "\n")
}

// commentsIn are the comments of methods, by the line of the method's name.
// A file that cannot be read has none.
func commentsIn(file string) map[int]*ast.CommentGroup {
	found := map[int]*ast.CommentGroup{}
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return found
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			found[fset.Position(n.Name.Pos()).Line] = n.Doc
			return false
		case *ast.Field:
			for _, name := range n.Names {
				found[fset.Position(name.Pos()).Line] = firstOf(n.Doc, n.Comment)
			}
		}
		return true
	})
	return found
}

// firstOf is the comment above a declaration, else the one behind it.
func firstOf(above, behind *ast.CommentGroup) *ast.CommentGroup {
	if above != nil {
		return above
	}
	return behind
}
