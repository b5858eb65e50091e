package helpwanted

import (
	"fmt"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

// wordsOwnHelp tells who may have meant another command.
const wordsOwnHelp = "For my commands, comment `/dd help`."

func textArguments(a plugin.Args, way string) error {
	return plugin.Userf("%s: `/%s` takes no argument. Nothing was changed. %s", plan.Quote(a.Line), a.Name, way)
}

func textPull(a plugin.Args) error {
	return plugin.Userf("%s is for issues; this is a pull request.", plan.Quote(a.Line))
}

func textClosed(a plugin.Args) error {
	return plugin.Userf("%s is for open issues; this one is closed.", plan.Quote(a.Line))
}

func textMissing(labels []string, way string) error {
	return plugin.Userf("This repository has no label %s. Someone with write access can create it. %s", quoted(labels, "or"), way)
}

func textNotSet(labels []string) error {
	return plugin.Userf("This issue does not have %s.", quoted(labels, "or"))
}

func textGuidelines(address string) string {
	return fmt.Sprintf("Marked. Please check that the issue meets [these guidelines](%s); `/remove-help` removes the label.", address)
}

func quoted(names []string, word string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = plan.Quote(n)
	}
	return plugin.Join(q, word)
}
