package githubsim

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// gqlMissing is an error that leaves null behind and the rest of the answer whole.
type gqlMissing struct{ kind, message string }

func (e *gqlMissing) Error() string { return e.message }

func notResolved(format string, args ...any) error {
	return &gqlMissing{"NOT_FOUND", "Could not resolve to " + fmt.Sprintf(format, args...)}
}

// run gives the object that the selected fields make of a value.
func (g *gqlRun) run(typ string, on any, selected ast.SelectionSet, path []any) object {
	out := object{}
	for _, f := range g.collect(typ, selected, nil) {
		out[f.Alias] = g.field(typ, on, f, append(slices.Clone(path), f.Alias))
	}
	return out
}

// collect adds the fields that are asked of a type to those before it, fragments and repeated fields put together.
func (g *gqlRun) collect(typ string, selected ast.SelectionSet, fields []*ast.Field) []*ast.Field {
	for _, s := range selected {
		switch s := s.(type) {
		case *ast.InlineFragment:
			if g.wanted(s.Directives) && isA(typ, s.TypeCondition) {
				fields = g.collect(typ, s.SelectionSet, fields)
			}
		case *ast.FragmentSpread:
			if g.wanted(s.Directives) && isA(typ, s.Definition.TypeCondition) {
				fields = g.collect(typ, s.Definition.SelectionSet, fields)
			}
		case *ast.Field:
			if !g.wanted(s.Directives) {
				continue
			}
			if n := slices.IndexFunc(fields, func(f *ast.Field) bool { return f.Alias == s.Alias }); n >= 0 {
				both := *fields[n]
				both.SelectionSet = slices.Concat(both.SelectionSet, s.SelectionSet)
				fields[n] = &both
				continue
			}
			fields = append(fields, s)
		}
	}
	return fields
}

// isA tells whether an object of a type belongs to the type, interface or union of a fragment.
func isA(typ, condition string) bool {
	s := gqlSchema()
	return condition == "" || slices.Contains(s.GetPossibleTypes(s.Types[condition]), s.Types[typ])
}

// wanted obeys @skip and @include.
func (g *gqlRun) wanted(list ast.DirectiveList) bool {
	for _, d := range list {
		if on, _ := d.ArgumentMap(g.vars)["if"].(bool); on == (d.Name == "skip") {
			return false
		}
	}
	return true
}

// arguments gives those of a field that are not null.
func (g *gqlRun) arguments(f *ast.Field) (map[string]any, error) {
	args := map[string]any{}
	for _, a := range f.Arguments {
		v, err := a.Value.Value(g.vars)
		if err != nil {
			return nil, fmt.Errorf("argument '%s' of field '%s': %w", a.Name, f.Name, err)
		}
		if v != nil {
			args[a.Name] = v
		}
	}
	return args, nil
}

func (g *gqlRun) field(typ string, on any, f *ast.Field, path []any) any {
	if f.Name == "__typename" {
		return typ
	}
	get := gqlGetters[typ][f.Name]
	if get == nil {
		g.unknown(f, path, fmt.Errorf("githubsim does not know field '%s' of type '%s'", f.Name, typ))
		return nil
	}
	args, err := g.arguments(f)
	if err != nil {
		g.unknown(f, path, err)
		return nil
	}
	if typ == "Query" && f.Name != "nodes" && f.Name != "rateLimit" && g.fails(f, path) {
		return nil
	}
	v, err := get(g, on, args)
	if err != nil {
		g.note(err, f, path)
		return nil
	}
	if f.SelectionSet == nil || v == nil {
		return v
	}
	declared := f.Definition.Type.Name()
	list, isList := v.([]any)
	if !isList {
		return g.run(gqlTypeOf(v, declared), v, f.SelectionSet, path)
	}
	out := make([]any, len(list))
	for n, item := range list {
		here := append(slices.Clone(path), n)
		if missing, is := item.(*gqlMissing); is {
			g.note(missing, f, here)
			continue
		}
		if typ == "Query" && g.fails(f, here) {
			continue
		}
		out[n] = g.run(gqlTypeOf(item, declared), item, f.SelectionSet, here)
	}
	return out
}

func (g *gqlRun) note(err error, f *ast.Field, path []any) {
	if missing, is := err.(*gqlMissing); is {
		g.lost(missing.kind, f, path, missing.message)
		return
	}
	g.unknown(f, path, err)
}

// fails plays GitHub's partial answers: every second thing is null, with an error.
func (g *gqlRun) fails(f *ast.Field, path []any) bool {
	if !g.partial {
		return false
	}
	g.asked++
	if g.asked%2 == 1 {
		return false
	}
	g.lost("SERVICE_UNAVAILABLE", f, path, "Something went wrong while executing your query. "+
		"This may be the result of a timeout, or it could be a GitHub bug.")
	return true
}
