package plugin_test

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

func TestFitsTitle(t *testing.T) {
	for _, c := range []struct {
		pattern, title string
		fits           bool
	}{
		{"[Incubation] Foo *", "[Incubation] Foo Incubation Application", true},
		{"[incubation] foo *", "[INCUBATION] FOO x", true},
		{"[Incubation] Foo *", "I Foo x", false},
		{"[Incubation] Foo *", "[Incubation] Foobar Application", false},
		{"*Foo*", "Foo", true},
		{"*Foo*", "about foo and bar", true},
		{"*Foo*", "fo o", false},
		{"Foo", "Foo", true},
		{"Foo", "Foo ", false},
		{"a*a", "a", false},
		{"a*a", "aa", true},
		{"a*b*c", "a c b", false},
		{"a*b*c", "abbc", true},
		{"*?*", "what?", true},
		{"*?*", "what", false},
		{"* Foo *", "[Incubation] Foo Application", true},
		{"f*\\*", "f\\x", true},
	} {
		if got := plugin.FitsTitle(c.pattern, c.title); got != c.fits {
			t.Errorf("%q and %q: %v", c.pattern, c.title, got)
		}
	}
}

func TestIssueRuleFits(t *testing.T) {
	s := issue.Snapshot{Title: "[Incubation] Foo", Labels: []string{"kind/dd", "Project/Foo"}}
	for _, c := range []struct {
		name string
		rule plugin.IssueRule
		fits bool
	}{
		{"by label", plugin.IssueRule{Labels: []string{"x", "project/*"}}, true},
		{"by another label", plugin.IssueRule{Labels: []string{"project/bar"}}, false},
		{"by title", plugin.IssueRule{Title: "*foo"}, true},
		{"by both", plugin.IssueRule{Title: "*foo", Labels: []string{"project/foo"}}, true},
		{"the title does not fit", plugin.IssueRule{Title: "*bar", Labels: []string{"project/foo"}}, false},
		{"the label does not fit", plugin.IssueRule{Title: "*foo", Labels: []string{"project/bar"}}, false},
	} {
		if got := c.rule.Fits(s); got != c.fits {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
