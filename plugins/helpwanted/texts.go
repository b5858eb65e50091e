package helpwanted

import (
	"fmt"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

func textArguments(a plugin.Args) error {
	return plugin.Userf("%s: nothing goes after `/%s`. Nothing was changed.", plan.Quote(a.Line), a.Name)
}

func textPull(a plugin.Args) error {
	return plugin.Userf("%s is for issues; this is a pull request.", plan.Quote(a.Line))
}

func textClosed(a plugin.Args) error {
	return plugin.Userf("%s is for open issues; this one is closed.", plan.Quote(a.Line))
}

func textMissing(labels []string) error {
	return plugin.Userf("This repository has no label %s. Somebody who may make labels can add it.", quoted(labels, "or"))
}

func textNotSet(labels []string) error {
	return plugin.Userf("Not on this issue: %s.", quoted(labels, "and"))
}

func textGuidelines(address string) string {
	return fmt.Sprintf("Marked. Please see that the issue is as [people who want to help](%s) need it; `/remove-help` takes it back.", address)
}

func quoted(names []string, word string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = plan.Quote(n)
	}
	return plugin.Join(q, word)
}
