package template

import (
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/criteria"
)

// PartKind says what a part of an outline begins with.
type PartKind int

// The kinds of parts.
const (
	Lead    PartKind = iota // what stands before the first heading or box; there may be none
	Heading                 // a heading with the text below it
	Box                     // a box with the text that belongs to it
)

// Part is a stretch of a text: a heading or box, and all that follows up to the next one.
type Part struct {
	Kind    PartKind
	Level   int      // of a heading
	Title   string   // heading or criterion, without Markdown; empty for a Lead
	Hash    string   // criteria.Hash of Title
	Section []string // titles of the headings above a box
	Checked bool
	Line    int // 1-based
	// Bytes of the text: from Start to Mid stands the heading or criterion, from Mid to End what belongs to it. The parts
	// of an outline follow each other without a gap.
	Start, Mid, End int

	item checklist.Item
}

// Outline is a text, cut at its headings and boxes. Nothing of it is lost: all parts in a row are the text.
type Outline struct {
	Text  string
	Front int // bytes of YAML front matter at the beginning; issue templates have some
	Parts []Part

	list *checklist.List
}

// frontMatter matches what GitHub takes from a template's text before it makes an issue of it.
var frontMatter = regexp.MustCompile(`\A---[ \t]*\r?\n(?:[^\n]*\n)*?---[ \t]*(?:\r?\n|\z)`)

// MaxChars is how long a text may be that is read. Reports are files, so GitHub's limit for issues is not theirs.
const MaxChars = 1 << 20

// Read cuts a text. The error is a *checklist.RefusedError.
func Read(text string) (*Outline, error) {
	o := &Outline{Text: text, Front: len(frontMatter.FindString(text))}
	list, err := checklist.ParseUpTo(text[o.Front:], MaxChars)
	if err != nil {
		return nil, err
	}
	o.list = list
	above := strings.Count(text[:o.Front], "\n")
	heads, boxes := list.Headings(), list.Items()
	for len(heads) > 0 || len(boxes) > 0 {
		if len(boxes) == 0 || len(heads) > 0 && heads[0].Start < boxes[0].Offset {
			h := heads[0]
			heads = heads[1:]
			o.add(Part{Kind: Heading, Level: h.Level, Title: h.Title, Line: h.Line + above, Start: h.Start, Mid: h.End})
			continue
		}
		b := boxes[0]
		boxes = boxes[1:]
		title, end := list.Criterion(b)
		o.add(Part{
			Kind: Box, Title: title, Section: b.Section, Checked: b.Checked, Line: b.Line + above,
			Start: strings.LastIndexAny(text[:o.Front+b.Offset], "\r\n") + 1 - o.Front, Mid: end, item: b,
		})
	}
	if len(o.Parts) == 0 {
		o.add(Part{Line: above + 1})
	}
	return o, nil
}

// add ends the part before, which is the lead where there is none.
func (o *Outline) add(p Part) {
	p.Start, p.Mid, p.End = p.Start+o.Front, p.Mid+o.Front, len(o.Text)
	p.Hash = criteria.Hash(p.Title)
	if n := len(o.Parts); n > 0 {
		last := &o.Parts[n-1]
		p.Start = max(p.Start, last.Mid)
		last.End = p.Start
	} else if p.Start > 0 {
		o.Parts = append(o.Parts, Part{End: p.Start, Line: 1, Hash: criteria.Hash("")})
	}
	p.Mid = max(p.Mid, p.Start)
	o.Parts = append(o.Parts, p)
}

// Depth tells how deep a box is nested among lists; 0 at the top.
func (p Part) Depth() int { return p.item.Depth }

// Head is the heading or criterion of a part as written, its marker and box included.
func (o *Outline) Head(p Part) string { return o.Text[p.Start:p.Mid] }

// Body is what belongs to a part, as written.
func (o *Outline) Body(p Part) string { return o.Text[p.Mid:p.End] }

// Evidence is what people wrote about a box, without template text; nil for other parts. Its lines and offsets are those of
// the outline's text.
func (o *Outline) Evidence(p Part) checklist.Evidence {
	if p.Kind != Box || o.list == nil {
		return nil
	}
	found := o.list.Evidence(p.item)
	above := strings.Count(o.Text[:o.Front], "\n")
	for i := range found {
		e := &found[i]
		e.Line, e.Last, e.Start, e.End = e.Line+above, e.Last+above, e.Start+o.Front, e.End+o.Front
		for j := range e.Links {
			e.Links[j].Line += above
		}
	}
	return found
}

// Links gives the addresses of the whole text in its order; their lines are those of the text.
func (o *Outline) Links() []checklist.Link {
	if o.list == nil {
		return nil
	}
	links := o.list.Links()
	above := strings.Count(o.Text[:o.Front], "\n")
	for i := range links {
		links[i].Line += above
	}
	return links
}

// Boxes gives the parts that are boxes.
func (o *Outline) Boxes() []Part { return o.of(Box) }

// Headings gives the parts that are headings.
func (o *Outline) Headings() []Part { return o.of(Heading) }

func (o *Outline) of(k PartKind) []Part {
	var out []Part
	for _, p := range o.Parts {
		if p.Kind == k {
			out = append(out, p)
		}
	}
	return out
}
