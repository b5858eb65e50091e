package checklist

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// assertionSlot matches the line of the template that waits for what the project has to say about an item.
var assertionSlot = regexp.MustCompile(`(?i)^<!--\s*\(?project assertion goes here\)?\s*-->\s*$`)

// placeNotes gives the changes that could put notes under an item, the best first: into the slot of the template, else after the
// last note that is there, else after the text. What is written behind these may not bear a bullet there (code, a quote with
// boxes): then the notes go behind all that has no box, behind all of the item, or right below its first paragraph.
//
// A note goes below the text and above boxes nested in the item, where people write theirs. It takes the indentation of
// bullets that are already there: with another one it would become their parent, or they its. It does not go into what can be
// folded (<details>).
func (l *List) placeNotes(e *entry, notes []string) []cut {
	lines := bulleted(notes, l.indent(e))
	var out []cut
	if at, end, ok := l.slot(e); ok {
		eol := l.eol(at)
		text := strings.Join(lines, eol)
		if next := l.lineEnd(at) + 1; next < len(l.src) && !util.IsBlank(l.src[next:l.lineEnd(next)]) {
			text += eol // what follows would go on with the note
		}
		out = append(out, cut{l.at(at), l.at(end), text})
	}
	first := l.lineEnd(lastStart(e.para))
	text, plain, all := first, first, first
	folds, boxes := false, false
	for c := e.para.NextSibling(); c != nil; c = c.NextSibling() {
		all = l.blockEnd(c)
		boxes = boxes || l.boxIn(c)
		if !boxes {
			plain = all
		}
		switch c.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			text = l.lineEnd(lastStart(c))
		case ast.KindHTMLBlock:
			folds = folds || !bytes.HasPrefix(bytes.TrimLeft(l.src[firstStart(c):], " "), []byte("<!--"))
		case ast.KindList:
			for li := c.FirstChild(); li != nil; li = li.NextSibling() {
				if l.isNote(li) {
					text = l.lineEnd(lastStart(li.FirstChild()))
				}
			}
		}
	}
	order := []int{text, plain, all, first}
	if folds {
		order = []int{first, text, plain, all}
	}
	for i, after := range order {
		if !slices.Contains(order[:i], after) {
			out = append(out, l.insert(after, lines), l.insert(after, append([]string{l.quotes(e)}, lines...)))
		}
	}
	return out
}

// blockEnd gives the end of the last line of a block with all that is in it.
func (l *List) blockEnd(n ast.Node) int {
	end := len(l.src)
	if next := following(n); next != nil {
		end = l.lineStart(firstStart(next))
	}
	return l.lineEnd(len(bytes.TrimRight(l.src[:end], " \n>")))
}

// boxIn tells whether there is a box in a block.
func (l *List) boxIn(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if _, ok := box(c, l.src, l.linkX); ok && c.Kind() == ast.KindListItem || c.Type() == ast.TypeBlock && l.boxIn(c) {
			return true
		}
	}
	return false
}

// quotes begins a blank line between the blocks of an item.
func (l *List) quotes(e *entry) string { return quoteOnly(l.indent(e)) }

func bulleted(notes []string, indent string) []string {
	lines := make([]string, len(notes))
	for i, n := range notes {
		lines[i] = indent + n
	}
	return lines
}

// Bullets gives the notes under an item of this list that are one bullet of one paragraph each, as they are written: what
// OpUnnote can remove.
func (l *List) Bullets(it Item) (out []string) {
	i := slices.IndexFunc(l.entries, func(e entry) bool { return e.Key == it.Key })
	if i < 0 {
		return nil
	}
	for c := l.entries[i].para.NextSibling(); c != nil; c = c.NextSibling() {
		for li := c.FirstChild(); li != nil && c.Kind() == ast.KindList; li = li.NextSibling() {
			if l.isNote(li) {
				out = append(out, source(li.FirstChild(), l.src))
			}
		}
	}
	return out
}

// noteLine finds a note under an item, as it is written, and gives the change that removes its line.
func (l *List) noteLine(e *entry, note string) (cut, bool) {
	for c := e.para.NextSibling(); c != nil; c = c.NextSibling() {
		for li := c.FirstChild(); li != nil && c.Kind() == ast.KindList; li = li.NextSibling() {
			if !l.isNote(li) || source(li.FirstChild(), l.src) != note {
				continue
			}
			start, end := l.lineStart(firstStart(li)), l.lineEnd(lastStart(li.FirstChild()))
			if end == len(l.src) && start > 0 { // the last line, without an end: the end of the line before goes
				return cut{l.at(l.textEnd(l.lineStart(start - 1))), l.at(end), ""}, true
			}
			return cut{l.afterLine(start - 1), l.afterLine(end), ""}, true
		}
	}
	return cut{}, false
}

// isNote tells whether a bullet is one paragraph without a box.
func (l *List) isNote(li ast.Node) bool {
	first := li.FirstChild()
	if first == nil || first.NextSibling() != nil || first.Lines().Len() == 0 {
		return false
	}
	if first.Kind() != ast.KindParagraph && first.Kind() != ast.KindTextBlock {
		return false
	}
	_, ok := box(li, l.src, l.linkX)
	return !ok
}

// indent is what stands before the text of a note under an item: quotes, blanks and the bullet.
func (l *List) indent(e *entry) string {
	for c := e.para.NextSibling(); c != nil; c = c.NextSibling() {
		if c.Kind() != ast.KindList {
			continue
		}
		start := l.lineStart(firstStart(c))
		line := l.src[start:]
		at := len(line) - len(bytes.TrimLeft(line, " \t>"))
		bullet := byte('-')
		if at < len(line) && strings.IndexByte("-*+", line[at]) >= 0 {
			bullet = line[at]
		}
		return l.written(start, start+at) + string(bullet) + " "
	}
	return l.inside(e.off) + "- "
}

var (
	// tightQuote matches the sign of a quote that has no blank behind it: a line that begins with one must not be taken for less.
	tightQuote = regexp.MustCompile(`>([^ \t]|$)`)
	// footnoteLabel matches the beginning of a footnote. What is in it is indented by four, however long that is.
	footnoteLabel = regexp.MustCompile(`\[\^[^\] ]+\]:[ \t]*`)
)

// inside is what a line begins with to stand in the item whose text begins at an offset: quotes stay, markers are blanks.
func (l *List) inside(off int) string {
	start := l.lineStart(off)
	prefix := l.written(start, off)
	if tightQuote.MatchString(prefix) {
		prefix = string(l.src[start:off]) // a tab would be less wide behind another blank
		for tightQuote.MatchString(prefix) {
			prefix = tightQuote.ReplaceAllString(prefix, "> $1")
		}
	}
	return blanked(footnoteLabel.ReplaceAllString(prefix, "    "))
}

// blanked is the beginning of a line with the markers in it as blanks. Tabs and quotes stay, so the width is the same.
func blanked(prefix string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '>' {
			return r
		}
		return ' '
	}, prefix)
}

// slot finds the template's line for the assertion right under an item: in it, or after the list that it ends.
func (l *List) slot(e *entry) (at, end int, ok bool) {
	next := e.node.LastChild()
	if next.Kind() != ast.KindHTMLBlock {
		list := e.node.Parent()
		if e.node.NextSibling() != nil || list.Parent().Kind() == ast.KindListItem {
			return 0, 0, false
		}
		next = list.NextSibling()
	}
	if !l.isSlot(next) {
		return 0, 0, false
	}
	at = l.lineStart(next.Lines().At(0).Start)
	return at, l.textEnd(at), true
}

func (l *List) isSlot(n ast.Node) bool {
	return n != nil && n.Kind() == ast.KindHTMLBlock && n.Lines().Len() == 1 && assertionSlot.MatchString(source(n, l.src))
}

// quoteOnly is the beginning of a blank line where a line begins with the prefix.
func quoteOnly(prefix string) string {
	s := blanked(prefix)
	return s[:strings.LastIndexByte(s, '>')+1]
}

// following is the first block after a block and all that is in it.
func following(n ast.Node) ast.Node {
	for ; n != nil; n = n.Parent() {
		if next := n.NextSibling(); next != nil {
			return next
		}
	}
	return nil
}
