// Package milestone puts issues into milestones on behalf of people who may not do so on GitHub.
package milestone

import (
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns /milestone.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "milestone" }

// Help says what it is for.
func (Plugin) Help() string { return "Puts an issue into a milestone." }

// Options are the plugin's options.
type Options struct {
	// Who may set and clear the milestone. In Prow that is one team; name it under teams.
	Who plugin.Allowed `yaml:"who"`
}

// Options let maintainers set milestones.
func (Plugin) Options() any {
	return &Options{Who: plugin.Allowed{Roles: []plugin.Role{plugin.Maintainer, plugin.Staff}}}
}

// Validate finds people who cannot be.
func (o *Options) Validate() []error { return o.Who.Validate("who") }

// Handle does nothing without a command.
func (Plugin) Handle(plugin.Input) ([]plan.Effect, error) { return nil, nil }

// Commands is one.
func (Plugin) Commands(any) []plugin.Command {
	return []plugin.Command{{
		Name: "milestone", Usage: "/milestone TITLE|clear", Run: milestone,
		Who: []plugin.Role{plugin.Anyone}, WhoElse: "maintainers and staff, or as configured",
		Help:     "Puts the issue into an open milestone, or with `clear` into none.",
		Examples: []string{"/milestone v1.2", "/milestone clear"},
	}}
}

// clearing takes the milestone away.
const clearing = "clear"

func milestone(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	who := plugin.Options[Options](in).Who
	may, err := who.Has(in, a.By)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, textRefused(a, who.In(in))
	}
	if strings.EqualFold(plugin.Unquote(a.Rest), clearing) {
		return []plan.Effect{plan.Milestone{}}, nil
	}
	var known []fact.Milestone
	// A milestone that was made a minute ago is not in the cache.
	for _, ask := range []func() ([]fact.Milestone, error){in.Facts.Milestones, in.Facts.FreshMilestones} {
		if known, err = ask(); err != nil {
			return nil, err
		}
		titles := make([]string, len(known))
		for i, m := range known {
			titles[i] = m.Title
		}
		if title, ok := plugin.FindName(a.Rest, titles); ok {
			m := known[slices.Index(titles, title)]
			return []plan.Effect{plan.Milestone{Title: m.Title, Number: m.Number}}, nil
		}
	}
	return nil, textUnknown(a, plugin.Unquote(a.Rest), known)
}
