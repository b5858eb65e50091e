package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// lists is goldmark's parser of lists, but for what stands below an item that is empty so far: where that is indented as the text of
// the item would be, it belongs to the item. goldmark v1.8.7 begins another list there when the bullet differs, and then takes what is
// indented by four for code; and it ends the item at a blank line, even one with blanks enough.
type lists struct{ parser.BlockParser }

// endedKey names the empty item that a blank line has ended.
var endedKey = parser.NewContextKey()

// Continue tells whether a line goes on with a list.
func (p lists) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	item := node.LastChild().(*ast.ListItem)
	if !item.HasChildren() && pc.Get(endedKey) != item {
		line, _ := reader.PeekLine()
		if width, _ := util.IndentWidth(line, reader.LineOffset()); width >= item.Offset {
			return parser.Continue | parser.HasChildren
		}
		if util.IsBlank(line) {
			pc.Set(endedKey, item)
		}
	}
	return p.BlockParser.Continue(node, reader, pc)
}
