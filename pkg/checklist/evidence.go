package checklist

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// Place tells where the text of an item stands.
type Place int

// The places, in the order of the source.
const (
	OwnLine Place = iota // in the item's own paragraph, after its criterion
	Nested               // in the list item, below its paragraph
	Below                // after the list item, up to the next box or heading
)

// Link is an address in the text of an item: of a link or picture, of an HTML tag, or as it is.
type Link struct {
	URL  string // as written, so it may be relative; never empty, a placeholder or a "#fragment"
	Text string // what people see of it, plain
	Line int    // 1-based
}

// Passage is one paragraph, table row or block of code that says something about an item.
type Passage struct {
	Text       string // plain, on one line; without what is no evidence, without ddbot's label and signature
	Links      []Link
	Place      Place
	Line, Last int // its first and last line, 1-based
	Start, End int // bytes of the body: from the first byte of the text up to, not including, End; the line end stays out
}

// Evidence is the text that belongs to an item beside its criterion, in source order. It has no passage where there is none.
type Evidence []Passage

// Text is all of it, one line for each passage.
func (e Evidence) Text() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.Text
	}
	return strings.Join(lines, "\n")
}

// Links gives the addresses in it.
func (e Evidence) Links() []Link {
	var links []Link
	for _, p := range e {
		links = append(links, p.Links...)
	}
	return links
}

// Evidence gives the text that belongs to an item of this list: what follows its criterion, what is nested in it and what
// follows it at any column, up to the next box or heading. (In 19 published due-diligence documents of the TOC that is where
// 816 of 915 boxes have theirs, mostly at column 0 after a blank line: outside the list item as Markdown sees it.)
//
// No evidence are comments and the slots in them, placeholders of a template ($LINK, DD-MMM-YYYY) with their sentence, "N/A"
// and "TBD", empty bullets, commands, questions, the reason of an undo, and a title or a line with a colon that stands just
// above the next list of boxes. Headings in the item or in a quote are part of it, but say nothing.
func (l *List) Evidence(it Item) Evidence {
	i, ok := l.byKey[it.Key]
	if !ok {
		return nil
	}
	c := collector{l: l, e: &l.entries[i]}
	if at := c.criterionEnd(); at >= 0 {
		c.paragraph(c.e.para, at, OwnLine)
	}
	n := l.step(c.e.para, false)
	for n != nil && !c.ends(n) {
		n = l.step(n, c.block(n))
	}
	return c.out
}

// collector gathers the passages of one item.
type collector struct {
	l   *List
	e   *entry
	out Evidence
}

// step is the next block in source order: the first inside a block, or the one after it and all that is in it.
func (l *List) step(n ast.Node, into bool) ast.Node {
	if into && n.FirstChild() != nil {
		return n.FirstChild()
	}
	return following(n)
}

// ends tells whether the text of the item ends before a block: at a box, or at a heading that is neither in the item nor in a
// quote of its own.
func (c *collector) ends(n ast.Node) bool {
	switch n.Kind() {
	case ast.KindListItem:
		_, ok := box(n, c.l.src, c.l.linkX)
		return ok
	case ast.KindHeading:
		for up := c.e.node.Parent(); up != nil; up = up.Parent() {
			if up == n.Parent() {
				return true
			}
		}
	}
	return false
}

// block takes the text of a block, or tells that it has blocks inside.
func (c *collector) block(n ast.Node) (into bool) {
	switch n.Kind() {
	case ast.KindParagraph, ast.KindTextBlock:
		c.paragraph(n, 0, c.place(n))
	case ast.KindCodeBlock, ast.KindFencedCodeBlock:
		p := &prose{src: c.l.src}
		p.code(n)
		c.add(p, n, 0, c.place(n))
	case ast.KindHTMLBlock:
		c.html(n.(*ast.HTMLBlock))
	case extast.KindTableRow:
		p := &prose{src: c.l.src}
		for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
			p.inline(cell, 0)
			p.text += " "
		}
		c.add(p, n, 0, c.place(n))
	case ast.KindList, ast.KindListItem, ast.KindBlockquote, extast.KindTable:
		return true
	}
	return false
}

// place tells whether a block is in the item or after it.
func (c *collector) place(n ast.Node) Place {
	for up := n.Parent(); up != nil; up = up.Parent() {
		if up == c.e.node {
			return Nested
		}
	}
	return Below
}

// paragraph takes a paragraph from an offset on, without a title of the boxes that follow.
func (c *collector) paragraph(n ast.Node, from int, at Place) {
	p := &prose{src: c.l.src}
	p.inline(n, from)
	if c.captions(n) {
		p.text = p.text[:strings.LastIndexByte(strings.TrimRight(p.text, "\n"), '\n')+1]
	}
	c.add(p, n, from, at)
}

// captions tells whether the last line of a paragraph is the title of a list with boxes right below it, not text of the item
// above: it ends in a colon, is all bold, or is used as the name of that list.
func (c *collector) captions(n ast.Node) bool {
	list, ok := n.NextSibling().(*ast.List)
	if !ok {
		return false
	}
	if _, boxed := box(list.FirstChild(), c.l.src, c.l.linkX); !boxed {
		return false
	}
	switch line := lastLine(n, c.l.src); {
	case strings.HasSuffix(line, ":"):
		return true
	case line != strings.TrimRight(line, ".!?") || bareURL.MatchString(line):
		return false
	}
	last := n.Lines().At(n.Lines().Len() - 1).Start
	if em, ok := n.LastChild().(*ast.Emphasis); ok && em.Level > 1 && em.Pos() <= last {
		return true
	}
	for _, s := range c.l.sections {
		if s.isCaption && s.first < len(c.l.entries) && c.l.entries[s.first].node == list.FirstChild() {
			return c.l.serves(s)
		}
	}
	return false
}

// html takes what people see of an HTML block.
func (c *collector) html(n *ast.HTMLBlock) {
	p := &prose{src: c.l.src}
	c.l.html(n, p)
	c.add(p, n, 0, c.place(n))
}

// html adds what people see of an HTML block, and the addresses in it. A <summary> is a title. (Text behind a comment on its
// line is HTML, too: "<!-- (TOC Evaluation goes here) --> The project …".)
func (l *List) html(n *ast.HTMLBlock, p *prose) {
	start, end := l.extent(n)
	for at := start; at < end; {
		kind, length := htmlPart(string(l.src[at:end]))
		part := string(l.src[at : at+length])
		switch kind {
		case htmlText:
			p.text += html.UnescapeString(part)
			p.bare(at, at+length)
		case htmlTag:
			p.tag(part, at)
			p.text += " "
		}
		at += length
	}
}

// add keeps a text where it is evidence.
func (c *collector) add(p *prose, n ast.Node, from int, at Place) {
	text := p.evidence()
	if text == "" && len(p.links) == 0 {
		return
	}
	start, end := c.l.extent(n)
	start = max(start, from)
	start += len(c.l.src[start:end]) - len(bytes.TrimLeft(c.l.src[start:end], " \t\n"))
	line := bytes.Count(c.l.src[:start], []byte{'\n'}) + 1
	c.out = append(c.out, Passage{
		Text: text, Links: p.public(), Place: at,
		Line: line, Last: line + bytes.Count(c.l.src[start:end], []byte{'\n'}),
		Start: c.l.at(start), End: c.l.at(end),
	})
}

// extent gives where the text of a leaf block begins and ends, without the line end.
func (l *List) extent(n ast.Node) (start, end int) {
	if n.Kind() == extast.KindTableRow { // its cells are lines
		start = firstStart(n)
		return start, l.textEnd(start)
	}
	lines := n.Lines()
	if lines.Len() > 0 {
		start, end = lines.At(0).Start, lines.At(lines.Len()-1).Stop
	}
	return start, start + len(bytes.TrimRight(l.src[start:end], " \t\n"))
}
