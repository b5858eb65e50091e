package milestone

import (
	"fmt"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

func textRefused(a plugin.Args, who plugin.Allowed) error {
	return plugin.Userf("%s is for %s here. Nothing was changed.", plan.Quote("/"+a.Name), who)
}

// most is how many milestones an answer lists.
const most = 12

func textUnknown(a plugin.Args, title string, known []fact.Milestone) error {
	s := fmt.Sprintf("There is no open milestone %s here.", plan.Quote(title))
	if title == "" {
		s = fmt.Sprintf("%s needs the title of a milestone, or `%s`.", plan.Quote(a.Line), clearing)
	}
	titles := make([]string, 0, len(known)+1)
	for _, m := range known {
		titles = append(titles, m.Title)
	}
	if near := plugin.Suggest(title, append(titles, clearing)); near != "" {
		return plugin.Userf("%s Did you mean %s?", s, plan.Quote(near))
	}
	if len(titles) == 0 {
		return plugin.Userf("This repository has no open milestones.")
	}
	more := ""
	if len(titles) > most {
		titles, more = titles[:most], " and others"
	}
	for i, t := range titles {
		titles[i] = plan.Quote(t)
	}
	return plugin.Userf("%s There are %s%s.", s, plugin.Join(titles, "and"), more)
}
