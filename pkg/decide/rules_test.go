package decide

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// TestRules: a rule of the configuration names people for single issues. One that goes by a label does not count for who put the
// label on.
func TestRules(t *testing.T) {
	labelings := func(by ...string) (out []fact.Labeling) {
		for _, b := range by {
			out = append(out, fact.Labeling{Label: "Project/Foo", By: b})
		}
		return out
	}
	role := func(users, teams []string) map[plugin.Role]plugin.People {
		return map[plugin.Role]plugin.People{plugin.Maintainer: {Users: users, Teams: teams}}
	}
	for _, c := range []struct {
		name string
		rule plugin.IssueRule
		by   []string // who put the label on
		want bool
	}{
		{"by title", plugin.IssueRule{Title: "[Inc] *", Roles: role([]string{"Bob"}, nil)}, nil, true},
		{"by another title", plugin.IssueRule{Title: "[Grad] *", Roles: role([]string{"bob"}, nil)}, nil, false},
		{"by title, in a team", plugin.IssueRule{Title: "[inc] old", Roles: role(nil, []string{"acme/foo"})}, nil, true},
		{"by title, in another team", plugin.IssueRule{Title: "*", Roles: role(nil, []string{"acme/bar"})}, nil, false},
		{"by label", plugin.IssueRule{Labels: []string{"project/*"}, Roles: role([]string{"bob"}, nil)}, []string{"carol"}, true},
		{"by a label of their own", plugin.IssueRule{Labels: []string{"project/*"}, Roles: role([]string{"bob"}, nil)}, []string{"carol", "bob"}, false},
		{"by a label that another put on again", plugin.IssueRule{Labels: []string{"project/*"}, Roles: role([]string{"bob"}, nil)}, []string{"bob", "carol"}, true},
		{"by label and title", plugin.IssueRule{Title: "*", Labels: []string{"project/*"}, Roles: role([]string{"bob"}, nil)}, []string{"bob"}, true},
		{"by another label", plugin.IssueRule{Labels: []string{"area/*"}, Roles: role([]string{"bob"}, nil)}, []string{"carol"}, false},
		{"another role", plugin.IssueRule{Roles: map[plugin.Role]plugin.People{plugin.Staff: {Users: []string{"bob"}}}}, nil, false},
	} {
		e := comment(1, "bob", "/toy name New")
		e.Issue.Title, e.Issue.Labels = "[Inc] Old", []string{"project/foo", "other"}
		s := situation(e)
		s.Settings.Issues = []plugin.IssueRule{c.rule}
		s.Settings.Roles = map[plugin.Role]plugin.People{plugin.Maintainer: {Users: []string{"dora", "emil", "fritz", "", "gerd"}}}
		facts := map[fact.Kind]any{fact.KindPermission: fact.Read, fact.KindOwners: fact.Owners{}, fact.KindLabelings: labelings(c.by...)}
		for range 6 {
			out := must(t, s)
			for _, k := range out.Missing {
				v := facts[k.Kind]
				if k.Kind == fact.KindTeam {
					v = k.Arg == "acme/foo bob"
				}
				s.Facts.Put(k, v)
			}
		}
		out := must(t, s)
		if got := out.Draft.Issue.Title == "New"; got != c.want || (out.Refused == 1) == c.want || len(out.Missing) > 0 {
			t.Errorf("%s: %v, missing %v", c.name, got, out.Missing)
		}
		if !c.want && !strings.Contains(out.Draft.Answers[0].Text[0], "is for maintainers (`dora`, `emil`, `fritz`, ") {
			t.Errorf("%s: it says %q", c.name, out.Draft.Answers[0].Text)
		}
		if c.name == "another role" && !strings.Contains(out.Draft.Answers[0].Text[0], "`fritz`, 1 more)") {
			t.Errorf("%s: it says %q", c.name, out.Draft.Answers[0].Text)
		}
	}
}
