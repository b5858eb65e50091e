package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// mutant is one small change of a file: the bytes from start to end give way to text.
type mutant struct {
	file       string // path from the module's root
	line       int
	start, end int
	text       string
	what       string // "== became !="
}

// swaps are operators and what they become.
var swaps = map[token.Token]string{
	token.EQL: "!=", token.NEQ: "==", token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
	token.LAND: "||", token.LOR: "&&", token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*",
}

// flips are words and what they become.
var flips = map[string]string{"true": "false", "false": "true"}

// mutantsOf finds all mutants of a file. Some do not compile: that shows when they are tried.
func mutantsOf(file string, src []byte) ([]mutant, error) {
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []mutant
	add := func(from, to token.Pos, text, what string) {
		p := fset.Position(from)
		out = append(out, mutant{file: file, line: p.Line, start: p.Offset, end: fset.Position(to).Offset, text: text, what: what})
	}
	of := func(n ast.Node) string {
		return brief(string(src[fset.Position(n.Pos()).Offset:fset.Position(n.End()).Offset]))
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BinaryExpr:
			if to := swaps[n.Op]; to != "" {
				add(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), to, n.Op.String()+" became "+to+" in "+of(n))
			}
		case *ast.IfStmt:
			add(n.Cond.Pos(), n.Cond.Pos(), "!(", "")
			last := &out[len(out)-1]
			cond := string(src[last.start:fset.Position(n.Cond.End()).Offset])
			last.end, last.text, last.what = last.start+len(cond), "!("+cond+")", "the condition was turned round: "+brief(cond)
		case *ast.Ident:
			if to := flips[n.Name]; to != "" {
				add(n.Pos(), n.End(), to, n.Name+" became "+to)
			}
		case *ast.BasicLit:
			if v, err := strconv.Atoi(n.Value); err == nil && n.Kind == token.INT {
				add(n.Pos(), n.End(), strconv.Itoa(v+1), n.Value+" became "+strconv.Itoa(v+1))
			}
		case *ast.BlockStmt:
			for _, s := range n.List {
				if drops(s) {
					add(s.Pos(), s.End(), "", "left out: "+of(s))
				}
			}
		case *ast.CaseClause:
			for _, s := range n.Body {
				if drops(s) {
					add(s.Pos(), s.End(), "", "left out: "+of(s))
				}
			}
		}
		return true
	})
	return out, nil
}

// drops tells whether a statement can be left out by itself.
func drops(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt, *ast.DeferStmt:
		return true
	case *ast.AssignStmt:
		return s.Tok != token.DEFINE
	}
	return false
}

// brief is the beginning of a text, on one line.
func brief(s string) string {
	const enough = 70
	out := []rune{}
	for _, r := range s {
		if r == '\n' || r == '\t' {
			r = ' '
		}
		if out = append(out, r); len(out) == enough {
			return string(out) + "…"
		}
	}
	return string(out)
}
