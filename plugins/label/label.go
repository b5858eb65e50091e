// Package label sets labels for people who may not set them on GitHub: by category (/kind, /area, …) or by name
// (/label), and keeps the needs-… labels in step with them.
package label

import (
	"errors"
	"fmt"
	"path"
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

// Options are the plugin's options.
type Options struct {
	// Exclusive are groups, as globs, of which an issue carries one label at most: setting one takes the others off.
	Exclusive []string `yaml:"exclusive"`
	// Restricted says, by glob, who may set and take off labels that not everybody may. Where several globs match a
	// label, any of them lets people in.
	Restricted map[string]Rule `yaml:"restricted"`
	// Additional are globs of labels outside the categories that everybody may set with /label and /remove-label.
	Additional []string `yaml:"additional"`
	// Labelers may set every label that is not restricted with /label and /remove-label.
	Labelers plugin.Allowed `yaml:"labelers"`
	// Needs are helper labels that say on a tracked issue what is missing. Those that the repository does not have
	// are left alone.
	Needs []Need `yaml:"needs"`
}

// Rule says who may set a label.
type Rule struct {
	plugin.Allowed `yaml:",inline"`
	// AddOnly leaves taking it off to everybody.
	AddOnly bool `yaml:"addOnly,omitempty"`
}

// Need is a helper label: it is on an issue as long as no label matches one of the globs.
type Need struct {
	Label string   `yaml:"label"`
	Of    []string `yaml:"of"`
}

// Options are those that suit cncf/toc and the projects of Kubernetes alike.
func (Plugin) Options() any {
	triagers := plugin.Allowed{Roles: []plugin.Role{plugin.Reviewer, plugin.Maintainer, plugin.Staff}}
	return &Options{
		Exclusive:  []string{"lifecycle/*"},
		Restricted: map[string]Rule{"triage/accepted": {Allowed: triagers, AddOnly: true}},
		Additional: []string{"lifecycle/*", "help wanted", "good first issue"},
		Labelers:   triagers,
		Needs: []Need{
			{"needs-kind", []string{"kind/*"}},
			{"needs-triage", []string{"triage/*"}},
			{"needs-priority", []string{"priority/*"}},
			{"needs-sig", []string{"sig/*", "committee/*", "wg/*"}},
			{"needs-group", []string{"toc", "tag/*", "sub/*"}},
		},
	}
}

// Validate finds globs that can match nothing, and people who cannot be.
func (o *Options) Validate() []error {
	var errs []error
	globs := append(append([]string{}, o.Exclusive...), o.Additional...)
	for glob, rule := range o.Restricted {
		globs = append(globs, glob)
		errs = append(errs, rule.Validate()...)
	}
	errs = append(errs, o.Labelers.Validate()...)
	for _, n := range o.Needs {
		globs = append(globs, n.Of...)
		if n.Label == "" || len(n.Of) == 0 {
			errs = append(errs, errors.New("needs: each entry has a `label` and, in `of`, the labels that make it go"))
		}
	}
	for _, glob := range globs {
		if _, err := path.Match(glob, ""); err != nil || glob == "" {
			errs = append(errs, fmt.Errorf("%q is not a pattern for labels: write for example priority/*", glob))
		}
	}
	return errs
}

// categories are the words that are commands and, with a slash, the beginning of labels.
var categories = []string{"area", "committee", "kind", "language", "priority", "sig", "triage", "wg"}

// Commands are four: by category and by name, on and off.
func (Plugin) Commands() []plugin.Command {
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
			Help:     "Takes labels of a category off.",
			Examples: []string{"/remove-kind bug"}, Run: unset(byCategory),
		},
		{
			Name: "label", Usage: "/label NAME, …", Who: anyone, WhoElse: "anyone for the configured labels, reviewers for all",
			Help:     "Sets labels by their whole names, if the repository has them.",
			Examples: []string{"/label good first issue"}, Run: set(byName),
		},
		{
			Name: "remove-label", Usage: "/remove-label NAME, …", Who: anyone, WhoElse: "anyone for the configured labels, reviewers for all",
			Help:     "Takes labels off by their whole names.",
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
		return found.with(labels, plan.AddLabels{Labels: labels, Exclusive: alone})
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
