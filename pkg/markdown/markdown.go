// Package markdown parses Markdown as GitHub does, as far as ddbot must understand it: what is a list, a quote, code, a
// comment. Everybody may send it text: one that is made to keep the parser busy for seconds is refused within milliseconds.
//
// GitHub's dialect is goldmark with tables, strikethrough and footnotes, where it differs from cmark-gfm with parts of our own. The
// task list extension stays out: it sees boxes where GitHub has none (package checklist looks for them itself).
package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Document is a parsed text.
type Document struct {
	Root   ast.Node
	Source []byte // what the offsets in Root are of; Offset makes them offsets of the text
	refs   parser.Context
	mark   int // bytes of a byte order mark
	tabs   []tab
}

// Parse parses a text. The error is a *CostlyError.
func Parse(s string) (*Document, error) { return ParseUpTo(s, MaxChars) }

// ParseUpTo is Parse for files, which may be longer than a body. The limit counts characters.
func ParseUpTo(s string, limit int) (*Document, error) {
	if err := guard(s, limit); err != nil {
		return nil, err
	}
	d := &Document{refs: parser.NewContext()}
	d.prepare(s)
	b := &budget{left: maxSteps}
	d.refs.Set(budgetKey, b)
	d.Root = github.Parse(text.NewReader(d.Source), parser.WithContext(d.refs))
	if b.left < 0 {
		return nil, &CostlyError{"The text has too many brackets, asterisks or backticks that are never closed to be read safely."}
	}
	dropUnused(d.refs)
	return d, nil
}

// Defines tells whether the text defines a link of that name, so that [name] is a link.
func (d *Document) Defines(name string) bool {
	_, ok := d.refs.Reference(name)
	return ok
}

// github is for everybody at once: what belongs to one text is in its context.
var github = parser.NewParser(
	parser.WithBlockParsers( // goldmark's own, in its order, with three of ours
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(lists{parser.NewListParser()}, 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(htmlBlocks{}, 900),
		util.Prioritized(footnotes{}, 950),
		util.Prioritized(parser.NewParagraphParser(), 1000)),
	parser.WithInlineParsers( // goldmark's own, in its order
		util.Prioritized(footnoteReferences{}, 150),
		util.Prioritized(bounded{parser.NewCodeSpanParser(), codeSpan}, 100),
		util.Prioritized(bounded{parser.NewLinkParser(), link}, 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(bounded{parser.NewEmphasisParser(), delimiter}, 500),
		util.Prioritized(bounded{extension.NewStrikethroughParser(), delimiter}, 500)),
	parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
		util.Prioritized(tables{extension.NewTableParagraphTransformer()}, 200))...),
)
