package evidence

import (
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin; those about single items are pkg/evidence's.

func textAgain(next time.Time) error {
	return plugin.Userf("This was checked a few minutes ago. `/dd check` looks again after %s; `/dd check ITEM` looks at one item now.",
		next.UTC().Format("15:04 MST"))
}

func textUnreadable(err error) error {
	return plugin.Userf("I cannot work on this description: %s", plan.Neutral(err.Error()))
}

func textNoItem(a plugin.Args) error {
	return plugin.Userf("%s: I can't find that item. `/dd items` lists them; `/dd check` looks at all.", plan.Quote(a.Line))
}

func textNoList() error {
	return plugin.Userf("There is no checklist in this description that could be checked.")
}

func textNoProject() error {
	return plugin.Userf("I can't tell which project this is about: the description names no repository. A line \"Project repo: https://github.com/…\" in it is enough.")
}

func textNotNow(why string) error {
	return plugin.Userf("I could not look at the project's repositories: %s. Please try again later.", plan.Neutral(why))
}

// textFolded keeps a long answer out of the way of who reads on.
func textFolded(comment string) string {
	return "<details><summary>What a program found in the project's repositories</summary>\n\n" + comment + "\n\n</details>"
}

func textItems(results []evidence.Result, facts *evidence.Facts) string {
	return "This is what a program sees in the project's repositories:\n\n" + evidence.Entries(results, facts)
}
