package dd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// ItemRule says of some items who may tick them, or when.
type ItemRule struct {
	// Match is a pattern for the items' texts: * stands for anything, letter case does not matter.
	Match string `yaml:"match,omitempty"`
	// Who are the roles that may tick and untick them; empty is who may anyway.
	Who []plugin.Role `yaml:"who,omitempty"`
	// OneOf are patterns: of the items that fit one of them, one is ticked at most.
	OneOf []string `yaml:"oneOf,omitempty"`
	// After is what must have happened: passed (the vote), or a value of the stage's label.
	After string `yaml:"after,omitempty"`
}

// Validate finds rules that say nothing.
func (o *Options) Validate() (errs []error) {
	for i, r := range o.Items {
		at := fmt.Sprintf("items[%d]", i)
		switch {
		case r.Match == "" && len(r.OneOf) == 0:
			errs = append(errs, plugin.FieldErrorf(at, "it needs match or oneOf"))
		case r.Match != "" && len(r.Who) == 0 && r.After == "":
			errs = append(errs, plugin.FieldErrorf(at, "it needs who or after beside match"))
		}
		for _, w := range r.Who {
			if !slices.Contains(plugin.Roles, w) {
				errs = append(errs, plugin.FieldErrorf(at+".who", "there is no role %q", w))
			}
		}
	}
	return errs
}

// tickers are all who may tick some item.
func (o *Options) tickers() []plugin.Role {
	out := slices.Clone(applicants)
	for _, r := range o.Items {
		for _, w := range r.Who {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// Bars implements plugin.ItemGuard.
func (Plugin) Bars(in plugin.Input, by event.User, list *checklist.List, item checklist.Item) (why string, err error) {
	if len(plugin.Options[Options](in).Items) == 0 {
		return "", nil
	}
	return barred(in, by, list, item, true, nil)
}

// barred tells why somebody may not set the box of an item, "" if they may. ticked are the items that are to be ticked with it.
func barred(in plugin.Input, by event.User, list *checklist.List, item checklist.Item, to bool, ticked []checklist.Item) (why string, err error) {
	who := applicants
	for _, r := range plugin.Options[Options](in).Items {
		if len(r.Who) > 0 && r.Match != "" && plugin.FitsTitle(r.Match, item.Text) {
			who = r.Who
		}
	}
	if ok, err := in.Can(by, who...); err != nil || !ok {
		return textBarredWho(in, who), err
	}
	for _, r := range plugin.Options[Options](in).Items {
		if r.Match != "" && plugin.FitsTitle(r.Match, item.Text) {
			if to && r.After != "" && !happened(in, r.After) {
				return textBarredAfter(r.After), nil
			}
		}
		if to && r.fits(item) {
			for _, other := range append(list.Items(), ticked...) {
				if other.Key != item.Key && r.fits(other) && (other.Checked || contains(ticked, other)) {
					return textBarredOne(other.Ref), nil
				}
			}
		}
	}
	return "", nil
}

func contains(list []checklist.Item, item checklist.Item) bool {
	return slices.ContainsFunc(list, func(i checklist.Item) bool { return i.Key == item.Key })
}

// fits tells whether an item is one of those of which one may be ticked.
func (r ItemRule) fits(item checklist.Item) bool {
	return slices.ContainsFunc(r.OneOf, func(p string) bool { return plugin.FitsTitle(p, item.Text) })
}

func happened(in plugin.Input, what string) bool {
	if what == "passed" {
		return diligence.VoteOf(in.Issue.Labels) == "passed"
	}
	return slices.ContainsFunc(in.Issue.Labels, func(l string) bool {
		return strings.HasSuffix(strings.ToLower(l), "/status/"+strings.ToLower(what))
	})
}

// allowed parts the items of a command into those that may be ticked by whom, and those that are left out, with the reason.
func allowed(in plugin.Input, a plugin.Args, list *checklist.List, matches []checklist.Match, to bool) (out []checklist.Match, left []string, err error) {
	if len(plugin.Options[Options](in).Items) == 0 {
		return matches, nil, nil
	}
	var ticked []checklist.Item
	some := false
	for _, m := range matches {
		may := m
		may.Items = nil
		for _, item := range m.Items {
			if item.Checked == to {
				may.Items, some = append(may.Items, item), true
				continue
			}
			why, err := barred(in, a.By, list, item, to, ticked)
			if err != nil {
				return nil, nil, err
			}
			if why != "" {
				left = append(left, fmt.Sprintf("`%s` (%s)", item.Ref, why))
				continue
			}
			ticked = append(ticked, item)
			may.Items, some = append(may.Items, item), true
		}
		out = append(out, may)
	}
	if !some && len(left) > 0 {
		return nil, nil, textAllBarred(a, left)
	}
	return out, left, nil
}
