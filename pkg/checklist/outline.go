package checklist

import (
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// Heading is a heading that is not inside of a quote or list item.
type Heading struct {
	Level      int
	Title      string // without Markdown, on one line
	Line       int    // 1-based
	Start, End int    // bytes of the body: its lines, the last line end left out
}

// Headings gives the headings of the body in source order. Those without a title are left out.
func (l *List) Headings() []Heading {
	var out []Heading
	line, pos := 1, 0
	for n := l.doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok || h.Lines().Len() == 0 {
			continue
		}
		start := l.lineStart(h.Lines().At(0).Start)
		end := lastStart(h)
		if !isATX(l.src[start:]) {
			end = min(l.lineEnd(end)+1, len(l.src)) // the line below it
		}
		end = l.textEnd(end)
		for ; pos < start; pos++ {
			if l.src[pos] == '\n' {
				line++
			}
		}
		out = append(out, Heading{Level: h.Level, Title: plain(h, l.src, 0), Line: line, Start: l.at(start), End: l.at(end)})
	}
	return out
}

func isATX(line []byte) bool {
	for _, c := range line {
		if c != ' ' {
			return c == '#'
		}
	}
	return false
}

// Criterion gives the criterion of an item, without Markdown, and where in the body it ends: behind its first paragraph, or
// before the text about it that follows on the same line. The end is -1 for an item of another list.
func (l *List) Criterion(it Item) (text string, end int) {
	i, ok := l.byKey[it.Key]
	if !ok {
		return "", -1
	}
	c := collector{l: l, e: &l.entries[i]}
	at := c.criterionEnd()
	if at < 0 {
		return it.Text, l.at(l.textEnd(lastStart(c.e.para)))
	}
	all, rest := &prose{src: l.src}, &prose{src: l.src}
	all.inline(c.e.para, c.e.off+3)
	rest.inline(c.e.para, at)
	return oneLine(all.text[:max(0, len(all.text)-len(rest.text))]), l.at(at)
}

// Links gives the addresses of the whole body in source order, those in headings, tables and quotes included.
func (l *List) Links() []Link {
	var out []Link
	for n := l.doc.FirstChild(); n != nil; {
		p, into := &prose{src: l.src}, false
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading, extast.KindTableCell:
			p.inline(n, 0)
		case ast.KindHTMLBlock:
			l.html(n.(*ast.HTMLBlock), p)
		case ast.KindCodeBlock, ast.KindFencedCodeBlock:
		default:
			into = true
		}
		out = append(out, p.public()...)
		n = l.step(n, into)
	}
	return out
}
