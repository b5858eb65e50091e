package label

import (
	"errors"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// reader finds the labels that a command's arguments name.
type reader func(in plugin.Input, a plugin.Args) ([]string, error)

// byCategory reads "bug feature" after /kind as kind/bug and kind/feature.
func byCategory(in plugin.Input, a plugin.Args) ([]string, error) {
	prefix := strings.TrimPrefix(a.Name, "remove-") + "/"
	var names []string
	for _, f := range plugin.Fields(a.Rest) {
		names = append(names, prefix+strings.TrimPrefix(issue.FoldLabel(f), prefix))
	}
	if len(names) > 0 {
		return names, nil
	}
	all, err := in.Facts.Labels()
	if err != nil {
		return nil, err
	}
	return nil, textNameMissing(a, matching(all, prefix+"*"))
}

// byName reads names of one word or several: a comma separates, and so do blanks where what stands between commas is
// not a label itself.
func byName(in plugin.Input, a plugin.Args) ([]string, error) {
	all, err := in.Facts.Labels()
	if err != nil {
		return nil, err
	}
	if name, ok := plugin.FindName(a.Rest, all); ok {
		return []string{name}, nil
	}
	isLabel := func(w string) bool { _, ok := plugin.FindName(w, all); return ok }
	var names []string
	for piece := range strings.SplitSeq(a.Rest, ",") {
		switch words := plugin.Fields(piece); {
		case len(words) == 0:
		case !isLabel(piece) && slices.ContainsFunc(words, isLabel):
			names = append(names, words...)
		default:
			names = append(names, plugin.Unquote(piece))
		}
	}
	if len(names) == 0 {
		return nil, textNameMissing(a, nil)
	}
	return names, nil
}

// choose gives the labels that the command may set or take off, as the repository writes them, and notes what is wrong
// with the others.
func choose(in plugin.Input, a plugin.Args, read reader, on bool) ([]string, *problems, error) {
	names, err := read(in, a)
	if err != nil {
		return nil, nil, err
	}
	var labels []string
	found := &problems{}
	var unknown []error
	for _, name := range names {
		label, ok, err := find(in, name, on)
		if err != nil {
			unknown = append(unknown, err)
			continue
		}
		if !ok {
			all, err := in.Facts.Labels()
			found.missing(name, all)
			unknown = append(unknown, err)
			continue
		}
		who, may, err := allowed(in, a, label, on)
		switch {
		case err != nil:
			unknown = append(unknown, err)
		case !may:
			found.forbid(label, who.In(in))
		case !on && !in.Issue.HasLabel(label) && !in.MayLag:
			found.absent = append(found.absent, label)
		case !issue.HasLabel(labels, label):
			labels = append(labels, label)
		}
	}
	return labels, found, errors.Join(unknown...)
}

// find gives the label as it is written. One that is to go and is on the issue needs no look-up.
func find(in plugin.Input, name string, on bool) (label string, ok bool, err error) {
	if label, ok := plugin.FindName(name, in.Issue.Labels); ok && !on {
		return label, true, nil
	}
	all, err := in.Facts.Labels()
	if err != nil {
		return "", false, err
	}
	if label, ok := plugin.FindName(name, all); ok {
		return label, true, nil
	}
	return in.Facts.Label(name)
}

// allowed tells whether the person may set or take off the label, and who may.
func allowed(in plugin.Input, a plugin.Args, label string, on bool) (who plugin.Allowed, may bool, err error) {
	o := plugin.Options[Options](in)
	who, restricted := o.restriction(label, on)
	if !restricted {
		category, _, _ := strings.Cut(issue.FoldLabel(label), "/")
		if !strings.HasSuffix(a.Name, "label") || slices.Contains(categories, category) || plan.MatchAny(o.Additional, label) {
			return who, true, nil
		}
		who = o.Labelers
	}
	may, err = who.Has(in, a.By)
	return who, may, err
}

func matching(labels []string, glob string) []string {
	return slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return !plan.Match(glob, l) })
}

func without(labels, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return slices.Contains(drop, l) })
}
