// Package stage sets the labels that say how far a due diligence is: /dd/status in-voting and its sisters of cncf/toc.
// It knows labels only; what must be true before a stage may be entered is not its business.
package stage

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns /dd status VALUE and its sisters, and /remove-dd.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "stage" }

// Help says what it is for.
func (Plugin) Help() string {
	return "Sets the labels that say how far a due diligence and its reviews are."
}

// Handle does nothing: a stage changes by command only.
func (Plugin) Handle(plugin.Input) ([]plan.Effect, error) { return nil, nil }

// Options are the plugin's options.
type Options struct {
	// Who may set and take off these labels.
	Who plugin.Allowed `yaml:"who"`
	// Groups are the labels of each command, by its word: status, triage, adopters, gov-review, tech-review, sec-review.
	Groups map[string]Group `yaml:"groups"`
}

// Group is what one command sets.
type Group struct {
	// Clears are globs of labels that go when any value of the group is set: the group's own labels where an issue
	// carries one of them at most.
	Clears []string `yaml:"clears,omitempty"`
	// Values are what the command takes.
	Values []Value `yaml:"values"`
}

// Value is one argument, the label that it sets, and globs of labels that go when it is set.
type Value struct {
	Name   string   `yaml:"name"`
	Label  string   `yaml:"label"`
	Clears []string `yaml:"clears,omitempty"`
}

// words are the commands, in the order in which help shows them.
var words = []string{"status", "triage", "adopters", "gov-review", "tech-review", "sec-review"}

// Options are the labels of cncf/toc (its labels.yaml). A status leaves the labels of the reviews alone; the reasons
// for waiting in triage end when the application is ready for assignment.
func (Plugin) Options() any {
	status := one("status", "ready-for-assignment", "in-progress", "in-comment-period", "in-voting", "complete", "waiting")
	status.Values[0].Clears = []string{"dd/triage/*", "dd/needs-triage"}
	triage := Group{
		Clears: []string{"dd/needs-triage"},
		Values: append(values("triage", "needs-adopters", "needs-more-information", "needs-security-assessment"),
			Value{Name: "needs-triage", Label: "dd/needs-triage", Clears: []string{"dd/triage/*"}}),
	}
	groups := map[string]Group{"status": status, "triage": triage}
	for _, review := range words[2:] {
		groups[review] = one(review, "not-started", "in-progress", "complete")
	}
	return &Options{
		Who:    plugin.Allowed{Roles: []plugin.Role{plugin.Sponsor, plugin.Staff, plugin.Maintainer}},
		Groups: groups,
	}
}

// one is a group of which an issue carries one label at most.
func one(word string, names ...string) Group {
	return Group{Clears: []string{"dd/" + word + "/*"}, Values: values(word, names...)}
}

func values(word string, names ...string) []Value {
	out := make([]Value, len(names))
	for i, n := range names {
		out[i] = Value{Name: n, Label: "dd/" + word + "/" + n}
	}
	return out
}

// Validate finds groups without a command, values without a label and globs that match nothing.
func (o *Options) Validate() []error {
	errs := o.Who.Validate()
	for _, word := range slices.Sorted(maps.Keys(o.Groups)) {
		g := o.Groups[word]
		if !slices.Contains(words, word) {
			errs = append(errs, fmt.Errorf("groups: there is no command /dd %s; there are %s", word, strings.Join(words, ", ")))
		}
		if len(g.Values) == 0 {
			errs = append(errs, fmt.Errorf("groups: %s has no values", word))
		}
		globs := g.Clears
		for _, v := range g.Values {
			globs = append(slices.Clip(globs), v.Clears...)
			if v.Name == "" || v.Label == "" || strings.ContainsAny(v.Name, " \t") {
				errs = append(errs, fmt.Errorf("groups: a value of %s needs a name of one word and a label", word))
			}
		}
		for _, glob := range globs {
			if _, err := path.Match(glob, ""); err != nil || glob == "" {
				errs = append(errs, fmt.Errorf("groups: %q is not a pattern for labels", glob))
			}
		}
	}
	return errs
}

// Commands are two for each group.
func (Plugin) Commands() []plugin.Command {
	var cmds []plugin.Command
	for _, word := range words {
		add := plugin.Command{
			Name: "dd " + word, Usage: "/dd/" + word + " VALUE", Who: []plugin.Role{plugin.Anyone}, WhoElse: whoElse,
			Help: "Sets the label that says so, if it is one of the group's.", Examples: []string{examples[word]},
			Tracks: true, Run: change(word, set),
		}
		if word == "status" {
			add.Takes = func(rest string) bool { return rest != "" } // without an argument it is a question
		}
		remove := plugin.Command{
			Name: "remove-dd " + word, Usage: "/remove-dd/" + word + " VALUE", Who: []plugin.Role{plugin.Anyone}, WhoElse: whoElse,
			Help: "Takes that label off.", Tracks: true, Run: change(word, unset),
		}
		cmds = append(cmds, add, remove)
	}
	return cmds
}

const whoElse = "sponsors, staff and maintainers, or as configured"

var examples = map[string]string{
	"status": "/dd/status in-voting", "triage": "/dd/triage needs-adopters", "adopters": "/dd/adopters in-progress",
	"gov-review": "/dd/gov-review complete", "tech-review": "/dd/tech-review complete", "sec-review": "/dd/sec-review not-started",
}

// change is what both directions have in common: who may, and which values are meant.
func change(word string, to func(plugin.Input, Group, []Value) ([]plan.Effect, error)) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		o := plugin.Options[Options](in)
		group, ok := o.Groups[word]
		if !ok {
			return nil, textNoGroup(a)
		}
		may, err := o.Who.Has(in, a.By.Login)
		if err != nil {
			return nil, err
		}
		if !may {
			return nil, textRefused(a, o.Who)
		}
		chosen, err := choose(in, a, word, group)
		if err != nil {
			return nil, err
		}
		return to(in, group, chosen)
	}
}

// choose finds the values that are meant, with their labels as the repository writes them: all of them or an error.
func choose(in plugin.Input, a plugin.Args, word string, g Group) ([]Value, error) {
	var chosen []Value
	var wrong, absent []string
	var unknown []error
	names := strings.FieldsFunc(a.Rest, func(r rune) bool { return strings.ContainsRune(" \t\u00a0,", r) })
	for _, name := range names {
		i := slices.IndexFunc(g.Values, func(v Value) bool { return strings.EqualFold(v.Name, name) || strings.EqualFold(v.Label, name) })
		if i < 0 {
			wrong = append(wrong, name)
			continue
		}
		v := g.Values[i]
		label, ok, err := in.Facts.Label(v.Label)
		if !ok {
			absent = append(absent, v.Label)
		}
		unknown = append(unknown, err)
		v.Label = label
		chosen = append(chosen, v)
	}
	if err := errors.Join(unknown...); err != nil {
		return nil, err
	}
	if len(names) == 0 || len(wrong)+len(absent) > 0 {
		return nil, textValues(a, word, g, wrong, absent)
	}
	return chosen, nil
}

func set(_ plugin.Input, g Group, chosen []Value) ([]plan.Effect, error) {
	add := plan.AddLabels{Exclusive: slices.Clone(g.Clears)}
	for _, v := range chosen {
		add.Exclusive = append(add.Exclusive, v.Clears...)
		add.Labels = append(add.Labels, v.Label)
	}
	for _, v := range chosen {
		// One of them makes another go: they cannot be meant together.
		if len(chosen) > 1 && plan.MatchAny(add.Exclusive, v.Label) {
			return nil, textClash(chosen)
		}
	}
	return []plan.Effect{add}, nil
}

func unset(in plugin.Input, _ Group, chosen []Value) ([]plan.Effect, error) {
	var labels, missing []string
	for _, v := range chosen {
		labels = append(labels, v.Label)
		if !in.Issue.HasLabel(v.Label) && !in.Doubtful {
			missing = append(missing, v.Label)
		}
	}
	if len(missing) > 0 {
		return nil, textNotSet(missing)
	}
	return []plan.Effect{plan.RemoveLabels{Labels: labels}}, nil
}
