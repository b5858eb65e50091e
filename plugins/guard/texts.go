package guard

import (
	"fmt"
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

func textWarn(in plugin.Input, c counts) string {
	return fmt.Sprintf("This is closed with %d of %d items done.%s\n\n%s%s", c.done, c.total, owners(in), goOn(in), what(in))
}

func textReopened(in plugin.Input, c counts) string {
	return fmt.Sprintf("I reopened this: it was closed with %d of %d items done.%s\n\n"+
		"If it is finished anyway, close it again: I will not reopen it a second time.%s",
		c.done, c.total, owners(in), what(in))
}

// owners names who looks after the issue, without a mention: they hear of the closing from GitHub already. Who closed it is
// spoken to, and needs no word about themselves.
func owners(in plugin.Input) string {
	var others []string
	for _, a := range in.Issue.Assignees {
		if !strings.EqualFold(a, in.Event.Sender.Login) {
			others = append(others, plan.Quote(a))
		}
	}
	author := in.Issue.Author
	switch {
	case len(others) > 0:
		return fmt.Sprintf(" Assignees: %s.", plugin.Join(others, "and"))
	case len(in.Issue.Assignees) > 0 || author == "" || strings.EqualFold(author, in.Event.Sender.Login):
		return ""
	}
	return fmt.Sprintf(" Nobody is assigned; the author is %s.", plan.Quote(author))
}

func goOn(in plugin.Input) string {
	way := "reopen it"
	if len(in.Catalog.Help("reopen")) > 0 {
		way = "comment `/reopen`"
	}
	return fmt.Sprintf("To continue, %s. Otherwise no action is needed.", way)
}

// what points to the list of open items, where there is one.
func what(in plugin.Input) string {
	if len(in.Catalog.Help("dd status")) == 0 {
		return ""
	}
	return " `/dd status` lists what is open."
}
