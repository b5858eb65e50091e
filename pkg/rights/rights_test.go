package rights_test

import (
	"os"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/rights"
	"github.com/ddbot/ddbot/plugins"
)

// TestDocumented: docs/setup.md lists what there is.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/setup.md")
	if err != nil {
		t.Fatal(err)
	}
	all, err := config.Parse("x", []byte("defaults: {plugins: {report: {pull: {open: true}}, lifecycle: {pullRequests: true}}, roles: {sponsor: {teams: [a/b]}}}"), plugins.All())
	if err != nil {
		t.Fatal(err)
	}
	reads, err := config.Parse("x", []byte("{}"), plugins.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range append(all.Needs(), reads.Needs()...) {
		if line := "\n| " + n.Title + ": " + n.Access(); !strings.Contains(string(text), line) {
			t.Errorf("docs/setup.md has no line that begins with %q", line)
		}
		for _, e := range n.Events {
			if !strings.Contains(string(text), "`"+e+"`") {
				t.Errorf("docs/setup.md does not name the event %s", e)
			}
		}
	}
}

// off switches off all plugins but some.
func off(but ...string) string {
	var b strings.Builder
	b.WriteString("defaults:\n  plugins:\n")
	for _, p := range plugins.All() {
		on := "false"
		for _, line := range but {
			if name, options, _ := strings.Cut(line, " "); name == p.Name() {
				on = options
			}
		}
		b.WriteString("    " + p.Name() + ": " + on + "\n")
	}
	return b.String()
}

// TestOf: what is switched off asks for nothing.
func TestOf(t *testing.T) {
	const (
		issues, pulls, contents, members = "Issues: read and write, ", "Pull requests: read and write, ", "Contents: read, ", "Members: read, "
		always                           = "Metadata: read"
		twoEvents                        = "issues issue_comment"
	)
	for _, c := range []struct{ name, config, want, events string }{
		{"all defaults", "{}", issues + pulls + contents + always, twoEvents},
		{"no /cc", "defaults: {plugins: {assign: false}}", issues + contents + always, twoEvents},
		{"pull requests are looked after", "defaults: {plugins: {assign: false, lifecycle: {pullRequests: true}}}", issues + pulls + contents + always, twoEvents + " pull_request"},
		{"by a plugin that is off", off("dd true"), issues + contents + always, twoEvents},
		{"nobody needs a role", off("example true"), issues + always, twoEvents},
		{"in one repository only", "repos: {a/b: {plugins: {lifecycle: {pullRequests: true}}}}", issues + pulls + contents + always, twoEvents + " pull_request"},
		{"a team in a role", off("dd true") + "  roles: {sponsor: {teams: [a/b]}}", issues + contents + members + always, twoEvents},
		{"a team for some issues", off("dd true") + "  issues: [{title: x, roles: {author: {teams: [a/b]}}}]", issues + contents + members + always, twoEvents},
		{"a team in an option", off("milestone {who: {roles: [], users: [u], teams: [a/b]}}"), issues + contents + members + always, twoEvents},
		{"a team in an option of a label", off("label {restricted: {x: {teams: [a/b]}}}"), issues + contents + members + always, twoEvents},
		{"own files", off("example true") + "override: {keys: [tracked]}", issues + contents + always, twoEvents},
		{"own files that give rights", off("example true") + "override: {keys: [roles]}", issues + contents + members + always, twoEvents},
		{"own files that say who may", off("milestone true") + "override: {keys: [plugins.milestone.who]}", issues + contents + members + always, twoEvents},
		{"own files that say no such thing", off("milestone true") + "override: {keys: [plugins.lifecycle]}", issues + contents + always, twoEvents},
		{"the report as a pull request", off("report {pull: {open: true}}"), issues + pulls + "Contents: read and write, " + always, twoEvents},
		{"no report as a pull request", off("report {levelChange: {open: true}}"), issues + contents + always, twoEvents},
		{"nothing is on", off(), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			read, err := config.Parse("x", []byte(c.config), plugins.All())
			if err != nil {
				t.Fatal(err)
			}
			needs := read.Needs()
			if got := rights.List(needs); got != c.want {
				t.Errorf("needs %q, not %q", got, c.want)
			}
			if got := strings.Join(rights.Events(needs), " "); got != c.events {
				t.Errorf("events %q, not %q", got, c.events)
			}
		})
	}
}
