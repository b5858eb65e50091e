package markdown

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// htmlBlocks finds the blocks of HTML that GitHub's parser, cmark-gfm, finds (scanners.re and blocks.c of
// https://github.com/github/cmark-gfm, 0.29.0.gfm.6). goldmark follows the specification more closely and differs in two
// things that hide boxes: a tag alone on its line that is left of a list item or quote begins a block after it, where goldmark takes it
// for more of the paragraph inside; and </pre> or </script> begins one, too. Such a block goes on to the next blank line.
//
// All lines of a block are its Lines, that which closes it among them.
type htmlBlocks struct{}

// opening and closing are the conditions of the kinds 1 to 7, in this order. Where there is no closing a blank line ends it.
var (
	opening = []*regexp.Regexp{
		regexp.MustCompile(`(?i)^<(?:script|pre|style)[\s>]`),
		regexp.MustCompile(`^<!--`),
		regexp.MustCompile(`^<\?`),
		regexp.MustCompile(`^<![A-Z]`),
		regexp.MustCompile(`^<!\[CDATA\[`),
		regexp.MustCompile(`(?i)^</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|` +
			`details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|` +
			`iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|section|source|summary|` +
			`table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|/?>)`),
		regexp.MustCompile("^<(?:[A-Za-z][A-Za-z0-9-]*(?:\\s+[A-Za-z_:][A-Za-z0-9:._-]*(?:\\s*=\\s*(?:[^\\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*" +
			`\s*/?|/[A-Za-z][A-Za-z0-9-]*\s*)>\s*$`),
	}
	closing = []*regexp.Regexp{
		regexp.MustCompile(`(?i)</(?:script|pre|style)>`),
		regexp.MustCompile(`-->`),
		regexp.MustCompile(`\?>`),
		regexp.MustCompile(`>`),
		regexp.MustCompile(`\]\]>`),
	}
)

// Trigger is the first byte of a block.
func (htmlBlocks) Trigger() []byte { return []byte{'<'} }

// Open begins a block. Only a tag that is alone on its line may not interrupt a paragraph, but may end one that is further inside.
func (htmlBlocks) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	rest := bytes.TrimLeft(line, " ")
	last := pc.LastOpenedBlock().Node
	for i, re := range opening {
		kind := ast.HTMLBlockType(i + 1)
		if kind == ast.HTMLBlockType7 && ast.IsParagraph(last) && last.Parent() == parent || !re.Match(rest) {
			continue
		}
		node := ast.NewHTMLBlock(kind)
		node.Lines().Append(segment)
		reader.AdvanceToEOL()
		return node, parser.NoChildren
	}
	return nil, parser.NoChildren
}

// Continue adds a line, unless the block has ended.
func (htmlBlocks) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	block, lines := node.(*ast.HTMLBlock), node.Lines()
	line, segment := reader.PeekLine()
	if i := int(block.HTMLBlockType) - 1; i < len(closing) {
		last := lines.At(lines.Len() - 1)
		if closing[i].Match(last.Value(reader.Source())) {
			return parser.Close
		}
	} else if util.IsBlank(line) {
		return parser.Close
	}
	lines.Append(segment)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close does nothing.
func (htmlBlocks) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph is so for most kinds.
func (htmlBlocks) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine is not so: that is code.
func (htmlBlocks) CanAcceptIndentedLine() bool { return false }
