// Package stage sets the labels that say how far a due diligence is: /dd/status in-voting and its sisters of cncf/toc.
// It knows labels only; what must be true before a stage may be entered is not its business.
package stage

import (
	"errors"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
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

// Commands are three, under the names of all groups. Which one was called tells the group.
func (Plugin) Commands(options any) []plugin.Command {
	o, ok := options.(*Options)
	if !ok {
		o = Plugin{}.Options().(*Options)
	}
	anyone, reviews := []plugin.Role{plugin.Anyone}, words[1:]
	var add, remove []string
	for _, w := range words {
		add, remove = append(add, "dd "+w), append(remove, "remove-dd "+w)
	}
	return []plugin.Command{
		{
			Name: add[0], Usage: "/dd/status VALUE", Who: anyone, WhoElse: whoElse, May: o.Who.Has, Tracks: true, Run: change(set),
			Takes:    o.Groups[words[0]].meant, // else it is a question about the checklist
			Help:     "Says how far the due diligence is; the labels of the reviews stay as they are.",
			Examples: []string{"/dd/status in-progress", "/dd status in-voting"},
		},
		{
			Name: add[1], Also: add[2:], Usage: "/dd/(" + strings.Join(reviews, "|") + ") VALUE", Who: anyone, WhoElse: whoElse, May: o.Who.Has,
			Tracks: true, Run: change(set),
			Help:     "Says what an application waits for, or how far the interviews or a review are.",
			Examples: []string{"/dd/triage needs-adopters", "/dd/adopters in-progress", "/dd/gov-review complete"},
		},
		{
			Name: remove[0], Also: remove[1:], Usage: "/remove-dd/(" + strings.Join(words, "|") + ") VALUE", Who: anyone, WhoElse: whoElse, May: o.Who.Has,
			Tracks: true, Run: change(unset),
			Help:     "Removes such a label.",
			Examples: []string{"/remove-dd/triage needs-adopters"},
		},
	}
}

const whoElse = "sponsors, staff and maintainers, or as configured"

// change is what both directions have in common: who may, and which values are meant.
func change(to func(plugin.Input, Group, []Value) ([]plan.Effect, error)) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		_, word, _ := strings.Cut(a.Name, " ")
		o := plugin.Options[Options](in)
		group, ok := o.Groups[word]
		if !ok {
			return nil, textNoGroup(a)
		}
		may, err := o.Who.Has(in, a.By)
		if err != nil {
			return nil, err
		}
		if !may {
			return nil, textRefused(a, o.Who.In(in))
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
	names := fields(a.Rest)
	for _, name := range names {
		i := slices.IndexFunc(g.Values, func(v Value) bool { return strings.EqualFold(v.Name, name) || issue.SameLabel(v.Label, name) })
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
		if !in.Issue.HasLabel(v.Label) && !in.MayLag {
			missing = append(missing, v.Label)
		}
	}
	if len(missing) > 0 {
		return []plan.Effect{plan.Stands{Effect: plan.RemoveLabels{Labels: missing}}}, textNotSet(missing)
	}
	return []plan.Effect{plan.RemoveLabels{Labels: labels}}, nil
}
