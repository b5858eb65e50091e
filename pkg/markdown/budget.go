package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// maxSteps bounds what the inline parsers may do in one text beyond looking at each character once. A step takes some ten
// nanoseconds; real texts take a few thousand.
const maxSteps = 4_000_000

// budget is what is left of that. When it is used up, brackets, asterisks and backticks are only text: the rest is read
// quickly, and refused.
type budget struct {
	left  int
	block ast.Node // in which delimiters were counted last
	count int
}

var budgetKey = parser.NewContextKey()

func budgetOf(pc parser.Context) *budget { return pc.Get(budgetKey).(*budget) }

// rest is how much of the block is left to be looked through.
func rest(block ast.Node, from int) int {
	lines := block.Lines()
	return lines.At(lines.Len()-1).Stop - from
}

// codeSpans looks through the rest of the block for each run of backticks that is not closed.
type codeSpans struct{ parser.InlineParser }

func (p codeSpans) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	b := budgetOf(pc)
	if b.left < 0 {
		return nil
	}
	_, at := block.PeekLine()
	n := p.InlineParser.Parse(parent, block, pc)
	if _, closed := n.(*ast.CodeSpan); !closed {
		b.left -= rest(parent, at.Start)
	}
	return n
}

// links looks through the rest of the block, at worst, for each "](" that turns out to be no link.
type links struct{ parser.InlineParser }

func (p links) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	b := budgetOf(pc)
	if b.left < 0 {
		return nil
	}
	line, at := block.PeekLine()
	n := p.InlineParser.Parse(parent, block, pc)
	if n == nil && (bytes.HasPrefix(line, []byte("](")) || bytes.HasPrefix(line, []byte("]["))) {
		b.left -= rest(parent, at.Start)
	}
	return n
}

// CloseBlock hides no part of the parser that is wrapped.
func (p links) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if c, ok := p.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// delimiters compares each delimiter with all before it in the block, at worst.
type delimiters struct{ parser.InlineParser }

func (p delimiters) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	b := budgetOf(pc)
	if b.left < 0 {
		return nil
	}
	line, _ := block.PeekLine()
	n := p.InlineParser.Parse(parent, block, pc)
	if n == nil { // a run that opens and closes nothing was looked through, and will be again without its first
		b.left -= len(line) - len(bytes.TrimLeft(line, string(line[:1])))
		return nil
	}
	if parent != b.block {
		b.block, b.count = parent, 0
	}
	b.count++
	b.left -= b.count
	return n
}
