package report

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/template"
)

// votePassed is the label by which gitvote says that a vote is won.
const votePassed = "gitvote/passed"

// levelChangeKind is the kind of the template of the list.
const levelChangeKind = "level-change"

// Handle says once, when the vote is won, that the list for the level change can be opened.
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !plugin.Options[Options](in).LevelChange.Open || !in.Tracked || !in.Event.PutOn(votePassed) {
		return nil, nil
	}
	const key = "level-change"
	id, err := in.Facts.Notice(key)
	if err != nil || id != 0 {
		return nil, err
	}
	return []plan.Effect{plan.Notice{Key: key, Text: textVoteWon()}}, nil
}

// levelChange opens the list that is worked off when a project has moved up, once.
func levelChange(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	o := plugin.Options[Options](in)
	if !o.LevelChange.Open {
		return nil, textLevelOff(a)
	}
	if named := strings.TrimSpace(a.Rest); named != "" && !rePull.MatchString(named) {
		return nil, textWhichPull(a)
	}
	if in.MayLag {
		return []plan.Effect{plan.Read{}}, nil
	}
	d, err := read(in)
	if err != nil {
		return nil, err
	}
	if !d.state.Vote.Passed() && diligence.VoteOf(in.Issue.Labels) != "passed" {
		return nil, textNoVote(a)
	}
	repo := cmp.Or(o.LevelChange.Repository, in.Issue.Ref.FullName())
	key := "level-change/" + strings.ReplaceAll(in.Issue.Ref.String(), "#", "/")
	made, err := in.Facts.Made(repo, key)
	switch {
	case err != nil:
		return nil, err
	case made.Refused != "":
		return nil, textNotOpened(repo, made.Refused)
	case made.Number != 0:
		return []plan.Effect{plan.Reply{Text: textLevelChange(repo, made.Number)}}, nil
	}
	e, err := d.levelIssue(in, a, repo)
	if err != nil {
		return nil, err
	}
	e.Repo, e.Key = repo, key
	return []plan.Effect{plan.Read{}, e}, nil
}

// levelIssue is the list, from its template, with what is known filled in.
func (d doc) levelIssue(in plugin.Input, a plugin.Args, repo string) (e plan.OpenIssue, err error) {
	o := plugin.Options[Options](in).LevelChange
	at := cmp.Or(o.Template, "https://github.com/"+repo+"/blob/HEAD/.github/ISSUE_TEMPLATE/template-project-moving-levels.md")
	v, err := configured(in, at, levelChangeKind, d.level)
	if err != nil {
		return e, err
	}
	links, err := d.levelLinks(in, a)
	if err != nil {
		return e, err
	}
	r := d.input(in)
	fill := strings.NewReplacer("$PROJECT", r.Project, "$NEW_LEVEL", levelNames[d.level], "$LEVEL", levelNames[d.level],
		"$APPLICATION", links.application, "$DD_PR", links.pull, "$VOTE", links.vote)
	front, body := v.Text[:v.Outline().Front], v.Text[v.Outline().Front:]
	title, labels := frontMatter(front)
	e.Title = plan.Neutral(fill.Replace(cmp.Or(o.Title, title, "[LEVEL CHANGE] $PROJECT")))
	e.Labels = labels
	if len(o.Labels) > 0 {
		e.Labels = o.Labels
	}
	e.Body = plan.Neutral(fill.Replace(strings.Trim(body, "\n")))
	if !reLinkSlot.MatchString(body) {
		e.Body = links.list() + "\n\n" + e.Body
	}
	return e, nil
}

var levelNames = map[string]string{template.Incubation: "Incubating", template.Graduation: "Graduated"}

// reLinkSlot is where a template wants its links.
var reLinkSlot = regexp.MustCompile(`\$(?:APPLICATION|DD_PR|VOTE)\b`)

// frontMatter reads the title and the labels that GitHub would take from an issue's template. What cannot be read has none.
func frontMatter(s string) (title string, labels []string) {
	var front struct {
		Title  string    `yaml:"title"`
		Labels yaml.Node `yaml:"labels"`
	}
	s = strings.TrimSuffix(strings.TrimSpace(s), "---")
	if yaml.Unmarshal([]byte(s), &front) != nil {
		return "", nil
	}
	if front.Labels.Kind == yaml.ScalarNode {
		for l := range strings.SplitSeq(front.Labels.Value, ",") {
			if l = strings.TrimSpace(l); l != "" {
				labels = append(labels, l)
			}
		}
		return front.Title, labels
	}
	if front.Labels.Decode(&labels) != nil {
		labels = nil
	}
	return front.Title, labels
}

// levelLinks are what the list refers to; empty is not known.
type levelLinks struct{ application, pull, vote string }

func (l levelLinks) list() string {
	s := "- Application: " + l.application
	if l.pull != "" {
		s += "\n- Due diligence: " + l.pull
	}
	return s + "\n- Vote: " + l.vote
}

func (d doc) levelLinks(in plugin.Input, a plugin.Args) (l levelLinks, err error) {
	l.application = fmt.Sprintf("https://github.com/%s/issues/%d", in.Issue.Ref.FullName(), in.Issue.Ref.Number)
	if l.pull, err = d.diligencePull(in, a); err != nil {
		return l, err
	}
	if on, bad := issue.ParseRef(d.state.Vote.On); bad == nil { // the vote was on the pull request
		l.vote = fmt.Sprintf("https://github.com/%s/pull/%d", on.FullName(), on.Number)
		l.pull = cmp.Or(l.pull, l.vote)
		return l, nil
	}
	comment, err := in.Facts.LatestBy(plugin.Options[Options](in).LevelChange.Vote)
	if l.vote = l.application; comment != 0 {
		l.vote += fmt.Sprintf("#issuecomment-%d", comment)
	}
	return l, err
}

var rePull = regexp.MustCompile(`^(?:https://github\.com/([\w.-]+/[\w.-]+)/pull/(\d+)|([\w.-]+/[\w.-]+)?#(\d+))$`)

// diligencePull is the pull request with the report: the one that is named, or ddbot's own.
func (d doc) diligencePull(in plugin.Input, a plugin.Args) (string, error) {
	if m := rePull.FindStringSubmatch(strings.TrimSpace(a.Rest)); m != nil {
		return fmt.Sprintf("https://github.com/%s/pull/%s", cmp.Or(m[1], m[3], in.Issue.Ref.FullName()), cmp.Or(m[2], m[4])), nil
	}
	o := plugin.Options[Options](in).Pull
	if !o.Open {
		return "", nil
	}
	p, b, err := d.place(in, o)
	if err != nil || b.Pull == 0 {
		return "", err
	}
	return fmt.Sprintf("https://github.com/%s/pull/%d", p.Repo, b.Pull), nil
}
