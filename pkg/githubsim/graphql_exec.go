package githubsim

import (
	"fmt"
	"slices"
)

// gqlField is a field of a type: what it gives, which arguments it takes, and how to get it.
type gqlField struct {
	of   string // the type of what it gives, or of each item of a list; empty for a scalar
	args []string
	get  func(g *gqlRun, on any, args map[string]any) (any, error)
}

// gqlMissing is an error that leaves null behind and the rest of the answer whole.
type gqlMissing struct{ kind, message string }

func (e *gqlMissing) Error() string { return e.message }

func notResolved(format string, args ...any) error {
	return &gqlMissing{"NOT_FOUND", "Could not resolve to " + fmt.Sprintf(format, args...)}
}

// check holds a query against the schema before anything is run: an unknown field is an error even where there is no
// object to ask it of.
func (g *gqlRun) check(typ string, fields []*gqlSelection, path []any) {
	for _, sel := range fields {
		here := append(slices.Clone(path), sel.alias)
		if sel.fragment {
			g.checkFragment(typ, sel, path)
			continue
		}
		if sel.name == "__typename" {
			continue
		}
		f, known := gqlSchema[typ][sel.name]
		if !known {
			g.unknown(sel, here, "Field '%s' doesn't exist on type '%s'", sel.name, typ)
			continue
		}
		for name := range sel.args {
			if !slices.Contains(f.args, name) {
				g.unknown(sel, here, "Field '%s' doesn't accept argument '%s'", sel.name, name)
			}
		}
		switch {
		case f.of == "" && sel.fields != nil:
			g.unknown(sel, here, "Selections can't be made on scalars (field '%s')", sel.name)
		case f.of != "" && sel.fields == nil:
			g.unknown(sel, here, "Field must have selections (field '%s' returns %s)", sel.name, f.of)
		case f.of != "":
			g.check(f.of, sel.fields, here)
		}
	}
}

func (g *gqlRun) checkFragment(typ string, sel *gqlSelection, path []any) {
	f := g.fragment(sel)
	if f == nil {
		g.unknown(sel, path, "Fragment %s was used, but not defined", sel.spread)
		return
	}
	if f.on != "" {
		typ = f.on
	}
	if gqlSchema[typ] == nil {
		g.unknown(sel, path, "No such type %s, so it can't be a fragment condition", typ)
		return
	}
	if len(path) > maxDepth {
		g.unknown(sel, path, "Query is too deep") // a fragment that holds itself
		return
	}
	g.check(typ, f.fields, append(slices.Clone(path), "..."))
}

const maxDepth = 50

func (g *gqlRun) fragment(sel *gqlSelection) *gqlSelection {
	if sel.spread != "" {
		return g.doc.fragments[sel.spread]
	}
	return sel
}

// run gives the object that the selected fields make of a value.
func (g *gqlRun) run(typ string, on any, fields []*gqlSelection, path []any) object {
	out := object{}
	for _, sel := range fields {
		if sel.fragment {
			f := g.fragment(sel)
			if f.on == "" || f.on == typ || slices.Contains(gqlInterfaces[f.on], typ) {
				for name, v := range g.run(typ, on, f.fields, path) {
					out[name] = v
				}
			}
			continue
		}
		out[sel.alias] = g.field(typ, on, sel, append(slices.Clone(path), sel.alias))
	}
	return out
}

func (g *gqlRun) field(typ string, on any, sel *gqlSelection, path []any) any {
	if sel.name == "__typename" {
		return typ
	}
	f := gqlSchema[typ][sel.name]
	args := map[string]any{}
	for name, v := range sel.args {
		if bound := bind(v, g.vars); bound != nil {
			args[name] = bound
		}
	}
	if typ == "Query" && sel.name != "nodes" && f.of != "RateLimit" && g.fails(sel, path) {
		return nil
	}
	v, err := f.get(g, on, args)
	if err != nil {
		g.note(err, sel, path)
		return nil
	}
	if f.of == "" || v == nil {
		return v
	}
	list, isList := v.([]any)
	if !isList {
		return g.run(gqlTypeOf(v, f.of), v, sel.fields, path)
	}
	out := make([]any, len(list))
	for n, item := range list {
		here := append(slices.Clone(path), n)
		if missing, is := item.(*gqlMissing); is {
			g.note(missing, sel, here)
			continue
		}
		if typ == "Query" && g.fails(sel, here) {
			continue
		}
		out[n] = g.run(gqlTypeOf(item, f.of), item, sel.fields, here)
	}
	return out
}

func (g *gqlRun) note(err error, sel *gqlSelection, path []any) {
	if missing, is := err.(*gqlMissing); is {
		g.lost(missing.kind, sel, path, "%s", missing.message)
		return
	}
	g.unknown(sel, path, "%s", err)
}

// fails plays GitHub's partial answers: every second thing is null, with an error.
func (g *gqlRun) fails(sel *gqlSelection, path []any) bool {
	if !g.partial {
		return false
	}
	g.asked++
	if g.asked%2 == 1 {
		return false
	}
	g.lost("SERVICE_UNAVAILABLE", sel, path, "Something went wrong while executing your query. "+
		"This may be the result of a timeout, or it could be a GitHub bug.")
	return true
}
