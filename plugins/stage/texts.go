package stage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

func textNoGroup(a plugin.Args) error {
	return plugin.Userf("%s does nothing in this repository: no labels are configured for it.", plan.Quote(a.Line))
}

func textRefused(a plugin.Args, who plugin.Allowed) error {
	return plugin.Userf("%s sets due-diligence labels; only %s may do that here. Nothing was changed.", plan.Quote(a.Line), who)
}

// textValues tells all that is wrong with the values of a command.
func textValues(a plugin.Args, word string, g Group, wrong, absent []string) error {
	names := make([]string, len(g.Values))
	for i, v := range g.Values {
		names[i] = v.Name
	}
	var s []string
	list := len(wrong)+len(absent) == 0
	if list {
		s = append(s, plan.Quote(a.Line)+" needs a value.")
	}
	if joined := strings.Join(wrong, "-"); slices.Contains(names, strings.ToLower(joined)) {
		wrong = []string{strings.Join(wrong, " ")} // "in voting": its blank is a dash
	}
	for _, w := range wrong {
		text := fmt.Sprintf("%s is not a value of `/dd/%s`.", plan.Quote(w), word)
		if near := plugin.Suggest(strings.ReplaceAll(w, " ", "-"), names); near != "" {
			text += fmt.Sprintf(" Did you mean %s?", plan.Quote(near))
		} else {
			list = true
		}
		s = append(s, text)
	}
	if len(absent) > 0 {
		s = append(s, fmt.Sprintf("This repository has no label %s.", quoted(absent, "or")))
	}
	if list {
		s = append(s, fmt.Sprintf("Choose one of %s.", quoted(names, "or")))
	}
	return plugin.Userf("%s Nothing was changed.", strings.Join(s, " "))
}

func textClash(chosen []Value) error {
	names := make([]string, len(chosen))
	for i, v := range chosen {
		names[i] = v.Name
	}
	return plugin.Userf("Only one of %s can be true at a time: please choose. Nothing was changed.", quoted(names, "and"))
}

func textNotSet(labels []string) error {
	return plugin.Userf("This issue does not have %s. Nothing was changed.", quoted(labels, "or"))
}

func quoted(names []string, word string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = plan.Quote(n)
	}
	return plugin.Join(q, word)
}
