package markdown

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// footnotes finds the definitions of footnotes, as cmark-gfm does. A footnote stays where it is written, with the blocks in it; one that
// nothing refers to does not show and is dropped. (goldmark's own extension takes them out of their place.)
type footnotes struct{}

// footnoteMark matches the beginning of one. It is cmark-gfm's rule.
var footnoteMark = regexp.MustCompile(`^\[\^([^\] \r\n\x00\t]+)\]:`)

// notes are the footnotes of one text.
type notes struct {
	all  []*extast.Footnote
	used map[string]bool // by folded label; false is defined only
}

var notesKey = parser.NewContextKey()

func notesOf(pc parser.Context) *notes {
	return pc.ComputeIfAbsent(notesKey, func() any { return &notes{used: map[string]bool{}} }).(*notes)
}

// Trigger is the first byte of a footnote.
func (footnotes) Trigger() []byte { return []byte{'['} }

// Open begins a footnote.
func (footnotes) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	at := max(0, pc.BlockOffset())
	m := footnoteMark.FindSubmatch(line[at:min(len(line), at+longestLead)])
	if m == nil {
		return nil, parser.NoChildren
	}
	node := extast.NewFootnote(m[1])
	all := notesOf(pc)
	all.all = append(all.all, node)
	label := strings.ToLower(string(m[1]))
	if _, known := all.used[label]; !known {
		all.used[label] = false
	}
	end := at + len(m[0])
	for end < len(line) && line[end] == ' ' {
		end++
	}
	reader.Advance(end)
	return node, parser.HasChildren
}

// Continue takes the lines that are indented by four, and blank ones unless the footnote is empty.
func (footnotes) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		if !node.HasChildren() {
			return parser.Close
		}
		return parser.Continue | parser.HasChildren
	}
	at, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if at < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(at, padding)
	return parser.Continue | parser.HasChildren
}

// Close does nothing.
func (footnotes) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph is so.
func (footnotes) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine is not so: that is code.
func (footnotes) CanAcceptIndentedLine() bool { return false }

// footnoteReferences notes which footnotes are referred to. The reference stays text.
type footnoteReferences struct{}

var footnoteReference = regexp.MustCompile(`^\[\^([^\] \r\n\x00\t]+)\]`)

// Trigger is the first byte of a reference.
func (footnoteReferences) Trigger() []byte { return []byte{'['} }

// Parse finds none, but takes note.
func (footnoteReferences) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	all, ok := pc.Get(notesKey).(*notes)
	if !ok {
		return nil
	}
	line, _ := block.PeekLine()
	if m := footnoteReference.FindSubmatch(line[:min(len(line), longestLead)]); m != nil {
		label := strings.ToLower(string(m[1]))
		if _, defined := all.used[label]; defined {
			all.used[label] = true
		}
	}
	return nil
}

// dropUnused takes the footnotes that nothing refers to out of the document, and second definitions.
func dropUnused(pc parser.Context) {
	all, ok := pc.Get(notesKey).(*notes)
	if !ok {
		return
	}
	for _, n := range all.all {
		label := strings.ToLower(string(n.Ref))
		if !all.used[label] {
			n.Parent().RemoveChild(n.Parent(), n)
		}
		all.used[label] = false
	}
}
