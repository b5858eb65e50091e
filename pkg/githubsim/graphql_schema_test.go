package githubsim

import (
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// TestEveryFieldHasAGetter: what the schema promises can be had, and nothing is there that nobody can ask for.
func TestEveryFieldHasAGetter(t *testing.T) {
	for name, d := range gqlSchema().Types {
		for _, f := range d.Fields {
			if d.Kind == ast.Object && !strings.HasPrefix(name, "__") && !strings.HasPrefix(f.Name, "__") && gqlGetters[name][f.Name] == nil {
				t.Errorf("%s.%s is in github.graphql and has no getter", name, f.Name)
			}
		}
	}
	for name, fields := range gqlGetters {
		for field := range fields {
			if d := gqlSchema().Types[name]; d == nil || d.Fields.ForName(field) == nil {
				t.Errorf("%s.%s has a getter and is not in github.graphql", name, field)
			}
		}
	}
}

// TestSchemaIsGitHubs compares every definition with GitHub's own. (Its schema is parsed and not loaded: that of November 2026
// has a field twice, which the specification forbids.)
func TestSchemaIsGitHubs(t *testing.T) {
	const file = "../../.cache/graphql-schema/schema.graphql"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("no %s: hack/setup-tests.sh fetches it", file)
	}
	all, err := parser.ParseSchema(&ast.Source{Input: string(raw)})
	if err != nil {
		t.Fatal(err)
	}
	ours, err := parser.ParseSchema(&ast.Source{Input: gqlSchemaText})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ours.Definitions {
		his := all.Definitions.ForName(d.Name)
		if his == nil || his.Kind != d.Kind {
			t.Errorf("GitHub has no %s %s", d.Kind, d.Name)
			continue
		}
		compareDefinition(t, d, his)
	}
}

func compareDefinition(t *testing.T, ours, his *ast.Definition) {
	within(t, ours.Name+" is a", ours.Interfaces, his.Interfaces)
	within(t, ours.Name+" =", ours.Types, his.Types)
	for _, v := range ours.EnumValues {
		if his.EnumValues.ForName(v.Name) == nil {
			t.Errorf("GitHub's %s has no value %s", his.Name, v.Name)
		}
	}
	for _, f := range ours.Fields {
		g := his.Fields.ForName(f.Name)
		if g == nil || g.Type.String() != f.Type.String() {
			t.Errorf("GitHub has no %s.%s of type %s", his.Name, f.Name, f.Type)
			continue
		}
		for _, a := range f.Arguments {
			if b := g.Arguments.ForName(a.Name); b == nil || b.Type.String() != a.Type.String() {
				t.Errorf("GitHub's %s.%s takes no %s of type %s", his.Name, f.Name, a.Name, a.Type)
			}
		}
		for _, b := range g.Arguments {
			if b.Type.NonNull && b.DefaultValue == nil && f.Arguments.ForName(b.Name) == nil {
				t.Errorf("GitHub's %s.%s needs %s", his.Name, f.Name, b.Name)
			}
		}
	}
}

func within(t *testing.T, what string, ours, his []string) {
	for _, name := range ours {
		if !strings.Contains(" "+strings.Join(his, " ")+" ", " "+name+" ") {
			t.Errorf("%s %s: not so at GitHub", what, name)
		}
	}
}
