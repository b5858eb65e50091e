package retitle

import (
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

func textClosed(a plugin.Args) error {
	return plugin.Userf("%s: only open issues can be retitled. Please reopen it first.", plan.Quote(a.Line))
}

func textNoTitle(a plugin.Args) error {
	return plugin.Userf("%s needs the new title after it, on the same line.", plan.Quote(a.Line))
}

func textTooLong(n int) error {
	return plugin.Userf("A title has at most %d characters on GitHub, and this one has %d. Please shorten it.", maxTitle, n)
}

func textSlash() error {
	return plugin.Userf("A title must not start with a slash: another bot could run it.")
}
