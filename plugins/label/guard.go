package label

import (
	"errors"
	"maps"
	"slices"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// restriction gives who may set a restricted label, or take it off; on is false for a label that is not restricted.
func (o *Options) restriction(label string, on bool) (who plugin.Allowed, restricted bool) {
	for _, glob := range slices.Sorted(maps.Keys(o.Restricted)) {
		rule := o.Restricted[glob]
		if !plan.Match(glob, label) || rule.AddOnly && !on {
			continue
		}
		restricted = true
		who.Roles = append(who.Roles, rule.Roles...)
		who.Teams = append(who.Teams, rule.Teams...)
		who.Users = append(who.Users, rule.Users...)
	}
	return who, restricted
}

// Keeps is plugin.Guard's: the restricted labels are restricted for all commands.
func (Plugin) Keeps(in plugin.Input, by event.User, label string, on bool) (kept bool, who plugin.Allowed, err error) {
	who, restricted := plugin.Options[Options](in).restriction(label, on)
	if !restricted {
		return false, who, nil
	}
	may, err := who.Has(in, by)
	return !may, who.In(in), err
}

// Spares is plugin.Guard's. A payload may be older than a restricted label: what is found only when labels are sent is
// decided by globs. Two globs are taken to overlap where one matches the other, read as a label.
func (p Plugin) Spares(in plugin.Input, by event.User, exclusive []string) ([]string, error) {
	var spare []string
	var errs []error
	o := plugin.Options[Options](in)
	for _, glob := range slices.Sorted(maps.Keys(o.Restricted)) {
		overlaps := slices.ContainsFunc(exclusive, func(e string) bool { return plan.Match(e, glob) || plan.Match(glob, e) })
		if !overlaps || o.Restricted[glob].AddOnly {
			continue
		}
		may, err := o.Restricted[glob].Has(in, by)
		errs = append(errs, err)
		if !may {
			spare = append(spare, glob)
		}
	}
	return spare, errors.Join(errs...)
}

// neighbours leaves out the labels that would make another one go that is not for this person, and notes them.
func neighbours(in plugin.Input, a plugin.Args, labels, alone []string, found *problems) ([]string, error) {
	var errs []error
	var out []string
	for _, glob := range alone {
		for _, goes := range matching(in.Issue.Labels, glob) {
			if issue.HasLabel(labels, goes) {
				continue
			}
			kept, who, err := Plugin{}.Keeps(in, a.By, goes, false)
			errs = append(errs, err)
			if kept {
				group := matching(labels, glob)
				found.others = append(found.others, plugin.TextNeighbour(true, group[0], goes, who.In(in)).Error())
				out = append(out, group...)
			}
		}
	}
	return without(labels, out), errors.Join(errs...)
}
