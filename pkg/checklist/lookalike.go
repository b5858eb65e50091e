package checklist

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Lookalike is a line that looks like a box and is none on GitHub.
type Lookalike struct {
	Line int    // 1-based
	Text string // what stands behind the brackets, plain, on one line
	Why  string // what keeps it from being one, a sentence for people
}

// Reasons why a line is no box.
const (
	whyMarker  = "There is no \"- \" before the brackets."
	whyBlank   = "There is no blank between \"-\" and the brackets."
	whyInside  = "The brackets hold neither one blank nor an x."
	whyBehind  = "There is no blank behind the brackets."
	whyHTML    = "It stands in HTML without an empty line before it."
	whyCode    = "It is indented as far as code."
	whyGoesOn  = "It goes on with the line above; an empty line between them would make it a box."
	whyHeading = "It is a heading."
)

// likeBox matches what people write for a box: a marker or none, brackets with a blank, an x or nothing, and text that makes no link
// of them.
var likeBox = regexp.MustCompile(`^[ \t>]*([-*+•–—]|\d{1,9}[.)])?([ \t]*)\[([ \t]*[xX✓✔]?[ \t]*)\]([ \t]*)([^(\[:\s].*)$`)

// Lookalikes finds the lines of the body that look like boxes and are none: "[ ] I have reviewed", "-[ ] a", "- [] b". Fenced code
// and comments are not looked at.
func (l *List) Lookalikes() []Lookalike {
	boxes := map[int]bool{}
	for i := range l.entries {
		boxes[l.lineStart(l.entries[i].off)] = true
	}
	var out []Lookalike
	line, pos := 1, 0
	note := func(at int, why string) {
		start := l.lineStart(at)
		text := string(l.src[start:l.lineEnd(at)])
		m := likeBox.FindStringSubmatch(text)
		if m == nil || boxes[start] {
			return
		}
		line += bytes.Count(l.src[pos:start], []byte{'\n'})
		pos = start
		out = append(out, Lookalike{Line: line, Text: oneLine(stripTags(m[5])), Why: reason(m, why)})
		boxes[start] = true
	}
	_ = ast.Walk(l.doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Type() == ast.TypeInline {
			return ast.WalkContinue, nil
		}
		why := ""
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			why = whyGoesOn
		case ast.KindHeading:
			why = whyHeading
		case ast.KindCodeBlock:
			why = whyCode
		case ast.KindHTMLBlock:
			if n.(*ast.HTMLBlock).HTMLBlockType < ast.HTMLBlockType6 {
				return ast.WalkContinue, nil
			}
			why = whyHTML
		default:
			return ast.WalkContinue, nil
		}
		for _, seg := range n.Lines().Sliced(0, n.Lines().Len()) {
			note(seg.Start, why)
		}
		return ast.WalkContinue, nil
	})
	return out
}

// reason is the first thing that keeps a line from being a box; else is what its place is.
func reason(m []string, place string) string {
	marker, gap, inside, behind := m[1], m[2], m[3], m[4]
	switch {
	case place == whyHTML, place == whyCode, place == whyHeading:
		return place
	case !slices.Contains([]string{"-", "*", "+"}, marker) && !strings.ContainsAny(marker, ".)"):
		return whyMarker
	case gap == "":
		return whyBlank
	case inside != " " && inside != "\t" && !strings.EqualFold(inside, "x"):
		return whyInside
	case behind == "":
		return whyBehind
	}
	return place
}

// LookalikesOf gives those of the lookalikes that a person may mean who wrote these texts: all words of one, in quotes or not.
func (l *List) LookalikesOf(texts ...string) []Lookalike {
	var out []Lookalike
	all := l.Lookalikes()
	for _, t := range texts {
		if quoted, ok := unquote(t); ok {
			t = quoted
		}
		query := fold(t)
		if len(query) <= shortWord {
			continue
		}
		for _, a := range all {
			if textLevel(query, fold(a.Text)) != unlike && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}
