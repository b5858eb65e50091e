// Package rights is the one list of what ddbot asks GitHub for: which permission of a GitHub App or a token it needs, for what,
// and which events come with it. What is needed follows from the plugins that are on and from their options; who makes an App
// (package setup), who looks whether an App has enough (github.Hub.Standing) and who writes a token's steps all read it here.
//
// The permissions of single endpoints are those of https://docs.github.com/rest/authentication/permissions-required-for-github-apps.
// A GitHub App reads the log of its own webhook deliveries, and asks for a delivery again, by its key alone: no permission stands
// for that.
package rights

import (
	"reflect"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/plugin"
)

// Need is one permission that is needed.
type Need struct {
	Permission string // as GitHub's API names it: "issues"
	Level      string // "read" or "write"; write includes read
	Title      string // as GitHub's pages name it: "Issues"
	For        string // what for: "reads and edits issues, …"
	Without    string // what happens without it, as the end of a sentence: "nothing can be written"
	// Organization: it is a permission on the organisation, not on its repositories.
	Organization bool
	// Events are the webhook events that are needed with it. GitHub takes only events that a permission covers.
	Events []string
	// Scope is that of a classic token which covers it, "" where another need's does.
	Scope string
}

// Access is the level as GitHub's pages say it.
func (n Need) Access() string {
	if n.Level == "write" {
		return "read and write"
	}
	return n.Level
}

// Own is what repositories may set by a file of their own.
type Own struct {
	File  bool // there may be such a file, so it is read
	Teams bool // and it may name teams
}

// uses is what a configuration makes use of.
type uses struct{ anything, files, teams, reviews, pulls, publishes bool }

// table is the list. The order is that in which people read it.
var table = []struct {
	Need
	when func(uses) bool
}{
	{Need{
		Permission: "issues", Level: "write", Title: "Issues", Scope: "repo",
		For:     "reads issues and comments, edits descriptions, labels, assignees and states, answers and reacts",
		Without: "nothing can be written", Events: []string{"issues", "issue_comment"},
	}, func(u uses) bool { return u.anything }},
	{Need{
		Permission: "pull_requests", Level: "write", Title: "Pull requests",
		For: "asks for reviews (/cc)", Without: "/cc and /uncc are refused; or switch off the plugin assign",
	}, func(u uses) bool { return u.reviews && !u.pulls && !u.publishes }},
	{Need{
		Permission: "pull_requests", Level: "write", Title: "Pull requests",
		For: "opens the pull request with a report (report.pull), and asks for reviews (/cc)", Without: "/dd report pr, /cc and /uncc are refused",
	}, func(u uses) bool { return u.publishes && !u.pulls }},
	{Need{
		Permission: "pull_requests", Level: "write", Title: "Pull requests",
		For:     "looks after pull requests as it does after issues (lifecycle.pullRequests)",
		Without: "pull requests cannot be labelled or closed", Events: []string{"pull_request"},
	}, func(u uses) bool { return u.pulls }},
	{Need{
		Permission: "contents", Level: "read", Title: "Contents",
		For: "reads OWNERS, OWNERS_ALIASES and .github/ddbot.yaml", Without: "OWNERS is not read",
	}, func(u uses) bool { return u.files && !u.publishes }},
	{Need{
		Permission: "contents", Level: "write", Title: "Contents", // no Scope: that of issues covers it
		For:     "writes the report to a branch of its own (report.pull), reads OWNERS, OWNERS_ALIASES and .github/ddbot.yaml",
		Without: "/dd report pr is refused, and OWNERS is not read",
	}, func(u uses) bool { return u.publishes }},
	{Need{
		Permission: "members", Level: "read", Title: "Members", Organization: true, Scope: "read:org",
		For: "asks whether somebody is in a team that the configuration names", Without: "nobody is in a team",
	}, func(u uses) bool { return u.teams }},
	{Need{
		Permission: "metadata", Level: "read", Title: "Metadata",
		For:     "asks what somebody may do in a repository; GitHub gives it to every App",
		Without: "nobody's permission can be asked",
	}, func(u uses) bool { return u.anything }},
}

// Of gives what is needed for the settings of all places that a configuration knows.
func Of(all []*plugin.Settings, own Own) []Need {
	u := uses{files: own.File, teams: own.Teams}
	for _, s := range all {
		u.add(s)
	}
	var out []Need
	for _, row := range table {
		if u.anything && row.when(u) {
			out = append(out, row.Need)
		}
	}
	return out
}

// Events are the webhook events of all needs.
func Events(needs []Need) []string {
	var out []string
	for _, n := range needs {
		out = append(out, n.Events...)
	}
	return out
}

// byOwners are the roles that OWNERS can give.
func byOwners(r plugin.Role) bool { return r == plugin.Maintainer || r == plugin.Reviewer }

func (u *uses) add(s *plugin.Settings) {
	on := s.Catalog.Plugins
	u.anything = u.anything || len(on) > 0
	if len(on) == 0 {
		return
	}
	for _, c := range s.Catalog.Commands() {
		u.reviews = u.reviews || c.PullOnly
		// Who else may is for the command's own code to ask, which knows maintainers by OWNERS.
		u.files = u.files || c.WhoElse != "" || slices.ContainsFunc(c.Who, byOwners)
	}
	for _, p := range s.Roles {
		u.teams = u.teams || len(p.Teams) > 0
	}
	for _, rule := range s.Issues {
		for _, p := range rule.Roles {
			u.teams = u.teams || len(p.Teams) > 0
		}
	}
	for _, p := range on {
		options := s.Options[p.Name()]
		if pulls, ok := p.(plugin.Pulls); ok && pulls.Pulls(options) {
			u.pulls = true
		}
		if p, ok := options.(plugin.Publisher); ok && p.Publishes() {
			u.publishes = true
		}
		each(reflect.ValueOf(options), func(a plugin.Allowed) {
			u.teams = u.teams || len(a.Teams) > 0
			u.files = u.files || slices.ContainsFunc(a.Roles, byOwners)
		})
	}
}

var allowed = reflect.TypeFor[plugin.Allowed]()

// each calls f for everything in a plugin's options that says who may do something.
func each(v reflect.Value, f func(plugin.Allowed)) {
	if v.IsValid() && v.Type() == allowed {
		f(v.Interface().(plugin.Allowed))
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			each(v.Elem(), f)
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() {
				each(value, f)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			each(v.Index(i), f)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			each(v.MapIndex(key), f)
		}
	}
}

// NamesTeams tells whether a key of a configuration, as override.keys has them, can hold the name of a team.
func NamesTeams(key []string, plugins []plugin.Plugin) bool {
	switch {
	case key[0] == "roles" || key[0] == "issues":
		return true
	case key[0] != "plugins":
		return false
	}
	return slices.ContainsFunc(plugins, func(p plugin.Plugin) bool {
		c, ok := p.(plugin.Configurable)
		return ok && (len(key) == 1 || p.Name() == key[1]) && holds(reflect.TypeOf(c.Options()), 0)
	})
}

// holds tells whether a type has room for plugin.Allowed. Options are a few levels deep; a type that holds itself ends there.
func holds(t reflect.Type, depth int) bool {
	if t == allowed || depth > 8 {
		return t == allowed
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return holds(t.Elem(), depth+1)
	case reflect.Struct:
		for f := range t.Fields() {
			if holds(f.Type, depth+1) {
				return true
			}
		}
	}
	return false
}

// List names permissions for a sentence: "Issues: read and write, Contents: read".
func List(needs []Need) string {
	parts := make([]string, len(needs))
	for i, n := range needs {
		parts[i] = n.Title + ": " + n.Access()
	}
	return strings.Join(parts, ", ")
}
