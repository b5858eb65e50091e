package checklist

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// prose is the plain text of a block with the addresses in it.
type prose struct {
	src   []byte
	text  string // lines end as in the source
	links []found
	ahead [][2]int // addresses of the paragraph that have not been come to
}

// found is a link that was found.
type found struct {
	Link
	at, end int  // where it begins in the source, and where it ends when it is bare
	bare    bool // it stands there as it is
}

// bareURL matches an address that stands in a text as it is. GitHub makes a link of it.
var bareURL = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>]*[^\s<>"'` + "`" + `.,;:!?)\]}*_~]/?`)

// inline adds the text below a node from the byte at an offset on.
func (p *prose) inline(n ast.Node, from int) {
	p.ahead = nil
	for _, seg := range n.Lines().Sliced(0, n.Lines().Len()) {
		for _, m := range bareURL.FindAllIndex(seg.Value(p.src), -1) {
			p.ahead = append(p.ahead, [2]int{seg.Start + m[0], seg.Start + m[1]})
		}
	}
	var b strings.Builder
	p.write(&b, n, from)
	p.text += b.String()
}

func (p *prose) write(b *strings.Builder, n ast.Node, from int) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			p.addresses(max(from, c.Segment.Start), c.Segment.Stop)
			writeText(b, c, p.src, from)
			continue
		case *ast.String:
			b.Write(c.Value)
			continue
		}
		if c.FirstChild() == nil && c.Pos() < from {
			continue
		}
		switch c := c.(type) {
		case *ast.AutoLink:
			b.Write(c.Label(p.src))
			if c.AutoLinkType == ast.AutoLinkURL {
				p.link(string(c.URL(p.src)), "", c.Pos(), c.Pos()+len(c.Label(p.src))+1)
			}
		case *ast.RawHTML:
			p.tag(string(c.Segments.Value(p.src)), c.Pos())
		case *ast.Image:
			p.titled(b, c, string(c.Destination), from)
		case *ast.Link:
			p.titled(b, c, string(c.Destination), from)
		default:
			p.write(b, c, from)
		}
	}
}

// titled adds a link or a picture, and its text. An address in that text is not another one.
func (p *prose) titled(b *strings.Builder, n ast.Node, url string, from int) {
	if n.Pos() < from {
		return
	}
	before, known := b.Len(), len(p.links)
	p.write(b, n, from)
	if b.Len() == before {
		b.WriteString(url)
	}
	if n.Kind() == ast.KindLink && isAddress(url) {
		p.links = p.links[:known] // a badge is one link, with its own address
	}
	p.link(url, oneLine(b.String()[before:]), n.Pos(), 0)
}

// code adds a block of code. People indent what they want to show under an item too far, so an address counts in it.
func (p *prose) code(n ast.Node) {
	for _, seg := range n.Lines().Sliced(0, n.Lines().Len()) {
		p.text += string(seg.Value(p.src))
		p.bare(seg.Start, seg.Stop)
	}
}

// bare adds the addresses that stand in a stretch of the source as they are.
func (p *prose) bare(from, to int) {
	for _, m := range bareURL.FindAllIndex(p.src[from:to], -1) {
		p.link(string(p.src[from+m[0]:from+m[1]]), "", from+m[0], from+m[1])
	}
}

// addresses adds those that begin in a part of a paragraph. The parser parts it at signs that could mean something; an
// address goes on behind them.
func (p *prose) addresses(from, to int) {
	for len(p.ahead) > 0 && p.ahead[0][0] < to {
		if m := p.ahead[0]; m[0] >= from {
			p.link(string(p.src[m[0]:m[1]]), "", m[0], m[1])
		}
		p.ahead = p.ahead[1:]
	}
}

// link adds an address; end is 0 unless it stands there as it is.
func (p *prose) link(url, text string, at, end int) {
	if isAddress(url) {
		p.links = append(p.links, found{Link{URL: url, Text: text, Line: p.lineOf(at)}, at, end, end > 0})
	}
}

// public gives the links without what only this package wants to know.
func (p *prose) public() []Link {
	var out []Link
	for _, a := range p.links {
		out = append(out, a.Link)
	}
	return out
}

// nowhere matches what stands for an address, and those of people.
var nowhere = regexp.MustCompile(`(?i)^(?:url|link|mailto:.*)$`)

// isAddress tells whether a link leads to a page other than this one.
func isAddress(url string) bool {
	return url != "" && url[0] != '#' && !placeholder.MatchString(url) && !nowhere.MatchString(url)
}

func (p *prose) lineOf(at int) int { return bytes.Count(p.src[:max(at, 0)], []byte{'\n'}) + 1 }

// addressed matches the address of an HTML link or picture.
var addressed = regexp.MustCompile(`(?is)^<(?:a|img)\s(?:[^>]*\s)?(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)

// tag adds the address of an HTML tag at an offset.
func (p *prose) tag(tag string, at int) {
	if m := addressed.FindStringSubmatch(tag); m != nil {
		p.link(html.UnescapeString(m[1]+m[2]+m[3]), "", at, 0)
	}
}

// What HTML is made of.
const (
	htmlText = iota
	htmlTag
	htmlUnseen
)

// htmlPart gives what a piece of HTML, which is not empty, begins with and how long that is.
func htmlPart(s string) (kind, length int) {
	upTo := func(mark string) int {
		if i := strings.Index(s, mark); i >= 0 {
			return i + len(mark)
		}
		return len(s)
	}
	switch {
	case strings.HasPrefix(s, "<!--"):
		return htmlUnseen, upTo("-->")
	case len(s) > 8 && strings.EqualFold(s[:8], "<summary"):
		if i := strings.Index(strings.ToLower(s), "</summary"); i >= 0 && !bareURL.MatchString(s[:min(i, len(s))]) {
			return htmlUnseen, i
		}
		return htmlTag, upTo(">")
	case s[0] == '<':
		return htmlTag, upTo(">")
	}
	if i := strings.IndexByte(s, '<'); i > 0 {
		return htmlText, i
	}
	return htmlText, len(s)
}

var (
	// placeholder matches what a template leaves to be filled in: $LINK, DD-MMM-YYYY, YYYYMMDD.
	placeholder = regexp.MustCompile(`\$[A-Z]{3,}|\b(?:DD-MMM?-YYYY|YYYY-?MM-?DD)\b`)
	// linkSlot matches the place of an address among them.
	linkSlot = regexp.MustCompile(`\$(?:LINK|URL)`)
	// filler matches words that say no more than that there is nothing to say, or not yet, and a slot without its comment.
	filler = regexp.MustCompile(`(?i)^(?:n ?a|not applicable|tb[ad]|to ?do|wip|work in progress|(?:project assertion|toc evaluation) goes here)$`)
	// labelled matches what ddbot and people write before a note, and signed what ddbot writes after it.
	labelled = regexp.MustCompile(`(?i)^(note|evidence|undone|(?:open )?questions?|q):(?:\s+|$)`)
	signed   = regexp.MustCompile(`\s*— [A-Za-z0-9-]+(?:\[bot\])?$`)
	// sentence parts a text into sentences.
	sentence = regexp.MustCompile(`[.!?]+["'”’)\]]*\s+`)
	// question matches the end of one.
	question = regexp.MustCompile(`\?["'”’)\]!?.]*$`)
	// command matches a line for a bot.
	command = regexp.MustCompile(`^/[A-Za-z]`)
)

// fewWords are as many as a label before a list has ("Link:").
const fewWords = 3

// evidence is what of a text says something about an item, on one line. Where that is nothing its addresses go, too.
func (p *prose) evidence() string {
	var lines []string
	for line := range strings.Lines(p.text) {
		if line = oneLine(line); !command.MatchString(line) && !boxed.MatchString(line) {
			lines = append(lines, line)
		}
	}
	text := oneLine(strings.Join(lines, " "))
	label := ""
	if m := labelled.FindStringSubmatch(text); m != nil {
		label = strings.ToLower(m[1])
		text = signed.ReplaceAllString(text[len(m[0]):], "")
	}
	switch label {
	case "", "evidence":
	case "note":
		if len(p.links) == 0 && strings.Contains(text, "?") { // what else it says is about the question
			text = ""
		}
	default: // the reason of an undo, a question
		p.links, text = nil, ""
	}
	said := p.said(text)
	few := strings.Count(said, " ") < fewWords && strings.HasSuffix(said, ":")
	if len(p.links) == 0 && (fold(said) == "" || few || filler.MatchString(fold(said))) || said == "" && text != "" {
		p.links = nil
		return ""
	}
	return said
}

// said drops the sentences that a template has not got its answer in, and those that ask.
func (p *prose) said(text string) string {
	var keep []string
	for text != "" {
		s := text
		if m := sentence.FindStringIndex(text); m != nil {
			s = text[:m[1]]
		}
		text = text[len(s):]
		s = strings.TrimSpace(s)
		open := placeholder.MatchString(s) && (len(p.links) == 0 || linkSlot.MatchString(s))
		if !open && !question.MatchString(s) {
			keep = append(keep, s)
		}
	}
	return strings.Join(keep, " ")
}
