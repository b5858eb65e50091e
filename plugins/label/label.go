// Package label sets labels for people who may not set them on GitHub: by category (/kind, /area, …) or by name
// (/label), and keeps the needs-… labels in step with them.
package label

import (
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns the commands of the categories, /label, and those that take labels off again.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "label" }

// Help says what it is for.
func (Plugin) Help() string {
	return "Sets labels that the repository has, and keeps labels like `needs-kind` in step with them."
}

// categories are the words that are commands and, with a slash, the beginning of labels.
var categories = []string{"area", "committee", "kind", "language", "priority", "sig", "triage", "wg"}

// Commands are four: by category and by name, on and off.
func (Plugin) Commands(any) []plugin.Command {
	anyone := []plugin.Role{plugin.Anyone}
	var off []string
	for _, c := range categories {
		off = append(off, "remove-"+c)
	}
	list := strings.Join(categories, "|")
	return []plugin.Command{
		{
			Name: categories[0], Also: categories[1:], Usage: "/(" + list + ") NAME…", Who: anyone, WhoElse: "anyone; restricted labels as configured",
			Help:     "Sets labels of a category, such as `kind/bug`, if the repository has them.",
			Examples: []string{"/kind bug", "/area api docs"}, Run: set(byCategory),
		},
		{
			Name: off[0], Also: off[1:], Usage: "/remove-(" + list + ") NAME…", Who: anyone, WhoElse: "anyone; restricted labels as configured",
			Help:     "Removes labels of a category.",
			Examples: []string{"/remove-kind bug"}, Run: unset(byCategory),
		},
		{
			Name: "label", Usage: "/label NAME, …", Who: anyone, WhoElse: "anyone for the configured labels, reviewers for all",
			Help:     "Sets labels by their whole names, if the repository has them.",
			Examples: []string{"/label good first issue"}, Run: set(byName),
		},
		{
			Name: "remove-label", Usage: "/remove-label NAME, …", Who: anyone, WhoElse: "anyone for the configured labels, reviewers for all",
			Help:     "Removes labels by their whole names.",
			Examples: []string{"/remove-label lifecycle/stale"}, Run: unset(byName),
		},
	}
}

func set(read reader) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		labels, found, err := choose(in, a, read, true)
		if err != nil {
			return nil, err
		}
		var alone []string
		for _, glob := range plugin.Options[Options](in).Exclusive {
			group := matching(labels, glob)
			if len(group) > 1 {
				found.clash(group)
				labels = without(labels, group)
			} else if len(group) == 1 {
				alone = append(alone, glob)
			}
		}
		labels, err = neighbours(in, a, labels, alone, found)
		if err != nil {
			return nil, err
		}
		spare, err := Plugin{}.Spares(in, a.By, alone)
		if err != nil {
			return nil, err
		}
		return found.with(labels, plan.AddLabels{Labels: labels, Exclusive: alone, Spare: spare})
	}
}

func unset(read reader) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		labels, found, err := choose(in, a, read, false)
		if err != nil {
			return nil, err
		}
		return found.with(labels, plan.RemoveLabels{Labels: labels})
	}
}
