package plugin

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// Guard is a plugin that keeps labels for some people, whichever plugin's command puts them on or takes them off. A command
// with rights of its own (Command.WhoElse of the stages) need not ask.
type Guard interface {
	// Keeps tells whether a label is kept for others: by may not put it on or take it off. who may.
	Keeps(in Input, by event.User, label string, on bool) (kept bool, who Allowed, err error)
	// Spares gives, as globs, what by may not take off of the labels that those exclusive globs take off.
	Spares(in Input, by event.User, exclusive []string) (globs []string, err error)
}

// ItemGuard is a plugin that keeps items of the checklist for some people, or until something has happened, whichever plugin ticks them.
type ItemGuard interface {
	// Bars tells why an item may not be ticked with the rights of by, "" if it may.
	Bars(in Input, by event.User, list *checklist.List, item checklist.Item) (why string, err error)
}

// Bars tells why an item may not be ticked with somebody's rights, "" if it may.
func (in Input) Bars(by event.User, list *checklist.List, item checklist.Item) (why string, err error) {
	if in.ItemGuard == nil {
		return "", nil
	}
	keeper, own := in.ItemGuard()
	return keeper.Bars(own, by, list, item)
}

// Set is the effect of somebody's putting labels on, each alone among those that match the exclusive globs. The error is the
// person's where a label, or one that would have to go, is kept for others.
func (in Input) Set(by event.User, labels, exclusive []string) ([]plan.Effect, error) {
	add := plan.AddLabels{Labels: labels, Exclusive: exclusive}
	if in.Guard == nil {
		return []plan.Effect{add}, nil
	}
	g, own := in.Guard()
	var errs []error
	for _, l := range labels {
		if !in.Issue.HasLabel(l) || in.MayLag {
			kept, who, err := g.Keeps(own, by, l, true)
			errs = append(errs, err, textKept(kept, l, who))
		}
	}
	for _, l := range in.Issue.Labels {
		if plan.MatchAny(exclusive, l) && !issue.HasLabel(labels, l) {
			kept, who, err := g.Keeps(own, by, l, false)
			errs = append(errs, err, TextNeighbour(kept, labels[0], l, who))
		}
	}
	spare, err := g.Spares(own, by, exclusive)
	add.Spare = spare
	return unless(add, append(errs, err))
}

// Unset is the effect of somebody's taking labels off.
func (in Input) Unset(by event.User, labels []string) ([]plan.Effect, error) {
	remove := plan.RemoveLabels{Labels: labels}
	if in.Guard == nil {
		return []plan.Effect{remove}, nil
	}
	g, own := in.Guard()
	var errs []error
	for _, l := range labels {
		kept, who, err := g.Keeps(own, by, l, false)
		errs = append(errs, err, textKept(kept, l, who))
	}
	return unless(remove, errs)
}

// unless gives the effect if nothing is in its way. What is not known yet is joined, so that it is asked for together; else it
// is the first refusal that counts.
func unless(e plan.Effect, errs []error) ([]plan.Effect, error) {
	var ours []error
	var refusal error
	for _, err := range errs {
		if _, ok := errors.AsType[*UserError](err); !ok {
			ours = append(ours, err)
		} else if refusal == nil {
			refusal = err
		}
	}
	if err := cmp.Or(errors.Join(ours...), refusal); err != nil {
		return nil, err
	}
	return []plan.Effect{e}, nil
}

func textKept(kept bool, label string, who Allowed) error {
	if !kept {
		return nil
	}
	return Userf("%s is for %s here.", plan.Quote(label), who)
}

// TextNeighbour says why a label cannot be put on: it would make another one go.
func TextNeighbour(kept bool, label, goes string, who Allowed) error {
	if !kept {
		return nil
	}
	return Userf("%s", fmt.Sprintf("%s would remove %s, which is for %s here.", plan.Quote(label), plan.Quote(goes), who))
}

// ItemGuardOf finds the plugin that keeps items, nil if there is none.
func (c *Catalog) ItemGuardOf() Plugin {
	i := slices.IndexFunc(c.Plugins, func(p Plugin) bool { _, ok := p.(ItemGuard); return ok })
	if i < 0 {
		return nil
	}
	return c.Plugins[i]
}

// GuardOf finds the plugin that keeps labels, nil if there is none.
func (c *Catalog) GuardOf() Plugin {
	i := slices.IndexFunc(c.Plugins, func(p Plugin) bool { _, ok := p.(Guard); return ok })
	if i < 0 {
		return nil
	}
	return c.Plugins[i]
}
