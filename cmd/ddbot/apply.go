package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins"
	"github.com/ddbot/ddbot/plugins/evidence"
)

// applyFlags describe the issue, the person and the comment.
type applyFlags struct {
	body, as, role, author, labels, state string
	json                                  bool
}

// loginLike is what GitHub takes for a login, that of an App included.
var loginLike = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$`)

// applied is the output of --json; its fields are part of the program's contract.
type applied struct {
	Body      string   `json:"body"`
	Labels    []string `json:"labels"`
	State     string   `json:"state"`
	Assignees []string `json:"assignees"`
	Replies   []string `json:"replies"`
	Reactions []string `json:"reactions"`
	Requests  []string `json:"requests"`
}

func applyCommand() *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply --body FILE --as LOGIN [flags] COMMENT-TEXT|-",
		Short: "Plan and apply one comment to a description, without any server",
		Long: "Prints the new description byte for byte on standard output and replies on standard error.\n" +
			"Without --role, the person is the author if --author says so or is not given, else anyone.\n" +
			"Exit code 3: a command was refused or not understood; the others took effect.",
		Example: "  ddbot apply --body issue.md --as alice \"/dd done technical\"\n" +
			"  ddbot apply --body issue.md --as bob --role maintainer --author alice --json - < comment.md",
		Args: oneComment,
		RunE: func(c *cobra.Command, a []string) error {
			return f.run(a[0], c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.body, "body", "", "file with the issue's description, - for standard input")
	fl.StringVar(&f.as, "as", "", "login of who comments")
	fl.StringVar(&f.role, "role", "", "what the person may do here: author, maintainer, sponsor, reviewer, staff or anyone")
	fl.StringVar(&f.author, "author", "", "login of the issue's author")
	fl.StringVar(&f.labels, "labels", "", "the issue's labels, with commas between")
	fl.StringVar(&f.state, "state", issue.Open, "open or closed")
	fl.BoolVar(&f.json, "json", false, "print one JSON object with all that changes")
	return cmd
}

// oneComment helps who forgot the quotes: the shell then gives every word on its own.
func oneComment(c *cobra.Command, a []string) error {
	if len(a) > 1 {
		return usage("the comment is one argument: put it in quotes, \"%s\"; see '%s --help'", strings.Join(a, " "), c.CommandPath())
	}
	if len(a) == 0 {
		return usage("the comment is missing: give its text, or - for standard input; see '%s --help'", c.CommandPath())
	}
	return nil
}

func (f *applyFlags) run(text string, in io.Reader, out, errOut io.Writer) error {
	if f.body == "" || f.as == "" {
		return usage("--body FILE and --as LOGIN are needed; see 'ddbot apply --help'")
	}
	for flag, login := range map[string]*string{"--as": &f.as, "--author": &f.author} {
		if *login = strings.TrimPrefix(*login, "@"); *login != "" && !loginLike.MatchString(*login) {
			return usage("%s takes a login of GitHub, not %q", flag, *login)
		}
	}
	if f.body == "-" && text == "-" {
		return usage("the description and the comment cannot both come from standard input")
	}
	s, err := f.situation(text, in)
	if err != nil {
		return err
	}
	outcome, err := planOffline(s)
	if err != nil {
		return err
	}
	result := f.result(outcome)
	if f.json {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		err = enc.Encode(result)
	} else {
		_, err = io.WriteString(out, result.Body)
		for _, r := range result.Replies {
			fmt.Fprintln(errOut, r)
		}
	}
	if err == nil && outcome.Refused > 0 {
		return &exitError{exitRefused, errSaid}
	}
	return err
}

func (f *applyFlags) situation(text string, in io.Reader) (decide.Input, error) {
	var s decide.Input
	body, err := readFile(f.body, in)
	if err != nil {
		return s, &exitError{exitUsage, fmt.Errorf("read the description: %w", err)}
	}
	if text == "-" {
		if text, err = readFile("-", in); err != nil {
			return s, fmt.Errorf("read the comment: %w", err)
		}
	}
	if f.state != issue.Open && f.state != issue.Closed {
		return s, usage("--state is open or closed, not %q", f.state)
	}
	settings := plugin.DefaultSettings(plugins.All())
	level, err := f.person(settings)
	if err != nil {
		return s, err
	}
	now := time.Now()
	snapshot := issue.Snapshot{
		Ref: issue.Ref{Owner: "example", Repo: "example", Number: 1}, RepoID: 1, Title: "Example", Body: body,
		Author: f.author, State: f.state, Labels: split(f.labels), CreatedAt: now, UpdatedAt: now,
	}
	person := event.User{Login: f.as}
	comment := event.Comment{ID: 1, Body: text, Author: person, CreatedAt: now, UpdatedAt: now}
	s = decide.Input{
		Events: []event.Event{{Kind: event.CommentCreated{Comment: comment}, Issue: snapshot, Sender: person, Received: now}},
		Issue:  snapshot, Facts: &fact.Set{}, Now: now, Settings: settings,
	}
	s.Facts.AssumeLabels()
	s.Facts.Put(fact.Key{Kind: fact.KindPermission, Arg: issue.FoldLogin(f.as)}, level)
	return s, nil
}

// person makes the role so: by permission, by name, or by being the author.
func (f *applyFlags) person(settings *plugin.Settings) (fact.Level, error) {
	role := plugin.Role(f.role)
	switch {
	case f.role == "" && (f.author == "" || issue.SameLogin(f.author, f.as)):
		role = plugin.Author
	case f.role == "":
		role = plugin.Anyone
	case !slices.Contains(plugin.Roles, role):
		return 0, usage("--role is one of author, maintainer, sponsor, reviewer, staff, anyone; not %q", f.role)
	}
	if role == plugin.Author {
		f.author = f.as
	} else if f.author == "" {
		f.author = "author"
	}
	if role == plugin.Sponsor {
		settings.Roles = map[plugin.Role]plugin.People{plugin.Sponsor: {Users: []string{f.as}}}
	}
	return map[plugin.Role]fact.Level{
		plugin.Maintainer: fact.Write, plugin.Reviewer: fact.Triage, plugin.Staff: fact.Maintain,
		plugin.Sponsor: fact.Read, plugin.Author: fact.Read, plugin.Anyone: fact.Read,
	}[role], nil
}

func split(list string) []string {
	var out []string
	for l := range strings.SplitSeq(list, ",") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// planOffline plans with facts that need no GitHub: of a repository that has every label and nothing else.
func planOffline(s decide.Input) (*decide.Decision, error) {
	for range 20 {
		out, err := decide.Plan(s)
		if err != nil || len(out.Missing) == 0 {
			return out, err
		}
		for _, k := range out.Missing {
			s.Facts.Put(k, offlineFact(k, s))
		}
	}
	return nil, errors.New("the plan asks for ever more facts")
}

func offlineFact(k fact.Key, s decide.Input) any {
	switch k.Kind {
	case fact.KindPermission:
		return fact.Read
	case fact.KindMilestones:
		return []fact.Milestone(nil)
	case fact.KindTeam:
		return false
	case fact.KindOwners:
		return fact.Owners{}
	case fact.KindLabelings:
		// The labels that were given are older than the comment, and somebody else's.
		var all []fact.Labeling
		for _, l := range s.Issue.Labels {
			all = append(all, fact.Labeling{Label: l, By: "somebody", At: s.Now.Add(-24 * time.Hour)})
		}
		return all
	case fact.KindNotice, fact.KindLatestBy:
		return int64(0)
	case fact.KindSelf:
		return ""
	case fact.KindStatus:
		return fact.Status{}
	case fact.KindElsewhere:
		return fact.Elsewhere{State: issue.Open}
	case fact.KindReads:
		return true
	case fact.KindProject:
		return []string(nil)
	case fact.KindApplications:
		return []fact.Application(nil)
	case fact.KindFile:
		return fact.File{}
	case fact.KindMentions:
		return []issue.Ref(nil)
	case fact.KindBranch:
		return fact.Branch{Refused: "this is a run without a network"}
	case fact.KindMade:
		return fact.Made{Refused: "this is a run without a network"}
	case fact.KindEvidence:
		return evidence.Gathered{Why: "this is a run without a network, `ddbot check` is the one with"}
	}
	return []byte(nil)
}

func (f *applyFlags) result(o *decide.Decision) applied {
	after := o.Draft.Issue
	r := applied{
		Body: after.Body, Labels: append([]string{}, after.Labels...), State: after.State,
		Assignees: append([]string{}, after.Assignees...),
		Replies:   []string{}, Reactions: []string{},
	}
	requests := o.Draft.Requests()
	r.Requests = plan.Texts(requests)
	for _, req := range requests {
		switch {
		case req.Kind == plan.WriteNotice:
			r.Replies = append(r.Replies, plan.Safe(req.Notice.Text))
		case req.Kind == plan.SendAnswer && len(req.Answer.Text) > 0:
			r.Replies = append(r.Replies, req.Answer.ReplyText(nil))
		case req.Kind == plan.SendAnswer:
			r.Reactions = append(r.Reactions, req.Answer.Reaction)
		}
	}
	return r
}
