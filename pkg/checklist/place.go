package checklist

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// assertionSlot matches the line of the template that waits for what the project has to say about an item.
var assertionSlot = regexp.MustCompile(`(?i)^<!--\s*\(?project assertion goes here\)?\s*-->\s*$`)

// placeNotes gives the change that puts notes under an item: into the slot of the template, else after the last note that
// is there, else after the text.
//
// A note goes below the text and above boxes nested in the item, where people write theirs. It takes the indentation of
// bullets that are already there: with another one it would become their parent, or they its.
func (l *List) placeNotes(e *entry, notes []string) cut {
	indent := l.indent(e)
	if at, end, ok := l.slot(e); ok {
		return cut{l.at(at), l.at(end), strings.Join(bulleted(notes, indent), l.eol(at))}
	}
	after := l.lineEnd(lastStart(e.para))
	for c := e.para.NextSibling(); c != nil; c = c.NextSibling() {
		switch c.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			after = l.lineEnd(lastStart(c))
		case ast.KindList:
			for li := c.FirstChild(); li != nil; li = li.NextSibling() {
				if l.isNote(li) {
					after = l.lineEnd(lastStart(li.FirstChild()))
				}
			}
		}
	}
	return l.insert(after, bulleted(notes, indent))
}

func bulleted(notes []string, indent string) []string {
	lines := make([]string, len(notes))
	for i, n := range notes {
		lines[i] = indent + n
	}
	return lines
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
	off := e.off
	return blanked(l.written(l.lineStart(off), off)) + "- "
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

// placeItems gives the change that adds items after the list in which e is the last one with a box.
func (l *List) placeItems(e *entry, texts []string) (cut, error) {
	off := e.off
	start := l.lineStart(off)
	marker := bytes.TrimRight(l.src[start:off], " \t")
	if len(marker) == 0 || marker[len(marker)-1] == '>' {
		return cut{}, refuse("The list \"%s\" ends in is written in a way that cannot be continued safely.", tame(e.Text))
	}
	own := len(marker) - 1
	for own > 0 && '0' <= marker[own-1] && marker[own-1] <= '9' && e.ordered() {
		own--
	}
	lines := make([]string, 0, 2*len(texts))
	list := e.list()
	after, gap := l.listEnd(list)
	for _, t := range texts {
		if gap || !list.IsTight {
			lines = append(lines, quoteOnly(l.written(start, start+own)))
			gap = false
		}
		lines = append(lines, blanked(l.written(start, start+own))+l.written(start+own, off)+"[ ] "+t)
	}
	return l.insert(after, lines), nil
}

func (e *entry) list() *ast.List { return e.node.Parent().(*ast.List) }
func (e *entry) ordered() bool   { return e.list().IsOrdered() }

// quoteOnly is the beginning of a blank line where a line begins with the prefix.
func quoteOnly(prefix string) string {
	s := blanked(prefix)
	return s[:strings.LastIndexByte(s, '>')+1]
}

// listEnd gives the end of the last line of a list, all that is nested in it included, and whether a new item needs a
// blank line there. The slot that follows belongs to the last item; a new one goes after it.
func (l *List) listEnd(list *ast.List) (after int, gap bool) {
	next := following(list)
	if l.isSlot(next) {
		return l.lineEnd(firstStart(next)), true
	}
	end := len(l.src)
	if next != nil {
		end = l.lineStart(firstStart(next))
	}
	end = len(bytes.TrimRight(l.src[:end], " \t\n>"))
	return l.lineEnd(end), false
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
