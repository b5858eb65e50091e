// Package assign assigns issues and asks for reviews of pull requests on behalf of people who may not do so on GitHub.
package assign

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns /assign, /unassign, /cc and /uncc.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "assign" }

// Help says what it is for.
func (Plugin) Help() string {
	return "Assigns people to an issue or pull request, and asks for reviews of a pull request."
}

// Handle does nothing without a command.
func (Plugin) Handle(plugin.Input) ([]plan.Effect, error) { return nil, nil }

// Commands are for anyone: GitHub itself decides who can be assigned.
func (Plugin) Commands(any) []plugin.Command {
	anyone := []plugin.Role{plugin.Anyone}
	return []plugin.Command{
		{
			Name: "assign", Usage: "/assign [@LOGIN…]", Who: anyone, Run: assign,
			Help:     "Assigns people; without a name, you.",
			Examples: []string{"/assign", "/assign @alice @bob"},
		},
		{
			Name: "unassign", Usage: "/unassign [@LOGIN…]", Who: anyone, Run: unassign,
			Help:     "Unassigns people; without a name, you.",
			Examples: []string{"/unassign", "/unassign @alice"},
		},
		{
			Name: "cc", Usage: "/cc [@LOGIN…] [@ORG/TEAM…]", Who: anyone, Run: review(true),
			Help:     "Asks for a review of this pull request; without a name, yours.",
			Examples: []string{"/cc @alice", "/cc @acme/reviewers"},
		},
		{
			Name: "uncc", Usage: "/uncc [@LOGIN…] [@ORG/TEAM…]", Who: anyone, Run: review(false),
			Help:     "Takes the request for a review back; without a name, yours.",
			Examples: []string{"/uncc @alice"},
		},
	}
}

// named is what a command's arguments name. A person or team that is named twice is there once.
type named struct{ people, teams, wrong []string }

var (
	login = regexp.MustCompile(`^@?([A-Za-z0-9][-\w]*)$`)
	team  = regexp.MustCompile(`^@?([A-Za-z0-9][-\w]*/[-.\w]+)$`)
)

// read takes the arguments apart: blanks and commas separate. No argument, and "me", is who wrote the command.
func read(a plugin.Args) named {
	var n named
	add := func(list *[]string, name string) {
		if !slices.ContainsFunc(*list, func(have string) bool { return strings.EqualFold(have, name) }) {
			*list = append(*list, name)
		}
	}
	words := strings.FieldsFunc(a.Rest, func(r rune) bool { return strings.ContainsRune(" \t\u00a0,", r) })
	if len(words) == 0 {
		words = []string{"me"}
	}
	for _, w := range words {
		switch person, group := login.FindStringSubmatch(w), team.FindStringSubmatch(w); {
		case strings.EqualFold(w, "me"):
			add(&n.people, a.By.Login)
		case person != nil:
			add(&n.people, person[1])
		case group != nil:
			add(&n.teams, group[1])
		default:
			add(&n.wrong, w)
		}
	}
	return n
}

func assign(_ plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	n := read(a)
	return with(n.people, plan.Assign{Logins: n.people}, textWrong(n.wrong), textNoTeams(n.teams))
}

func unassign(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	n := read(a)
	there, absent := part(n.people, func(p string) bool { return in.Issue.HasAssignee(p) || in.Doubtful })
	effects, err := with(there, plan.Unassign{Logins: there}, textNotAssigned(absent), textWrong(n.wrong), textNoTeams(n.teams))
	if len(absent) > 0 {
		effects = append(effects, plan.Stands{Effect: plan.Unassign{Logins: absent}})
	}
	return effects, err
}

// part parts names into those of which something is so, and the others.
func part(names []string, so func(string) bool) (these, others []string) {
	for _, n := range names {
		if so(n) {
			these = append(these, n)
		} else {
			others = append(others, n)
		}
	}
	return these, others
}

// review asks for reviews, or takes that back. Whom GitHub refuses is told by the engine.
func review(on bool) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		n := read(a)
		if !in.Issue.PullRequest {
			return nil, textNoPull(a, n.people)
		}
		teams, strangers := part(n.teams, func(team string) bool {
			org, _, _ := strings.Cut(team, "/")
			return strings.EqualFold(org, in.Issue.Ref.Owner)
		})
		authors, people := part(n.people, func(p string) bool { return on && strings.EqualFold(p, in.Issue.Author) })
		who := slices.Concat(people, teams)
		return with(who, plan.Review{Of: who, On: on}, textAuthor(authors), textOtherTeams(strangers), textWrong(n.wrong))
	}
}

// with gives the effect for those who are left, if any, and tells about the others.
func with(people []string, effect plan.Effect, problems ...string) ([]plan.Effect, error) {
	text := strings.Join(slices.DeleteFunc(problems, func(p string) bool { return p == "" }), " ")
	switch {
	case text == "":
		return []plan.Effect{effect}, nil
	case len(people) == 0:
		return nil, plugin.Userf("%s", text)
	}
	return []plan.Effect{effect, plan.Reply{Text: text + " The rest is done."}}, nil
}
