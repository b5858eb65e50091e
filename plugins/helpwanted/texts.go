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
	return fmt.Sprintf("Marked. Please check that the issue meets [these guidelines](%s); `/remove-help` takes the label off.", address)
}

func quoted(names []string, word string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = plan.Quote(n)
	}
	return plugin.Join(q, word)
}
