package plugin

import (
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// Settings is what the configuration says for one repository.
type Settings struct {
	Catalog *Catalog       // the plugins that are on, with their commands
	Options map[string]any // by plugin name: pointers of the types that the plugins' Options methods give
	Roles   map[Role]People
	Issues  []IssueRule // more people, for single issues
	Tracked Tracked
	// Contacts are the names of the field in which a description names who speaks for the project.
	Contacts []string
	// Project lets the maintainers whom the project's own repositories name speak for it: .project/maintainers.yaml, else OWNERS.
	Project bool
	Bots    []string // logins of bots whose comments may carry commands
	// OtherCommands are words of other bots' commands, as patterns: they are never taken for mistyped ones of ddbot's.
	OtherCommands []string
}

// People says who is in a role, beyond what the role's name itself means.
type People struct {
	Users []string `yaml:"users,omitempty"` // logins
	Teams []string `yaml:"teams,omitempty"` // org/team
}

// IssueRule names people for the issues that it fits: a repository may hold the issues of many projects, and who may speak
// for one of them has no say about another's. A rule only adds people.
type IssueRule struct {
	Labels []string        `yaml:"labels,omitempty"` // globs: the issue has a label that matches one; empty is any issue
	Title  string          `yaml:"title,omitempty"`  // pattern for the whole title, see FitsTitle; empty is any
	Roles  map[Role]People `yaml:"roles"`
}

// Fits tells whether the rule is about the issue.
func (r IssueRule) Fits(s issue.Snapshot) bool {
	return (r.Title == "" || FitsTitle(r.Title, s.Title)) &&
		(len(r.Labels) == 0 || slices.ContainsFunc(s.Labels, func(l string) bool { return plan.MatchAny(r.Labels, l) }))
}

// FitsTitle tells whether a title fits a pattern, in which * stands for anything and all else for itself, in any letter case.
// It is no glob: titles of applications begin with "[Incubation]", which in a glob is one letter of these.
func FitsTitle(pattern, title string) bool {
	parts := strings.Split(strings.ToLower(pattern), "*")
	rest, ok := strings.CutPrefix(strings.ToLower(title), parts[0])
	if len(parts) == 1 || !ok {
		return ok && rest == ""
	}
	for _, p := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, p); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// Tracked says which issues ddbot looks after without being asked; it touches no others by itself.
type Tracked struct {
	Labels []string `yaml:"labels,omitempty"` // globs: an issue with one of them is tracked
	All    bool     `yaml:"all,omitempty"`    // every issue is, as an operator of Prow wants it
}

// DefaultTracked are the labels of promotion issues in cncf/toc and the like.
var DefaultTracked = Tracked{Labels: []string{"kind/dd", "dd/*"}}

// DefaultContacts are the names of that field in the templates of cncf/toc and the like.
var DefaultContacts = []string{
	"Project points of contacts", "Project points of contact", "Project point of contact", "Points of contact", "Point of contact", "Project contacts", "Contacts",
}

// DefaultSettings turns all plugins on with their defaults, as for a repository without any configuration.
func DefaultSettings(plugins []Plugin) *Settings {
	s := &Settings{Options: map[string]any{}, Tracked: DefaultTracked, Contacts: DefaultContacts}
	for _, p := range plugins {
		if c, ok := p.(Configurable); ok {
			s.Options[p.Name()] = c.Options()
		}
	}
	s.Catalog = NewCatalog(plugins, s.Options, "")
	return s
}
