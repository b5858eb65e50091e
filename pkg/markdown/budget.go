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

// bounded is an inline parser whose scanning is counted.
type bounded struct {
	parser.InlineParser
	// cost is what it has looked at, beyond one look at each character: line is where it began, found what it made of it.
	cost func(b *budget, block ast.Node, line []byte, at int, found ast.Node) int
}

func (p bounded) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	b := pc.Get(budgetKey).(*budget)
	if b.left < 0 {
		return nil
	}
	line, at := block.PeekLine()
	found := p.InlineParser.Parse(parent, block, pc)
	b.left -= p.cost(b, parent, line, at.Start, found)
	return found
}

// CloseBlock hides no part of the parser that is wrapped.
func (p bounded) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if c, ok := p.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// codeSpan looks through the rest of the block for each run of backticks that is not closed.
func codeSpan(_ *budget, block ast.Node, _ []byte, at int, found ast.Node) int {
	if _, closed := found.(*ast.CodeSpan); closed {
		return 0
	}
	return rest(block, at)
}

// link looks through the rest of the block, at worst, for each "](" and "][" that turns out to be no link.
func link(_ *budget, block ast.Node, line []byte, at int, found ast.Node) int {
	if found == nil && (bytes.HasPrefix(line, []byte("](")) || bytes.HasPrefix(line, []byte("]["))) {
		return rest(block, at)
	}
	return 0
}

// delimiter is compared with all before it in the block, at worst. A run that opens and closes nothing was looked through, and
// will be again without its first.
func delimiter(b *budget, block ast.Node, line []byte, _ int, found ast.Node) int {
	if found == nil {
		return len(line) - len(bytes.TrimLeft(line, string(line[:1])))
	}
	if block != b.block {
		b.block, b.count = block, 0
	}
	b.count++
	return b.count
}

// rest is how much of a block is left to be looked through.
func rest(block ast.Node, from int) int {
	lines := block.Lines()
	return lines.At(lines.Len()-1).Stop - from
}
