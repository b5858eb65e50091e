package demo

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/markdown"
)

// github renders as GitHub does in issues: tables, task lists, bare links, a line end is a line end. Raw HTML passes;
// the policy takes out what could do harm.
var github = goldmark.New(
	goldmark.WithExtensions(extension.GFM),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(boxes{}, 500))),
	goldmark.WithRendererOptions(html.WithHardWraps(), html.WithUnsafe(),
		renderer.WithNodeRenderers(util.Prioritized(boxes{}, 1))),
)

var policy = func() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").OnElements("input")
	p.AllowAttrs("data-line").Matching(bluemonday.Integer).OnElements("input")
	p.AllowAttrs("data-ref", "aria-label", "title").OnElements("input")
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}()

// itemsKey hands the checklist's items, by line, to the parser.
var itemsKey = parser.NewContextKey()

// render makes a page's HTML of Markdown. The boxes of items can be clicked, others not.
func render(source string, items []checklist.Item) template.HTML {
	byLine := map[int]checklist.Item{}
	for _, i := range items {
		byLine[i.Line] = i
	}
	pc := parser.NewContext()
	pc.Set(itemsKey, byLine)
	var b bytes.Buffer
	// What would keep the parser busy for seconds is shown as it is.
	if _, err := markdown.Parse(source); err != nil || github.Convert([]byte(source), &b, parser.WithContext(pc)) != nil {
		return template.HTML("<pre>" + template.HTMLEscapeString(source) + "</pre>")
	}
	return template.HTML(policy.SanitizeBytes(b.Bytes()))
}

// boxes finds the item of each box and renders it.
type boxes struct{}

// Transform notes on each box which item it is.
func (boxes) Transform(doc *ast.Document, r text.Reader, pc parser.Context) {
	items, _ := pc.Get(itemsKey).(map[int]checklist.Item)
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Kind() != extast.KindTaskCheckBox || n.Parent().Lines().Len() == 0 {
			return ast.WalkContinue, nil
		}
		start := n.Parent().Lines().At(0).Start
		if i, ok := items[1+bytes.Count(r.Source()[:start], []byte("\n"))]; ok {
			n.SetAttributeString("item", i)
		}
		return ast.WalkContinue, nil
	})
}

// RegisterFuncs replaces goldmark's own rendering of a box.
func (boxes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(extast.KindTaskCheckBox, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		checked := ""
		if n.(*extast.TaskCheckBox).IsChecked {
			checked = " checked"
		}
		attr, _ := n.AttributeString("item")
		if i, ok := attr.(checklist.Item); ok {
			fmt.Fprintf(w, `<input type="checkbox" id="item-%d" data-line="%d" data-ref="%s" title="%[3]s" aria-label="%s"%s> `,
				i.Line, i.Line, template.HTMLEscapeString(i.Ref), template.HTMLEscapeString(i.Text), checked)
		} else {
			fmt.Fprintf(w, `<input type="checkbox" disabled%s> `, checked)
		}
		return ast.WalkContinue, nil
	})
}
