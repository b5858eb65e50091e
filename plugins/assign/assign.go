// Package assign assigns issues and asks for reviews of pull requests on behalf of people who may not do so on GitHub.
package assign

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
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
			Name: "cc", Usage: "/cc [@LOGIN…] [@ORG/TEAM…]", Who: anyone, PullOnly: true, Run: review(true),
			Help:     "Asks for a review of this pull request; without a name, yours.",
			Examples: []string{"/cc @alice", "/cc @acme/reviewers"},
		},
		{
			Name: "uncc", Usage: "/uncc [@LOGIN…] [@ORG/TEAM…]", Who: anyone, PullOnly: true, Run: review(false),
			Help:     "Withdraws a review request; without a name, yours.",
			Examples: []string{"/uncc @alice"},
		},
	}
}

// named is what a command's arguments name. A person or team that is named twice is there once.
type named struct{ people, teams, wrong []string }

// A login as GitHub makes them: letters, digits and single hyphens, 39 at most; those of enterprises have an underscore.
var (
	login = regexp.MustCompile(`^[A-Za-z0-9](?:[-_]?[A-Za-z0-9]){0,38}$`)
	team  = regexp.MustCompile(`^[A-Za-z0-9](?:[-_]?[A-Za-z0-9]){0,38}/[-.\w]+$`)
)

// polite are words that people write among names, and mean nobody by. What follows one without "@" is the rest of a sentence.
var polite = regexp.MustCompile(`(?i)^(?:a|an|any|as|asap|at|be|by|can|could|due|everyone|for|from|fyi|good|have|help|here|i|if|in|is|it|just|kindly|let|lets|` +
	`looks?|maybe|my|need|needs|next|not|now|of|on|or|our|please|pls|plz|ptal|review|self|since|so|take|thanks?|thanx|that|the|them|then|there|this|thx|tia|to|` +
	`today|too|ty|until|want|we|when|who|will|with|would|yes|you|your)$`)

// joining are words between names.
var joining = regexp.MustCompile(`(?i)^(?:and|&|\+|und|et|y|e)$`)

// read takes the arguments apart: blanks and commas separate. No name, and "me", is who wrote the command.
func read(a plugin.Args) named {
	var n named
	add := func(list *[]string, name string) {
		if !slices.ContainsFunc(*list, func(have string) bool { return issue.SameLogin(have, name) }) {
			*list = append(*list, name)
		}
	}
	prose := false
	for _, w := range plugin.Fields(a.Rest) {
		name, at := strings.CutPrefix(w, "@")
		name = strings.TrimRight(name, ".;:!?)")
		if joining.MatchString(w) {
			continue
		}
		if prose = !at && (prose || polite.MatchString(name) || !login.MatchString(name) && !team.MatchString(name)); prose {
			continue
		}
		switch {
		case strings.EqualFold(name, "me"), strings.EqualFold(name, "myself"):
			add(&n.people, a.By.Login)
		case login.MatchString(name):
			add(&n.people, name)
		case team.MatchString(name):
			add(&n.teams, name)
		default:
			add(&n.wrong, w)
		}
	}
	if len(n.people)+len(n.teams)+len(n.wrong) == 0 {
		add(&n.people, a.By.Login)
	}
	return n
}

func assign(_ plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	n := read(a)
	return with(n.people, plan.Assign{Logins: n.people}, textWrong(n.wrong), textNoTeams(n.teams))
}

func unassign(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	n := read(a)
	there, absent := part(n.people, func(p string) bool { return in.Issue.HasAssignee(p) || in.MayLag })
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
			return noPull(in, a, n.people)
		}
		teams, strangers := part(n.teams, func(team string) bool {
			org, _, _ := strings.Cut(team, "/")
			return issue.SameLogin(org, in.Issue.Ref.Owner)
		})
		authors, people := part(n.people, func(p string) bool { return on && issue.SameLogin(p, in.Issue.Author) })
		who := slices.Concat(people, teams)
		return with(who, plan.Review{Of: who, On: on}, textAuthor(authors), textOtherTeams(strangers), textWrong(n.wrong))
	}
}

// recordTold is that somebody was told on this issue what /cc is for.
const recordTold = "cc-told/"

// noPull tells once what asks for a review: on GitHub many write /cc to mention people, which it does by itself.
func noPull(in plugin.Input, a plugin.Args, people []string) ([]plan.Effect, error) {
	kind := recordTold + issue.FoldLogin(a.By.Login)
	told, err := in.Facts.Record(kind)
	if err != nil {
		return nil, err
	}
	if told != nil {
		return nil, plugin.Silent
	}
	return []plan.Effect{plan.Remember{Kind: kind, Data: []byte("1")}}, textNoPull(a, people)
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
