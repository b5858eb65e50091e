package githubsim

import (
	"fmt"
)

// gqlRun is the run of one GraphQL request.
type gqlRun struct {
	sim     *Sim
	rq      *request
	doc     *gqlDocument
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
	doc, err := parseGraphQL(in.Query)
	if err != nil {
		e := err.(*gqlSyntax)
		return ok(object{"errors": []any{object{"message": e.message, "locations": []any{object{"line": e.line, "column": e.col}}}}})
	}
	op := doc.operation(in.OperationName)
	if op == nil {
		return ok(object{"errors": []any{object{"message": "No operation named " + fmt.Sprintf("%q", in.OperationName)}}})
	}
	g := &gqlRun{sim: s, rq: rq, doc: doc, vars: in.Variables, partial: rq.fault != nil && rq.fault.Kind == GraphQLPartial}
	g.prepare(op)
	g.check("Query", op.fields, []any{op.kind})
	if op.kind != "query" {
		g.unknown(op.fields[0], []any{op.kind}, "githubsim knows no %s", op.kind)
	}
	if len(g.errors) > 0 {
		return ok(object{"errors": g.errors})
	}
	data := g.run("Query", nil, op.fields, nil)
	out := object{"data": data}
	if len(g.errors) > 0 {
		out["errors"] = g.errors
	}
	return ok(out)
}

func (d *gqlDocument) operation(name string) *gqlOperation {
	for _, op := range d.operations {
		if name == "" && len(d.operations) == 1 || op.name == name && name != "" {
			return op
		}
	}
	return nil
}

// prepare fills variables that were not given with their defaults.
func (g *gqlRun) prepare(op *gqlOperation) {
	vars := map[string]any{}
	for name, required := range op.required {
		value, given := g.vars[name]
		if !given {
			value = bind(op.defaults[name], nil)
		}
		if value == nil && required {
			g.errors = append(g.errors, object{"message": fmt.Sprintf("Variable $%s of type was provided invalid value", name)})
		}
		vars[name] = value
	}
	g.vars = vars
}

// unknown reports what is not in the schema. GitHub would say so too, or the simulator has a gap: a test should look.
func (g *gqlRun) unknown(sel *gqlSelection, path []any, format string, args ...any) {
	g.rq.unknown = true
	g.errors = append(g.errors, object{
		"message": fmt.Sprintf(format, args...), "path": path, "locations": []any{object{"line": sel.line, "column": sel.col}},
	})
}

// lost reports something that was asked for and came to nothing.
func (g *gqlRun) lost(kind string, sel *gqlSelection, path []any, format string, args ...any) {
	g.errors = append(g.errors, object{
		"type": kind, "message": fmt.Sprintf(format, args...), "path": path,
		"locations": []any{object{"line": sel.line, "column": sel.col}},
	})
}
