package checklist

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// plain gives the text of a paragraph or heading without Markdown, from the byte at offset from on. White space is single
// blanks.
func plain(n ast.Node, src []byte, from int) string {
	return oneLine(rawPlain(n, src, from))
}

// lastLine is the plain text of the last line of a paragraph.
func lastLine(n ast.Node, src []byte) string {
	s := strings.TrimSpace(rawPlain(n, src, 0))
	return oneLine(s[strings.LastIndexByte(s, '\n')+1:])
}

// rawPlain is plain with the line ends kept.
func rawPlain(n ast.Node, src []byte, from int) string {
	var b strings.Builder
	if lines := n.Lines(); lines.Len() > 0 {
		b.Grow(max(0, lines.At(lines.Len()-1).Stop-max(from, lines.At(0).Start)))
	}
	writePlain(&b, n, src, from)
	return b.String()
}

func writePlain(b *strings.Builder, n ast.Node, src []byte, from int) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			writeText(b, c, src, from)
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(src))
		case *ast.RawHTML: // a tag or a comment has no text
		case *ast.Image:
			writeOr(b, c, src, from, c.Destination)
		case *ast.Link:
			writeOr(b, c, src, from, c.Destination)
		default:
			writePlain(b, c, src, from)
		}
	}
}

// writeOr writes the text of a link or picture, or its address when it has no text: it may be all the evidence there is.
func writeOr(b *strings.Builder, n ast.Node, src []byte, from int, address []byte) {
	before := b.Len()
	writePlain(b, n, src, from)
	if b.Len() == before {
		b.Write(address)
	}
}

func writeText(b *strings.Builder, t *ast.Text, src []byte, from int) {
	seg := t.Segment
	if seg.Start < from {
		seg = seg.WithStart(min(from, seg.Stop))
	}
	v := seg.Value(src)
	if !t.IsRaw() && t.Parent().Kind() != ast.KindCodeSpan && bytes.ContainsAny(v, `\&`) {
		v = util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(v)))
	}
	b.Write(v)
	if t.SoftLineBreak() || t.HardLineBreak() {
		b.WriteByte('\n')
	}
}

// blockText is the plain text of a block that stands as a note under an item. Lists have items of their own, HTML and
// comments are no text.
func blockText(n ast.Node, src []byte) string {
	switch n.Kind() {
	case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
		return plain(n, src, 0)
	case ast.KindCodeBlock, ast.KindFencedCodeBlock:
		return source(n, src)
	case ast.KindBlockquote:
		var parts []string
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if s := blockText(c, src); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, " ")
	}
	return ""
}

// source is the text of a block as written, on one line.
func source(n ast.Node, src []byte) string {
	var b strings.Builder
	for _, seg := range n.Lines().Sliced(0, n.Lines().Len()) {
		b.Write(src[seg.Start:seg.Stop])
		b.WriteByte('\n')
	}
	return oneLine(b.String())
}

// anchor finds the id in the first comment <!-- dd:id --> of a paragraph.
func anchor(n ast.Node, src []byte) string {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if raw, ok := c.(*ast.RawHTML); ok {
			if id := anchorID(string(raw.Segments.Value(src))); id != "" {
				return id
			}
		} else if id := anchor(c, src); id != "" {
			return id
		}
	}
	return ""
}

// anchorID reads an id of letters, digits, hyphens and underscores. Dots are left to ordinals.
func anchorID(html string) string {
	s, ok := strings.CutPrefix(html, "<!--")
	if !ok {
		return ""
	}
	s, ok = strings.CutSuffix(s, "-->")
	if !ok { // "<!-->" is a whole comment
		return ""
	}
	id, ok := strings.CutPrefix(strings.TrimSpace(s), "dd:")
	if !ok || strings.ContainsFunc(id, notID) {
		return ""
	}
	return id
}

func notID(r rune) bool {
	return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// summary is the title of a <details> element that the HTML block opens last, or "".
func summary(n ast.Node, src []byte) string {
	html := source(n, src)
	low := strings.ToLower(html)
	if len(low) != len(html) { // rare letters change their length; offsets would be wrong
		return ""
	}
	i := strings.LastIndex(low, "<summary")
	if i < 0 {
		return ""
	}
	_, title, ok := strings.Cut(html[i:], ">")
	if !ok {
		return ""
	}
	if j := strings.Index(strings.ToLower(title), "</summary"); j >= 0 {
		title = title[:j]
	}
	return oneLine(stripTags(title))
}

func stripTags(html string) string {
	var b strings.Builder
	for html != "" {
		text, rest, _ := strings.Cut(html, "<")
		b.WriteString(text)
		_, html, _ = strings.Cut(rest, ">")
	}
	return b.String()
}
