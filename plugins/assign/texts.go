package assign

import (
	"fmt"
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin. A text about nobody is empty.

func about(names []string, one, many string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(one, plan.Quote(names[0]))
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = plan.Quote(n)
	}
	return fmt.Sprintf(many, plugin.Join(quoted, "and"))
}

func textWrong(names []string) string {
	return about(names, "%s is not a GitHub login.", "%s are not GitHub logins.")
}

func textNoTeams(teams []string) string {
	return about(teams, "%s is a team. GitHub can assign only people; please name them.",
		"%s are teams. GitHub can assign only people; please name them.")
}

func textNotAssigned(people []string) string {
	return about(people, "%s is not assigned here.", "%s are not assigned here.")
}

func textAuthor(authors []string) string {
	return about(authors, "%s wrote this pull request and cannot review it.", "%s wrote this pull request and cannot review it.")
}

func textOtherTeams(teams []string) string {
	return about(teams, "%s is a team of another organisation, and cannot be asked here.", "%s are teams of another organisation, and cannot be asked here.")
}

func textNoPull(a plugin.Args, people []string) error {
	way := "`/assign` and a login"
	if len(people) > 0 {
		way = plan.Quote("/assign " + strings.Join(people, " "))
	}
	return plugin.Userf("%s works only on pull requests. To involve people here, use %s or mention them.",
		plan.Quote("/"+a.Name), way)
}
