package checklist

import (
	"bytes"
	"regexp"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// criterionEnd gives the offset in the item's own paragraph at which the criterion is over and the text about it begins; -1
// when all of it is criterion. Templates differ, so only the form can tell:
//
//   - A criterion that begins bold (those of the TOC's templates are bold) ends where that ends, unless the bold words are only
//     a label: then they end no sentence and are few.
//   - Another criterion ends before a line that begins with an address or, behind a full stop, at the left margin, and before
//     an address that follows it behind a stop, a colon or a dash, or as it is at the end. The addresses inside of its
//     sentences are its own.
func (c *collector) criterionEnd() int {
	from := c.e.Offset - c.l.bom + 3
	p := &prose{src: c.l.src}
	p.inline(c.e.para, from)
	if at := c.boldEnd(from, p); at >= 0 {
		return at
	}
	if at := c.lineAfter(p); at >= 0 {
		return at
	}
	return c.addressAfter(from, p)
}

// longLabel are as many words as a label at the beginning of a criterion may have.
const longLabel = 3

// boldEnd gives where the bold beginning of the paragraph ends, if that is a criterion and something follows.
func (c *collector) boldEnd(from int, p *prose) int {
	last := lastBold(c.e.para, c.l.src, from)
	if last == nil || last.NextSibling() == nil {
		return -1
	}
	end := last.NextSibling().Pos()
	rest := &prose{src: c.l.src}
	rest.inline(c.e.para, end)
	bold := strings.TrimSpace(p.text[:len(p.text)-len(rest.text)])
	few := strings.Count(bold, " ") < longLabel
	switch {
	case few && strings.HasSuffix(bold, ":"), strings.HasPrefix(rest.text, ":"):
		return -1
	case few && bold == strings.TrimRight(bold, ".!?") && !p.startsAt(c.l.src, end):
		return -1
	}
	return end
}

// lastBold is the last of the bold parts with which a paragraph begins, blanks and links between them.
func lastBold(para ast.Node, src []byte, from int) (last ast.Node) {
	for n := para.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Emphasis, *extast.Strikethrough:
			last = n
			continue
		case *ast.Text:
			seg := n.Segment.WithStart(max(n.Segment.Start, min(from, n.Segment.Stop)))
			if util.IsBlank(seg.Value(src)) && !n.SoftLineBreak() {
				continue
			}
		case *ast.Link:
			if next := n.NextSibling(); last != nil && next != nil && next.Kind() == ast.KindEmphasis {
				continue
			}
		}
		break
	}
	return last
}

// startsAt tells whether one of the addresses is what begins at an offset, signs before it left aside.
func (p *prose) startsAt(src []byte, at int) bool {
	for at < len(src) && strings.IndexByte(" \t-:(<", src[at]) >= 0 {
		at++
	}
	i := sort.Search(len(p.links), func(i int) bool { return p.links[i].at >= at-1 }) // <https://…> begins at its bracket
	return i < len(p.links) && p.links[i].at <= at
}

// lineAfter finds the line of the paragraph with which text about a plain criterion begins.
func (c *collector) lineAfter(p *prose) int {
	lines := c.e.para.Lines()
	for i := 1; i < lines.Len(); i++ {
		at := lines.At(i).Start
		above := lines.At(i - 1)
		stopped := bytes.TrimRight(above.Value(c.l.src), " \t\n")
		margin := at == c.l.lineStart(at) || c.l.src[at-1] == '>'
		if p.startsAt(c.l.src, at) || margin && len(stopped) != len(bytes.TrimRight(stopped, ".!?")) {
			return at
		}
	}
	return -1
}

var (
	// parted matches the end of a criterion before an address, with a few words that lead to it ("see also").
	parted = regexp.MustCompile(`(?:[.!?:;]|\s[-–—→=]+>?)\s+(?:[\pL']+\s+){0,3}\(?$`)
	// shortened matches what ends no sentence.
	shortened = regexp.MustCompile(`(?i)\b(?:e\.g|i\.e|etc|cf|vs)\.\s+(?:[\pL']+\s+){0,3}\(?$`)
	// leads matches words after which an address is part of the sentence.
	leads = regexp.MustCompile(`(?i)\b(?:an?|and|as|at|by|for|from|in|into|of|on|or|the|to|use|using|via|with)\s+\(?$`)
)

const (
	nearby = 120 // bytes before an address that say what leads to it
	most   = 50  // addresses that are looked at
)

// addressAfter finds the address that follows a plain criterion.
func (c *collector) addressAfter(from int, p *prose) int {
	src := c.l.src
	for _, a := range p.links[:min(len(p.links), most)] {
		before := string(src[max(from, a.at-nearby):a.at])
		if fold(before) == "" {
			continue // the address is the criterion
		}
		apart := parted.MatchString(before) && !shortened.MatchString(before)
		alone := a.bare && strings.Count(before, "`")%2 == 0 && fold(string(src[a.end:c.l.lineEnd(a.end)])) == "" && !leads.MatchString(before)
		if apart || alone {
			return a.at
		}
	}
	return -1
}
