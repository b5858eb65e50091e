package example

import (
	"fmt"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

func textWhich() error {
	return plugin.Userf("Which item? Name one (`/dd example governance.2`), or give words of it in quotes (`/dd example \"public roadmap\"`).")
}

// textOne asks who named several for one of them.
func textOne(found []checklist.Match) error {
	var refs []string
	for _, m := range found {
		for _, it := range m.Items {
			refs = append(refs, "`"+it.Ref+"`")
		}
	}
	const most = 8
	more := ""
	if len(refs) > most {
		refs, more = refs[:most], fmt.Sprintf(" and %d more", len(refs)-most)
	}
	return plugin.Userf("One item at a time, please: %s%s.", strings.Join(refs, ", "), more)
}

func textNone(text string, near []string) error {
	if len(near) == 0 {
		return plugin.Userf("No published due-diligence document has an item like %s. `ddbot example` on a command line lists all that are known.", plan.Quote(text))
	}
	return plugin.Userf("No published due-diligence document has an item like %s. Near are: %s.", plan.Quote(text), strings.Join(near, "; "))
}
