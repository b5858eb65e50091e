package checklist

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// walker collects items and sections in source order.
type walker struct {
	l     *List
	equal map[Key]int // how many items have the key but for Nth
	line  int         // line feeds before pos
	pos   int
}

// place is where in the document the walker stands.
type place struct {
	sec     *section
	caption *section
	path    string // section part of the keys here
	scope   *scope
	parent  int // index + 1, so that the zero place has none
	depth   int
}

// container walks the blocks of the document, a quote or a list item. A heading inside counts up to the end of the
// container, and is below the headings outside.
func (w *walker) container(n ast.Node, at place) {
	outside := at
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Heading:
			at.sec = w.heading(c, at.sec, outside)
			at.path = at.sec.key
		case *ast.List:
			w.list(c, at)
		case *ast.Blockquote, *extast.Footnote:
			w.container(c, at)
		}
	}
	w.close(at.sec, outside.sec, 0)
}

// heading closes the sections that the heading ends and opens its own.
func (w *walker) heading(h *ast.Heading, cur *section, outside place) *section {
	up := w.close(cur, outside.sec, h.Level)
	key := up.key
	if up == outside.sec {
		key = outside.path
	}
	s := &section{title: plain(h, w.l.src, 0), level: h.Level, up: up, first: len(w.l.entries)}
	s.fold = fold(s.title)
	s.key = joinKey(key, s.title)
	s.path = up.path
	if s.title != "" {
		s.path = append(slices.Clip(up.path), s.title)
	}
	w.l.sections = append(w.l.sections, s)
	return s
}

func joinKey(up, title string) string {
	if up == "" || title == "" {
		return up + foldOr(title)
	}
	return up + " / " + foldOr(title)
}

// close ends the sections from cur up to, not including, outside that have the level or a deeper one.
func (w *walker) close(cur, outside *section, level int) *section {
	for cur != outside && cur.level >= level {
		cur.end = len(w.l.entries)
		cur = cur.up
	}
	return cur
}

// list walks the items of a list.
func (w *walker) list(n *ast.List, at place) {
	if at.depth == 0 {
		at.caption = w.caption(n, at.sec)
	}
	for li := n.FirstChild(); li != nil; li = li.NextSibling() {
		inside := at
		inside.depth++
		if off, ok := box(li, w.l.src, w.l.linkX); ok {
			w.item(li.(*ast.ListItem), off, at)
			inside.parent = len(w.l.entries)
		}
		if hasBlocks(li) {
			inside.scope = w.enclose(li, at)
			inside.path = inside.scope.path
			w.container(li, inside)
		}
	}
	if at.depth == 0 && at.caption != nil {
		at.caption.end = len(w.l.entries)
	}
}

// hasBlocks tells whether a list item holds more than a first paragraph.
func hasBlocks(li ast.Node) bool {
	first := firstBlock(li)
	return first != nil && (first.NextSibling() != nil || first.Kind() != ast.KindParagraph && first.Kind() != ast.KindTextBlock)
}

// caption makes a section of the line or <summary> just above a list, for bodies that have no heading there.
func (w *walker) caption(n *ast.List, sec *section) *section {
	prev := n.PreviousSibling()
	if prev == nil {
		return nil
	}
	title := ""
	switch prev.Kind() {
	case ast.KindParagraph, ast.KindTextBlock:
		title = lastLine(prev, w.l.src)
	case ast.KindHTMLBlock:
		title = summary(prev, w.l.src)
	}
	title = strings.TrimSpace(strings.TrimSuffix(title, ":"))
	if fold(title) == "" || strings.HasPrefix(title, "/") { // a command is no name
		return nil
	}
	s := &section{title: title, fold: fold(title), isCaption: true, up: sec, first: len(w.l.entries)}
	w.l.sections = append(w.l.sections, s)
	return s
}

// enclose makes the scope of what is inside a list item.
func (w *walker) enclose(li ast.Node, at place) *scope {
	s := &scope{up: at.scope, path: at.path}
	if first := firstBlock(li); first.Kind() == ast.KindParagraph || first.Kind() == ast.KindTextBlock {
		from := 0
		if off, ok := box(li, w.l.src, w.l.linkX); ok {
			from = off + 3
		}
		s.name = fold(plain(first, w.l.src, from))
	}
	if s.name != "" {
		s.path += " > " + s.name
	}
	return s
}

// item records a box.
func (w *walker) item(li *ast.ListItem, off int, at place) {
	l, para := w.l, firstBlock(li)
	w.line += bytes.Count(l.src[w.pos:off], []byte{'\n'})
	w.pos = off
	e := entry{
		Item: Item{
			Line:    w.line + 1,
			Offset:  l.at(off),
			Checked: l.src[off+1] == 'x' || l.src[off+1] == 'X',
			Section: at.sec.path,
			Text:    plain(para, l.src, off+3),
			Depth:   at.depth,
			Anchor:  anchor(para, l.src),
		},
		off: off, sec: at.sec, caption: at.caption, parent: at.parent - 1, scope: at.scope, node: li, para: para,
	}
	w.notes(&e)
	e.Key = Key{Section: at.path, Text: foldOr(e.Text)}
	n := w.equal[e.Key]
	w.equal[e.Key] = n + 1
	e.Key.Nth = n
	i := len(l.entries)
	if e.Anchor != "" {
		id := strings.ToLower(e.Anchor)
		l.anchors[id] = append(l.anchors[id], i)
	}
	at.sec.direct++
	l.entries = append(l.entries, e)
}

// notes collects what stands directly under an item without a box.
func (w *walker) notes(e *entry) {
	add := func(n ast.Node) {
		if n == nil {
			return
		}
		if t := blockText(n, w.l.src); t != "" {
			e.Notes = append(e.Notes, t)
			e.raw = append(e.raw, source(n, w.l.src))
		}
	}
	for c := e.para.NextSibling(); c != nil; c = c.NextSibling() {
		if c.Kind() != ast.KindList {
			add(c)
			continue
		}
		for li := c.FirstChild(); li != nil; li = li.NextSibling() {
			if _, ok := box(li, w.l.src, w.l.linkX); !ok {
				add(li.FirstChild())
			}
		}
	}
}
