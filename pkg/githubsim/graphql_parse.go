package githubsim

import (
	"fmt"
	"strconv"
)

// The part of GraphQL's grammar that queries need: operations, variables, fields with aliases and arguments, fragments.

type gqlDocument struct {
	operations []*gqlOperation
	fragments  map[string]*gqlSelection
}

type gqlOperation struct {
	kind, name string
	defaults   map[string]any  // of variables
	required   map[string]bool // variables without a default whose type ends in !
	fields     []*gqlSelection
}

// gqlSelection is a field, or a fragment: inline (on) or by name (spread).
type gqlSelection struct {
	alias, name string
	args        map[string]any
	spread      string
	fragment    bool
	on          string
	fields      []*gqlSelection
	line, col   int
}

// gqlVariable stands for a variable until its value is known; gqlEnum for a bare name.
type (
	gqlVariable string
	gqlEnum     string
)

type gqlParser struct {
	tokens []gqlToken
	at     int
}

// parseGraphQL reads a document. The functions below panic with a *gqlSyntax, which becomes an error here.
func parseGraphQL(text string) (doc *gqlDocument, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *gqlSyntax:
			doc, err = nil, r
		default:
			panic(r)
		}
	}()
	p := &gqlParser{tokens: lexGraphQL(text)}
	doc = &gqlDocument{fragments: map[string]*gqlSelection{}}
	for p.peek().text != "" {
		if p.peek().text == "fragment" {
			name, f := p.fragment()
			doc.fragments[name] = f
			continue
		}
		doc.operations = append(doc.operations, p.operation())
	}
	return doc, nil
}

type gqlSyntax struct {
	message   string
	line, col int
}

func (e *gqlSyntax) Error() string { return e.message }

func (p *gqlParser) peek() gqlToken { return p.tokens[p.at] }

func (p *gqlParser) next() gqlToken {
	t := p.tokens[p.at]
	if t.text == "" {
		p.fail(t)
	}
	p.at++
	return t
}

func (p *gqlParser) fail(t gqlToken) {
	found := strconv.Quote(t.text)
	if t.text == "" {
		found = "end of file"
	}
	panic(&gqlSyntax{fmt.Sprintf("Parse error: unexpected %s at [%d, %d]", found, t.line, t.col), t.line, t.col})
}

func (p *gqlParser) accept(text string) bool {
	if t := p.peek(); t.text == text && t.kind != gqlString {
		p.at++
		return true
	}
	return false
}

func (p *gqlParser) expect(text string) {
	if !p.accept(text) {
		p.fail(p.peek())
	}
}

func (p *gqlParser) word() string {
	t := p.next()
	if t.kind != gqlName {
		p.fail(t)
	}
	return t.text
}

func (p *gqlParser) operation() *gqlOperation {
	op := &gqlOperation{kind: "query", defaults: map[string]any{}, required: map[string]bool{}}
	if p.peek().text != "{" {
		op.kind = p.word()
		if p.peek().kind == gqlName {
			op.name = p.word()
		}
		if p.accept("(") {
			for !p.accept(")") {
				p.variable(op)
			}
		}
	}
	op.fields = p.selections()
	return op
}

func (p *gqlParser) variable(op *gqlOperation) {
	p.expect("$")
	name := p.word()
	p.expect(":")
	op.required[name] = p.typeIsRequired()
	if p.accept("=") {
		op.defaults[name] = p.value()
		op.required[name] = false
	}
}

// typeIsRequired skips a type; only its last ! matters here.
func (p *gqlParser) typeIsRequired() bool {
	if p.accept("[") {
		p.typeIsRequired()
		p.expect("]")
	} else {
		p.word()
	}
	return p.accept("!")
}

func (p *gqlParser) fragment() (string, *gqlSelection) {
	p.expect("fragment")
	name := p.word()
	p.expect("on")
	f := &gqlSelection{fragment: true, on: p.word()}
	f.fields = p.selections()
	return name, f
}

func (p *gqlParser) selections() []*gqlSelection {
	p.expect("{")
	var out []*gqlSelection
	for !p.accept("}") {
		out = append(out, p.selection())
	}
	if len(out) == 0 {
		p.fail(p.peek())
	}
	return out
}

func (p *gqlParser) selection() *gqlSelection {
	t := p.peek()
	sel := &gqlSelection{line: t.line, col: t.col, args: map[string]any{}}
	if p.accept("...") {
		sel.fragment = true
		switch {
		case p.accept("on"):
			sel.on = p.word()
			sel.fields = p.selections()
		case p.peek().text == "{":
			sel.fields = p.selections()
		default:
			sel.spread = p.word()
		}
		return sel
	}
	sel.name = p.word()
	sel.alias = sel.name
	if p.accept(":") {
		sel.name = p.word()
	}
	if p.accept("(") {
		for !p.accept(")") {
			name := p.word()
			p.expect(":")
			sel.args[name] = p.value()
		}
	}
	if p.peek().text == "{" {
		sel.fields = p.selections()
	}
	return sel
}

func (p *gqlParser) value() any {
	t := p.next()
	switch {
	case t.kind == gqlString:
		return t.value
	case t.kind == gqlNumber:
		n, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			p.fail(t)
		}
		return n
	case t.text == "$":
		return gqlVariable(p.word())
	case t.text == "[":
		list := []any{}
		for !p.accept("]") {
			list = append(list, p.value())
		}
		return list
	case t.text == "{":
		o := object{}
		for !p.accept("}") {
			name := p.word()
			p.expect(":")
			o[name] = p.value()
		}
		return o
	case t.text == "true", t.text == "false":
		return t.text == "true"
	case t.text == "null":
		return nil
	case t.kind == gqlName:
		return gqlEnum(t.text)
	}
	p.fail(t)
	return nil
}

// bind puts the values of variables in.
func bind(v any, vars map[string]any) any {
	switch v := v.(type) {
	case gqlVariable:
		return vars[string(v)]
	case gqlEnum:
		return string(v)
	case []any:
		out := make([]any, len(v))
		for n := range v {
			out[n] = bind(v[n], vars)
		}
		return out
	case object:
		out := object{}
		for name := range v {
			out[name] = bind(v[name], vars)
		}
		return out
	}
	return v
}
