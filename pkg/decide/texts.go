package decide

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences that the engine itself says to people.

func textUnknownVerb(c *plugin.Catalog, cmd command.Command, name, rest string) string {
	family, verb, _ := strings.Cut(name, " ")
	if verb == "" {
		verb, _, _ = strings.Cut(rest, " ")
	}
	s := fmt.Sprintf("I do not know %s.", plan.Quote(cmd.Line))
	if verb == "" {
		s = fmt.Sprintf("%s needs a word after it.", plan.Quote(cmd.Line))
	}
	if near := cmp.Or(plugin.Suggest(verb, c.Verbs(family)), c.Like(family, verb)); near != "" {
		s += fmt.Sprintf(" Did you mean `/%s %s`?", family, near)
	}
	if len(c.Help(family+" help")) > 0 {
		s += fmt.Sprintf(" `/%s help` lists what I can do.", family)
	} else {
		s += fmt.Sprintf(" There are: %s.", strings.Join(c.Verbs(family), ", "))
	}
	return s
}

// maxMisses is how many lines one answer puts right.
const maxMisses = 3

func textNear(misses []miss) string {
	var s []string
	before := false
	for _, m := range misses[:min(len(misses), maxMisses)] {
		s = append(s, fmt.Sprintf("I did not run %s. Did you mean %s?", plan.Quote(m.line), plan.Quote(m.right)))
		before = before || !strings.HasPrefix(m.line, "/")
	}
	if len(misses) > maxMisses {
		s = append(s, "Other lines are like that, too.")
	}
	if before {
		s = append(s, "A command stands on a line of its own, with nothing before it.")
	}
	return strings.Join(s, " ")
}

func textTooMany(n int) string {
	return fmt.Sprintf("This comment holds %d commands; I ran the first %d. Please put the others into another comment.",
		n, command.Limit)
}

func textRefused(args plugin.Args, cmd *plugin.Command, who []string) string {
	name := "/" + args.Name
	if cmd.Takes != nil { // one of several of that name: the words that tell them apart belong to it
		name, _, _ = strings.Cut(cmd.Usage, " [")
	}
	return fmt.Sprintf("%s is for %s. Nothing was changed; please ask one of them.", plan.Quote(name), plugin.Join(who, "and"))
}

var roleNames = map[plugin.Role]string{
	plugin.Anyone:     "anyone",
	plugin.Author:     "the author of this issue",
	plugin.Applicant:  "the author of this issue",
	plugin.Maintainer: "maintainers",
	plugin.Sponsor:    "sponsors",
	plugin.Reviewer:   "reviewers",
	plugin.Staff:      "staff",
}

// named is how many people of a role a refusal names.
const named = 3

// whoMay says who is in the roles, with the logins that are known: whom to ask must not be a riddle.
func (p *planner) whoMay(roles []plugin.Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = p.whoIs(r)
	}
	return out
}

// whoIs says so of one role.
func (p *planner) whoIs(r plugin.Role) string {
	people, name := p.people(r), roleNames[r]
	logins := slices.Clone(people.Users)
	switch r {
	case plugin.Author:
		logins = append([]string{p.Issue.Author}, logins...)
	case plugin.Applicant:
		authors := p.people(plugin.Author)
		contacts := slices.DeleteFunc(Contacts(p.Issue.Body, p.Settings.Contacts), func(l string) bool { return issue.SameLogin(l, p.Issue.Author) })
		if len(contacts) > 0 {
			name = "who speaks for the project here"
		}
		logins = slices.Concat([]string{p.Issue.Author}, contacts, authors.Users, logins)
		people.Teams = append(authors.Teams, people.Teams...)
	case plugin.Maintainer:
		owners, _ := p.Facts.Owners() // asked already, where it was needed to refuse
		logins = append(logins, owners.Approvers...)
	}
	for _, team := range people.Teams {
		logins = append(logins, "@"+team)
	}
	logins = slices.DeleteFunc(logins, func(l string) bool { return l == "" })
	if more := len(logins) - named; more > 0 {
		logins = append(logins[:named], fmt.Sprintf("%d more", more))
	}
	for n, l := range logins {
		if n < named {
			logins[n] = plan.Quote(l)
		}
	}
	if len(logins) == 0 {
		return name
	}
	return name + " (" + strings.Join(logins, ", ") + ")"
}

func textUnreadable(err error) string {
	return "I could not look for commands in this comment. " + plan.Neutral(err.Error())
}

func textBodyRefused(line string, err error) string {
	s := "I did not change the description: "
	if line != "" {
		s = plan.Quote(line) + " did not change the description: "
	}
	return s + plan.Neutral(err.Error())
}

func textTakenBack(what []string) string {
	return "Your last edit reverted changes that I made a few minutes earlier, probably because your browser had an older version " +
		"open: " + strings.Join(what, ", ") + ". If you did not mean to, please repeat the command."
}
