package markdown

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// tables makes tables only where GitHub does: the line above the delimiters has as many cells as they (goldmark fills a short
// one up, and a list item above would be lost in it), and they stand in the same list item or quote, not left of it.
type tables struct{ parser.ParagraphTransformer }

var delimiters = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?\n?$`)

// Transform makes a paragraph a table, or part of it.
func (t tables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	src, lines := reader.Source(), node.Lines()
	for i := 1; i < lines.Len(); i++ {
		at := lines.At(i)
		line := at.Value(src)
		if !delimiters.Match(line) {
			continue
		}
		above := lines.At(i - 1)
		if cells(above.Value(src)) != cells(line) || lazy(node, src, at.Start) {
			return
		}
		break
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}

// cells counts the cells of a row. A pipe inside code divides, too; one behind a backslash does not.
func cells(row []byte) int {
	row = bytes.TrimPrefix(bytes.TrimSpace(row), []byte("|"))
	n := 1
	for i, c := range row {
		if c == '|' && (i == 0 || row[i-1] != '\\') && i < len(row)-1 {
			n++
		}
	}
	return n
}

// lazy tells whether the line that has its text at an offset continues a paragraph from outside of its list items and quotes.
func lazy(n ast.Node, src []byte, at int) bool {
	column, quotes := 0, 0
	for _, c := range src[bytes.LastIndexByte(src[:at], '\n')+1 : at] {
		switch c {
		case '\t':
			column += 4 - column%4
		case '>':
			quotes++
			column++
		default:
			column++
		}
	}
	for p := n.Parent(); p != nil; p = p.Parent() {
		switch p := p.(type) {
		case *ast.ListItem:
			column -= p.Offset
		case *ast.Blockquote:
			quotes--
			column--
		}
	}
	return quotes < 0 || column < 0
}
