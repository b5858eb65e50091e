// Package stage sets the labels that say how far a due diligence is: /dd/status in-voting and its sisters of cncf/toc.
// It knows labels only; what must be true before a stage may be entered is not its business.
package stage

import (
	"errors"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/event"
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

// Handle repairs what another bot breaks: where it puts a second label of a group on of which an issue carries one, that label goes
// again. People's labels stay as they are, and how often this is done has a bound (package decide).
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) {
	on, ok := in.Event.Kind.(event.Labeled)
	if !ok || in.Event.ByHuman() || !in.Tracked || !in.Issue.HasLabel(on.Label) {
		return nil, nil
	}
	for _, g := range plugin.Options[Options](in).Groups {
		own := func(l string) bool {
			return slices.ContainsFunc(g.Values, func(v Value) bool { return issue.SameLabel(v.Label, l) })
		}
		beside := slices.ContainsFunc(in.Issue.Labels, func(l string) bool {
			return !issue.SameLabel(l, on.Label) && own(l) && plan.MatchAny(g.Clears, l)
		})
		if own(on.Label) && beside {
			return []plan.Effect{plan.RemoveLabels{Labels: []string{on.Label}}}, nil
		}
	}
	return nil, nil
}

// Commands are set and unset, under the names of all groups. Which one was called tells the group. "status" is a question about
// the checklist, too, if what follows is no value of it, so it comes by itself.
func (Plugin) Commands(options any) []plugin.Command {
	o, ok := options.(*Options)
	if !ok {
		o = Plugin{}.Options().(*Options)
	}
	words := o.words()
	if len(words) == 0 {
		return nil
	}
	asks := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w != question })
	others := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == question })
	out := slices.Concat(o.setting(asks, "Says how far the due diligence is; the labels of the reviews stay as they are.", 2),
		o.setting(others, "Says what an application waits for, or how far the interviews or a review are.", 3))
	for i, w := range asks {
		out[i].Takes = o.Groups[w].meant
	}
	remove := o.command("remove-dd", words, "Removes such a label.", unset)
	return append(out, remove)
}

// question is the group whose word alone asks for the state of the checklist.
const question = "status"

// setting is the command that sets the labels of groups; nil for no group. Of so many groups it shows an example.
func (o *Options) setting(words []string, help string, examples int) []plugin.Command {
	if len(words) == 0 {
		return nil
	}
	c := o.command("dd", words, help, set)
	c.Examples = nil
	for i := range examples {
		w := words[min(i, len(words)-1)]
		values := o.Groups[w].Values
		e := "/dd/" + w + " " + values[min(i, len(values)-1)].Name
		if i == 1 {
			e = "/dd " + w + " " + values[min(i, len(values)-1)].Name // both forms can be written
		}
		if !slices.Contains(c.Examples, e) {
			c.Examples = append(c.Examples, e)
		}
	}
	return []plugin.Command{c}
}

func (o *Options) command(family string, words []string, help string, to func(plugin.Input, Group, []Value) ([]plan.Effect, error)) plugin.Command {
	c := plugin.Command{
		Name: family + " " + words[0], Usage: "/" + family + "/" + words[0] + " VALUE", Help: help, Who: []plugin.Role{plugin.Anyone}, WhoElse: whoElse,
		May: o.Who.Has, Tracks: true, Run: change(to),
	}
	for _, w := range words[1:] {
		c.Also = append(c.Also, family+" "+w)
	}
	if len(words) > 1 {
		c.Usage = "/" + family + "/(" + strings.Join(words, "|") + ") VALUE"
	}
	g := o.Groups[words[len(words)-1]]
	c.Examples = []string{"/" + family + "/" + words[len(words)-1] + " " + g.Values[0].Name}
	return c
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
