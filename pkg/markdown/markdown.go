// Package markdown parses Markdown as GitHub does, as far as ddbot must understand it: what is a list, a quote, code, a
// comment. Everybody may send it text: one that is made to keep the parser busy for seconds is refused within milliseconds.
//
// GitHub's dialect is goldmark with tables and strikethrough. The task list extension stays out: it sees boxes where GitHub
// has none (package checklist looks for them itself).
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
	Source []byte // what the offsets in Root are of: see Parse
	refs   parser.Context
}

// Parse parses a text. Source is as long as the text, with a line feed at the end of each line and nowhere a carriage
// return: goldmark does not know a lone CR, and takes CRLF after an empty marker amiss. The error is a *CostlyError.
func Parse(s string) (*Document, error) {
	if err := guard(s); err != nil {
		return nil, err
	}
	d := &Document{Source: lineFeeds(s), refs: parser.NewContext()}
	b := &budget{left: maxSteps}
	d.refs.Set(budgetKey, b)
	d.Root = github.Parse(text.NewReader(d.Source), parser.WithContext(d.refs))
	if b.left < 0 {
		return nil, &CostlyError{"The text has too many brackets, asterisks or backticks that are never closed to be read safely."}
	}
	return d, nil
}

// Defines tells whether the text defines a link of that name, so that [name] is a link.
func (d *Document) Defines(name string) bool {
	_, ok := d.refs.Reference(name)
	return ok
}

// github is for everybody at once: what belongs to one text is in its context.
var github = parser.NewParser(
	parser.WithBlockParsers(parser.DefaultBlockParsers()...),
	parser.WithInlineParsers( // goldmark's own, in its order
		util.Prioritized(bounded{parser.NewCodeSpanParser(), codeSpan}, 100),
		util.Prioritized(bounded{parser.NewLinkParser(), link}, 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(bounded{parser.NewEmphasisParser(), delimiter}, 500),
		util.Prioritized(bounded{extension.NewStrikethroughParser(), delimiter}, 500)),
	parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
		util.Prioritized(tables{extension.NewTableParagraphTransformer()}, 200))...),
)

// lineFeeds copies the text at the same length.
func lineFeeds(s string) []byte {
	b := []byte(s)
	for i := range b {
		if b[i] != '\r' {
			continue
		}
		if i+1 < len(b) && b[i+1] == '\n' {
			b[i] = ' '
		} else {
			b[i] = '\n'
		}
	}
	return b
}
