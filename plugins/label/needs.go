package label

import (
	"slices"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// moments are the events at which the helper labels may be out of step without any command.
var moments = []event.Kind{event.Opened, event.Reopened, event.Labeled, event.Unlabeled}

// Handle keeps the helper labels in step, however the other labels came or went. A comment that changes no label costs
// nothing.
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !in.Tracked || !slices.Contains(moments, in.Event.Kind) && slices.Equal(in.Before.Labels, in.Issue.Labels) {
		return nil, nil
	}
	var add, remove []string
	for _, n := range plugin.Options[Options](in).Needs {
		missing := !carries(in.Issue, n)
		// Where the issue may look older than it is, what this event was about is said once more.
		due := missing != in.Issue.HasLabel(n.Label) || in.Doubtful && touched(in, n)
		switch {
		case due && missing:
			add = append(add, n.Label)
		case due:
			remove = append(remove, n.Label)
		}
	}
	var effects []plan.Effect
	if len(add) > 0 {
		all, err := in.Facts.Labels()
		if err != nil {
			return nil, err
		}
		// A helper label is never made. Where labels cannot be asked for (fact.Everything), none is known.
		if add = have(all, add); len(add) > 0 {
			effects = append(effects, plan.AddLabels{Labels: add})
		}
	}
	if len(remove) > 0 {
		effects = append(effects, plan.RemoveLabels{Labels: remove})
	}
	return effects, nil
}

// have gives the names that are labels, as the repository writes them.
func have(all, names []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(l string) bool { return l == fact.Everything || !containsFold(names, l) })
}

func carries(s issue.Snapshot, n Need) bool {
	return slices.ContainsFunc(s.Labels, func(l string) bool { return plan.MatchAny(n.Of, l) })
}

// touched tells whether the event, or a command in it, was about a label of the need.
func touched(in plugin.Input, n Need) bool {
	if in.Event.Label != "" && plan.MatchAny(n.Of, in.Event.Label) {
		return true
	}
	return carries(in.Before, n) != carries(in.Issue, n)
}
