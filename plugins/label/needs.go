package label

import (
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// moment tells whether the helper labels may be out of step at an event without any command.
func moment(k event.Kind) bool {
	switch k.(type) {
	case event.Opened, event.Reopened, event.Labeled, event.Unlabeled:
		return true
	}
	return false
}

// Handle keeps the helper labels in step, however the other labels came or went. A comment that changes no label costs
// nothing.
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) {
	whole := moment(in.Event.Kind) // else a command has changed labels: of others nothing is new
	if !in.Tracked || !whole && slices.Equal(in.Before.Labels, in.Issue.Labels) {
		return nil, nil
	}
	var add, remove []string
	for _, n := range plugin.Options[Options](in).Needs {
		if !whole && !touched(in, n) {
			continue
		}
		missing := !carries(in.Issue, n)
		unsure, err := unsure(in, n)
		switch due := unsure || missing != in.Issue.HasLabel(n.Label); {
		case err != nil:
			return nil, err
		case due && missing:
			add = append(add, n.Label)
		case due:
			remove = append(remove, n.Label)
		}
	}
	if len(add) > 0 {
		all, err := in.Facts.Labels()
		if err != nil {
			return nil, err
		}
		// A helper label is never made. Where labels cannot be asked for, none is known.
		add = have(all, add)
	}
	return effects(in, add, remove), nil
}

func effects(in plugin.Input, add, remove []string) []plan.Effect {
	var out []plan.Effect
	if len(add) > 0 {
		out = append(out, plan.AddLabels{Labels: add})
	}
	if len(remove) > 0 {
		out = append(out, plan.RemoveLabels{Labels: remove})
	}
	for _, l := range append(add, remove...) {
		out = append(out, plan.Remember{Kind: changed(l), Data: []byte(in.Now.UTC().Format(time.RFC3339))})
	}
	return out
}

// changed is the kind of record that says when a helper label last came or went.
func changed(label string) string { return "label " + issue.FoldLabel(label) }

// late is longer than a payload may show the issue from before our own last write.
const late = 5 * time.Minute

// unsure tells whether the helper label may look older than it is, and the event is about its category: then what is so
// is said once more.
func unsure(in plugin.Input, n Need) (bool, error) {
	if !in.MayLag || !touched(in, n) {
		return false, nil
	}
	data, err := in.Facts.Record(changed(n.Label))
	at, bad := time.Parse(time.RFC3339, string(data))
	return bad == nil && in.Now.Sub(at) < late, err
}

// have gives the names that are labels, as the repository writes them.
func have(all, names []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(l string) bool { return !issue.HasLabel(names, l) })
}

func carries(s issue.Snapshot, n Need) bool {
	return slices.ContainsFunc(s.Labels, func(l string) bool { return plan.MatchAny(n.Of, l) })
}

// touched tells whether the event, or a command in it, was about a label of the need.
func touched(in plugin.Input, n Need) bool {
	of := func(labels []string) []string {
		return slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return !plan.MatchAny(n.Of, l) })
	}
	l, ok := in.Event.Label()
	return ok && plan.MatchAny(n.Of, l) || !slices.Equal(of(in.Before.Labels), of(in.Issue.Labels))
}
