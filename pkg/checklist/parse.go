package checklist

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/ddbot/ddbot/pkg/markdown"
)

// Key names an item durably. It is made of what people see, so it survives edits elsewhere in the body.
type Key struct {
	Section string `json:"section"` // folded titles, outermost first, joined by " / "; the texts of enclosing items follow, each after " > "
	Text    string `json:"text"`    // folded text
	Nth     int    `json:"nth,omitempty"`
	// Nth counts from 0 the items that are equal otherwise.
}

// Item is one box as GitHub renders it.
type Item struct {
	Key     Key
	Line    int      // 1-based
	Offset  int      // byte offset of "["
	Checked bool     // the box is ticked
	Section []string // titles of the headings above, as written without Markdown, outermost first
	Ref     string   // short address for people; resolves to this item alone
	Text    string   // first paragraph without Markdown, on one line
	Depth   int      // nesting among lists, 0 at the top
	Notes   []string // what stands under the item without a box: bullets and paragraphs, plain text
	Anchor  string   // id of a comment <!-- dd:id --> in the first paragraph
}

// List is the checklist of one body. It is not changed after Parse.
type List struct {
	body     string
	src      []byte // what the parser read; at makes its offsets those of body
	at       func(int) int
	doc      ast.Node
	linkX    bool // [x] is a link of the body
	entries  []entry
	byKey    map[Key]int
	root     *section
	sections []*section // in source order, without the root
	names    names
	anchors  map[string][]int // folded id → items
}

// entry is what the package knows about an item beyond what it shows.
type entry struct {
	Item
	off     int // of "[" in List.src
	sec     *section
	caption *section // of the outermost list, or nil
	parent  int      // nearest enclosing item with a box, or -1
	scope   *scope   // enclosing list items, with a box or without
	node    *ast.ListItem
	para    ast.Node // first paragraph
	raw     []string // Notes as written
}

// scope is the chain of list items around an item, innermost first.
type scope struct {
	name string // folded
	path string // section part of the keys inside
	up   *scope
}

var lately markdown.Recent[*List]

// Parse lists the boxes of a body. The error is a *RefusedError.
func Parse(body string) (*List, error) {
	return lately.Read(body, func(body string) (*List, error) { return ParseUpTo(body, markdown.MaxChars) })
}

// ParseUpTo is Parse for files, which may be longer than a body. The limit counts characters.
func ParseUpTo(body string, limit int) (*List, error) {
	doc, err := markdown.ParseUpTo(body, limit)
	if err != nil {
		return nil, refuse("%s", err)
	}
	guess := min(1000, strings.Count(body, "] ")) // saves growing; links are counted, too
	l := &List{
		body: body, src: doc.Source, at: doc.Offset, doc: doc.Root, linkX: doc.Defines("x"), root: &section{},
		entries: make([]entry, 0, guess), anchors: map[string][]int{},
	}
	w := walker{l: l, equal: make(map[Key]int, guess)}
	w.container(doc.Root, place{sec: l.root})
	l.root.end = len(l.entries)
	l.byKey = make(map[Key]int, len(l.entries))
	for i := range l.entries {
		l.byKey[l.entries[i].Key] = i
	}
	l.names = newNames(l.sections)
	l.number()
	return l, nil
}

// Items gives the boxes that GitHub renders, in source order.
func (l *List) Items() []Item {
	items := make([]Item, len(l.entries))
	for i := range l.entries {
		items[i] = l.entries[i].Item
	}
	return items
}

// Find gives the item with the key.
func (l *List) Find(k Key) (Item, bool) {
	i, ok := l.byKey[k]
	if !ok {
		return Item{}, false
	}
	return l.entries[i].Item, true
}

// firstBlock is the first block of a list item that shows. (goldmark keeps the definitions of links as blocks.)
func firstBlock(li ast.Node) ast.Node {
	n := li.FirstChild()
	for n != nil && n.Kind() == ast.KindLinkReferenceDefinition {
		n = n.NextSibling()
	}
	return n
}

// box finds the box of a list item: its first block is a paragraph that begins with "[", a blank, a tab or an x, "]", a
// blank or tab, and something else on the line. With linkX, [x] is a link of the body.
func box(li ast.Node, src []byte, linkX bool) (offset int, ok bool) {
	para := firstBlock(li)
	if para == nil || para.Kind() != ast.KindParagraph && para.Kind() != ast.KindTextBlock || para.Lines().Len() == 0 {
		return 0, false
	}
	offset = para.Lines().At(0).Start
	line := src[offset:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	if len(line) < 5 || line[0] != '[' || line[2] != ']' || line[3] != ' ' && line[3] != '\t' {
		return 0, false
	}
	if len(bytes.TrimLeft(line[4:], " \t")) == 0 {
		return 0, false
	}
	switch line[1] {
	case ' ', '\t':
		return offset, true
	case 'x', 'X':
		return offset, !linkX
	}
	return 0, false
}
