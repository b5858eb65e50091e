package githubsim

import (
	_ "embed"
	"errors"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

//go:embed github.graphql
var gqlSchemaText string

// gqlSchema is read when the first query comes.
var gqlSchema = sync.OnceValue(func() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Name: "github.graphql", Input: gqlSchemaText})
})

// gqlRun is the run of one GraphQL request.
type gqlRun struct {
	sim     *Sim
	rq      *request
	vars    map[string]any
	errors  []any
	partial bool // a fault: every second thing asked for comes to nothing
	asked   int  // things asked for so far
}

// graphql answers with 200 even for errors, as GitHub does.
func (s *Sim) graphql(rq *request) (reply, error) {
	var in struct {
		Query         string         `json:"query"`
		Variables     map[string]any `json:"variables"`
		OperationName string         `json:"operationName"`
	}
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: in.Query})
	if err != nil {
		return refused("Parse error: ", err)
	}
	// What the schema does not have GitHub would not know either, or the simulator has a gap: a test should look.
	if errs := validator.ValidateWithRules(gqlSchema(), doc, nil); len(errs) > 0 {
		rq.unknown = true
		return refused("", errs)
	}
	op := doc.Operations.ForName(in.OperationName)
	if op == nil {
		return refused("", gqlerror.Errorf("No operation named %q", in.OperationName))
	}
	vars, err := validator.VariableValues(gqlSchema(), op, in.Variables)
	if err != nil {
		return refused("Variable was provided invalid value: ", err)
	}
	g := &gqlRun{sim: s, rq: rq, vars: vars, partial: rq.fault != nil && rq.fault.Kind == GraphQLPartial}
	root := map[ast.Operation]string{ast.Query: "Query", ast.Mutation: "Mutation"}[op.Operation]
	out := object{"data": g.run(root, nil, op.SelectionSet, nil)}
	if len(g.errors) > 0 {
		out["errors"] = g.errors
	}
	return ok(out)
}

// refused answers a query that is not run at all.
func refused(what string, err error) (reply, error) {
	var list gqlerror.List
	var one *gqlerror.Error
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = gqlerror.List{one}
	default:
		list = gqlerror.List{{Message: err.Error()}}
	}
	for _, e := range list {
		e.Message = what + e.Message
	}
	return ok(object{"errors": list})
}

// unknown reports what cannot be answered though the schema has it: a gap of the simulator.
func (g *gqlRun) unknown(f *ast.Field, path []any, err error) {
	g.rq.unknown = true
	g.errors = append(g.errors, object{"message": err.Error(), "path": path, "locations": []any{place(f)}})
}

// lost reports something that was asked for and came to nothing.
func (g *gqlRun) lost(kind string, f *ast.Field, path []any, message string) {
	g.errors = append(g.errors, object{"type": kind, "message": message, "path": path, "locations": []any{place(f)}})
}

func place(f *ast.Field) object {
	return object{"line": f.Position.Line, "column": f.Position.Column}
}
