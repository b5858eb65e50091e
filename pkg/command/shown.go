package command

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/ddbot/ddbot/pkg/markdown"
)

// shown is what a reader sees of a text.
type shown struct {
	src      []byte
	at       func(int) int // makes an offset of src one of the text
	starts   map[int]bool  // offsets at which ordinary text begins, those of lines among them
	comments []span        // HTML comments
	quotes   []span        // block quotes
	fences   []span        // the text in code fences
	inside   []string      // elements that are open, as one reads along, and make quotes or code of what is in them
}

type span struct{ from, to int }

// look walks through a document in the order of its text.
func look(doc *markdown.Document) *shown {
	s := &shown{src: doc.Source, at: doc.Offset, starts: map[int]bool{}}
	_ = ast.Walk(doc.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Blockquote:
			s.quotes = append(s.quotes, s.extent(n))
			return ast.WalkSkipChildren, nil
		case *ast.FencedCodeBlock:
			s.fences = append(s.fences, s.extent(n))
			return ast.WalkSkipChildren, nil
		case *ast.CodeBlock, *ast.CodeSpan, *ast.Link, *ast.Image, *ast.AutoLink:
			return ast.WalkSkipChildren, nil
		case *ast.HTMLBlock:
			s.block(n)
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML:
			s.inline(n)
		case *ast.Text:
			s.begins(n.Segment.Start)
		}
		return ast.WalkContinue, nil
	})
	return s
}

// begins notes that ordinary text begins at an offset.
func (s *shown) begins(at int) {
	if len(s.inside) == 0 {
		s.starts[s.at(at)] = true
	}
}

// inline reads a tag or a comment inside a paragraph.
func (s *shown) inline(n *ast.RawHTML) {
	first, last := n.Segments.At(0), n.Segments.At(n.Segments.Len()-1)
	if strings.HasPrefix(string(s.src[first.Start:first.Stop]), "<!--") {
		s.comments = append(s.comments, span{s.at(first.Start), s.at(last.Stop)})
		return
	}
	s.tag(s.src[first.Start:last.Stop])
}

// block reads an HTML block: in <details> without a blank line the text still shows. <pre>, <script>, <style> and
// <textarea> (type 1 in the CommonMark specification) are code up to their end; instructions, declarations and CDATA
// (types 3 to 5) do not show.
func (s *shown) block(n *ast.HTMLBlock) {
	shows := n.HTMLBlockType == ast.HTMLBlockType2 || n.HTMLBlockType >= ast.HTMLBlockType6 // 2 is a comment; text may follow it
	if !shows || n.Lines().Len() == 0 {
		return
	}
	at, end := n.Lines().At(0).Start, n.Lines().At(n.Lines().Len()-1).Stop
	if n.HasClosure() {
		end = max(end, n.ClosureLine.Stop)
	}
	for at < end {
		rest := s.src[at:end]
		switch {
		case strings.HasPrefix(string(rest[:min(4, len(rest))]), "<!--"):
			length := len(rest)
			if i := strings.Index(string(rest), "-->"); i >= 0 {
				length = i + len("-->")
			}
			s.comments = append(s.comments, span{s.at(at), s.at(at + length)})
			at += length
		case rest[0] == '<':
			at += s.tag(rest)
		case rest[0] == '/':
			s.begins(at)
			at++
		default:
			at++
		}
	}
}

// quoting are the elements that GitHub shows as quotes or code, or not at all.
var quoting = []string{"blockquote", "code", "kbd", "pre", "samp", "script", "style", "template", "textarea", "tt"}

var tagName = regexp.MustCompile(`^<(/?)([A-Za-z][A-Za-z0-9-]*)`)

// tag keeps track of the elements that are open, and gives the length of what it has read.
func (s *shown) tag(text []byte) int {
	m := tagName.FindSubmatch(text)
	if m == nil {
		return 1
	}
	name := strings.ToLower(string(m[2]))
	switch open := slices.Index(s.inside, name); {
	case !slices.Contains(quoting, name):
	case len(m[1]) == 0:
		s.inside = append(s.inside, name)
	case open >= 0:
		s.inside = s.inside[:open]
	}
	return len(m[0])
}

// is tells whether ordinary text begins somewhere between the beginning of a candidate and its slash.
func (s *shown) is(c candidate) bool {
	for at := c.offset; at <= c.slash; at++ {
		if s.starts[at] {
			return true
		}
	}
	return false
}

// text is a part of the source as the reader sees it: without comments.
func (s *shown) text(src string, from, to int) string {
	var b strings.Builder
	first := sort.Search(len(s.comments), func(i int) bool { return s.comments[i].to > from })
	for _, hidden := range s.comments[first:] {
		if hidden.from >= to {
			break
		}
		b.WriteString(src[from:max(from, hidden.from)])
		from = min(hidden.to, to)
	}
	b.WriteString(src[from:to])
	return b.String()
}

// extent is from where to where a block and all that is in it have text.
func (s *shown) extent(n ast.Node) span {
	out := span{from: -1}
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Type() != ast.TypeBlock || n.Lines().Len() == 0 {
			return ast.WalkContinue, nil
		}
		first, last := s.at(n.Lines().At(0).Start), s.at(n.Lines().At(n.Lines().Len()-1).Stop)
		if out.from < 0 {
			out.from = first
		}
		out.from, out.to = min(out.from, first), max(out.to, last)
		return ast.WalkContinue, nil
	})
	return out
}
