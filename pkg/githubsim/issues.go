package githubsim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ddbot/ddbot/pkg/issue"
)

// GitHub's limits.
const (
	maxBody      = 65536
	maxTitle     = 256
	maxAssignees = 10
)

type draft struct {
	title, body string
	labels      []string
	assignees   []string
	milestone   int
	pull        bool
	head        string
}

func (s *Sim) openIssue(a actor, r *repo, d draft) (*issueState, error) {
	if err := checkTexts(&d.title, &d.body); err != nil {
		return nil, err
	}
	r.lastNumber++
	i := &issueState{
		id: s.nextID(), repo: r, number: r.lastNumber, pull: d.pull, head: d.head, title: d.title, body: d.body,
		author: a.user, viaApp: a.app, state: issue.Open, createdAt: s.now(), updatedAt: s.now(),
	}
	if d.pull {
		i.pullID = s.nextID()
	}
	r.issues[i.number] = i
	// Labels, assignees and a milestone from people without triage permission are dropped without a word. The event shows those
	// that the issue is opened with, as GitHub's own example of it does (octokit/webhooks), and one event for each follows.
	may := s.can(a, r, "triage")
	if may {
		for _, name := range d.labels {
			if l := r.label(name); l != nil {
				i.labels = append(i.labels, l)
			}
		}
	}
	s.emit(a, i, "issues", "opened", nil)
	i.labels = nil
	s.crossReference(a, i, d.body)
	if may {
		s.addLabels(a, i, d.labels)
		s.assign(a, i, d.assignees)
		s.setMilestone(a, i, r.milestone(d.milestone))
	}
	return i, nil
}

// checkTexts looks at a title and a body before they are stored; nil means "not given".
func checkTexts(title, body *string) error {
	if title != nil && strings.TrimSpace(*title) == "" {
		return invalid("Issue", "title", "missing_field", "")
	}
	if title != nil && utf8.RuneCountInString(*title) > maxTitle {
		return invalid("Issue", "title", "custom", "title is too long (maximum is 256 characters)")
	}
	if body != nil && utf8.RuneCountInString(*body) > maxBody {
		return invalid("Issue", "body", "custom", "body is too long (maximum is 65536 characters)")
	}
	return nil
}

// editTexts changes title, body or both, which is one webhook.
func (s *Sim) editTexts(a actor, i *issueState, title, body *string) {
	changes := object{}
	if title != nil && *title != i.title {
		changes["title"] = object{"from": i.title}
		e := s.note(i, a, "renamed")
		e.from, e.to = i.title, *title
		i.title = *title
	}
	if body != nil && *body != i.body {
		changes["body"] = object{"from": i.body}
		i.edits = s.keep(i.edits, a, i.createdAt, i.author, i.body, *body)
		i.body = *body
		s.crossReference(a, i, *body)
	}
	if len(changes) == 0 {
		return
	}
	s.touch(i)
	s.emit(a, i, "issues", "edited", object{"changes": changes})
}

func (s *Sim) mayEdit(a actor, i *issueState) bool {
	return a.user == i.author || s.can(a, i.repo, "write")
}

// mayTurn tells whether somebody may close or reopen: an author may undo only a close of their own.
func (s *Sim) mayTurn(a actor, i *issueState, state string) bool {
	if s.can(a, i.repo, "triage") {
		return true
	}
	return a.user == i.author && (state == issue.Closed || i.closedBy == a.user)
}

// turn closes or reopens; where nothing changes, nothing is raised.
func (s *Sim) turn(a actor, i *issueState, state, reason string) *event {
	if state == i.state {
		return nil
	}
	kind := "reopened"
	i.state, i.reason, i.closedAt, i.closedBy = state, "reopened", time.Time{}, nil
	if state == issue.Closed {
		kind = "closed"
		if reason == "" {
			reason = "completed"
		}
		i.reason, i.closedAt, i.closedBy = reason, s.now(), a.user
	}
	if i.pull {
		i.reason, i.headSHA = "", ""
		if t := i.repo.branches[i.head]; t != nil && state == issue.Closed {
			i.headSHA = t.head()
		}
	}
	e := s.note(i, a, kind)
	if kind == "closed" {
		e.reason = i.reason
	}
	s.touch(i)
	s.emit(a, i, "issues", kind, nil)
	return e
}

var reasons = []string{"completed", "not_planned", "duplicate", "reopened"}

func checkState(state, reason *string) error {
	if state != nil && *state != issue.Open && *state != issue.Closed {
		return invalid("Issue", "state", "invalid", fmt.Sprintf("%q is not a state", *state))
	}
	if reason != nil && *reason != "" && !slices.Contains(reasons, *reason) {
		return invalid("Issue", "state_reason", "invalid", fmt.Sprintf("%q is not a state reason", *reason))
	}
	return nil
}

func (s *Sim) setMilestone(a actor, i *issueState, m *milestone) {
	if i.milestone == m {
		return
	}
	if old := i.milestone; old != nil {
		i.milestone = nil
		s.note(i, a, "demilestoned").milestone = old.title
		s.touch(i)
		s.emit(a, i, "issues", "demilestoned", object{"milestone": s.milestoneJSON(i.repo, old)})
	}
	if m != nil {
		i.milestone = m
		s.note(i, a, "milestoned").milestone = m.title
		s.touch(i)
		s.emit(a, i, "issues", "milestoned", object{"milestone": s.milestoneJSON(i.repo, m)})
	}
}

func (s *Sim) assign(a actor, i *issueState, logins []string) {
	for _, login := range logins {
		u := s.users[key(login)]
		if u == nil || slices.Contains(i.assignees, u) || !s.assignable(i.repo, i, u) || len(i.assignees) >= maxAssignees {
			continue
		}
		i.assignees = append(i.assignees, u)
		s.note(i, a, "assigned").assignee = u
		s.touch(i)
		s.emit(a, i, "issues", "assigned", object{"assignee": s.userJSON(u)})
	}
}

func (s *Sim) unassign(a actor, i *issueState, logins []string) {
	for _, login := range logins {
		at := slices.IndexFunc(i.assignees, func(u *user) bool { return strings.EqualFold(u.login, login) })
		if at < 0 {
			continue
		}
		u := i.assignees[at]
		i.assignees = slices.Delete(i.assignees, at, at+1)
		s.note(i, a, "unassigned").assignee = u
		s.touch(i)
		s.emit(a, i, "issues", "unassigned", object{"assignee": s.userJSON(u)})
	}
}

// setAssignees makes the list exactly this.
func (s *Sim) setAssignees(a actor, i *issueState, logins []string) {
	var drop []string
	for _, u := range i.assignees {
		if !containsFold(logins, u.login) {
			drop = append(drop, u.login)
		}
	}
	s.unassign(a, i, drop)
	s.assign(a, i, logins)
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(have string) bool { return strings.EqualFold(have, s) })
}

var mention = regexp.MustCompile(`(?:([\w.-]+/[\w.-]+)|\B)#(\d+)\b`)

// crossReference notes on every issue that a text mentions that it was mentioned. That moves no updated_at and raises no
// webhook.
func (s *Sim) crossReference(a actor, from *issueState, text string) {
	for _, m := range mention.FindAllStringSubmatch(text, -1) {
		r := from.repo
		if m[1] != "" {
			r = s.repos[key(m[1])]
		}
		number, _ := strconv.Atoi(m[2])
		if r == nil || r.issues[number] == nil || r.issues[number] == from {
			continue
		}
		target := r.issues[number]
		if !slices.ContainsFunc(target.events, func(e *event) bool { return e.kind == "cross-referenced" && e.source == from }) {
			s.note(target, a, "cross-referenced").source = from
		}
	}
}
