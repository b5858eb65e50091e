package guard

import (
	"fmt"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

func textWarn(in plugin.Input, c counts) string {
	return fmt.Sprintf("This is closed with %d of %d items done. %s\n\n%s%s", c.done, c.total, owners(in), goOn(in), what(in))
}

func textReopened(in plugin.Input, c counts) string {
	return fmt.Sprintf("I opened this again: it was closed with %d of %d items done. %s\n\n"+
		"If it is finished all the same, please close it once more: I will not reopen it a second time.%s",
		c.done, c.total, owners(in), what(in))
}

// owners names who looks after the issue, without a mention: they hear of the closing from GitHub already.
func owners(in plugin.Input) string {
	if len(in.Issue.Assignees) == 0 {
		return fmt.Sprintf("Nobody is assigned; %s filed it.", plan.Quote(in.Issue.Author))
	}
	quoted := make([]string, len(in.Issue.Assignees))
	for i, a := range in.Issue.Assignees {
		quoted[i] = plan.Quote(a)
	}
	return fmt.Sprintf("Owners: %s.", plugin.Join(quoted, "and"))
}

func goOn(in plugin.Input) string {
	way := "please reopen it"
	if len(in.Catalog.Help("reopen")) > 0 {
		way = "`/reopen` in a comment opens it again"
	}
	return fmt.Sprintf("If work goes on, %s; if this was meant, nothing is left to do.", way)
}

// what points to the list of open items, where there is one.
func what(in plugin.Input) string {
	if len(in.Catalog.Help("dd status")) == 0 {
		return ""
	}
	return " `/dd status` lists what is open."
}
