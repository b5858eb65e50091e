// Package payload reads what GitHub's webhooks send into events, and writes what ddbot puts into its own queue in the same shape.
// It is the only reader of GitHub's webhook types; everything behind it sees package event.
package payload

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/go-github/v57/github"
	"github.com/tidwall/gjson"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
)

// OwnEvent is the X-GitHub-Event of work that ddbot puts into its own queue (Due, Check); the payload is GitHub's shape of an
// issues event.
const OwnEvent = "ddbot_due"

// Envelope is the little that tells where a delivery belongs, read before it is stored.
type Envelope struct {
	Key          string // of the issue, as Event.Key
	RepoID       int64  // 0 where the payload has none
	Owner, Repo  string
	Number       int
	Installation int64 // of the GitHub App, 0 without one
}

// Ref names the issue.
func (e Envelope) Ref() issue.Ref { return issue.Ref{Owner: e.Owner, Repo: e.Repo, Number: e.Number} }

// Open reads the envelope of a delivery, or tells that ddbot has no use for it (ok false), without reading the whole.
// An error says that the payload is not what GitHub sends.
func Open(name string, payload []byte) (e Envelope, ok bool, err error) {
	actions := makers[name]
	if actions == nil {
		return e, false, nil
	}
	if !gjson.ValidBytes(payload) {
		return e, false, fmt.Errorf("read %s payload: it is not JSON", name)
	}
	var number int64
	var action string
	var repo repository
	gjson.ParseBytes(payload).ForEach(func(key, v gjson.Result) bool {
		switch key.Str {
		case "action":
			action = v.Str
		case "issue", "pull_request":
			number, _ = whole(v.Get("number"))
		case "repository":
			repo.ID, _ = whole(v.Get("id"))
			repo.Name, repo.FullName = v.Get("name").Str, v.Get("full_name").Str
			repo.Owner.Login = v.Get("owner.login").Str
		case "installation":
			e.Installation, _ = whole(v.Get("id"))
		}
		return true
	})
	e.RepoID = repo.ID
	e.Owner, e.Repo = repo.names()
	if e.Owner == "" || e.Repo == "" || number < 1 {
		return e, false, fmt.Errorf("read %s payload: it names no repository or no issue", name)
	}
	if _, known := actions[action]; !known {
		return e, false, nil
	}
	e.Number = int(number)
	e.Key = event.KeyOf(e.RepoID, e.Owner, e.Repo, e.Number)
	return e, true, nil
}

// whole is a whole number, 0 where there is something else, or one that is too large.
func whole(v gjson.Result) (n int64, ok bool) {
	if v.Type != gjson.Number {
		return 0, false
	}
	n, err := strconv.ParseInt(v.Raw, 10, 64)
	if err != nil {
		return 0, false
	}
	return n, true
}

// repository is a payload's repository: GitHub sends all of it, others that forward events may send less.
type repository struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	FullName string `json:"full_name"`
	Archived bool   `json:"archived"`
	Owner    struct {
		Login string `json:"login"`
	} `json:"owner"`
}

func (r repository) names() (owner, repo string) {
	owner, repo, _ = strings.Cut(r.FullName, "/")
	if r.Owner.Login != "" {
		owner = r.Owner.Login
	}
	if r.Name != "" {
		repo = r.Name
	}
	return owner, repo
}

// Known tells whether ddbot has a use for an event with that action.
func Known(name, action string) bool {
	_, ok := makers[name][action]
	return ok && name != OwnEvent
}

// Decode reads one delivery that was opened before. ok is false for events that ddbot has no use for.
func Decode(name string, payload []byte) (e event.Event, ok bool, err error) {
	actions := makers[name]
	if actions == nil {
		return event.Event{}, false, nil
	}
	p, err := read(payload)
	if err != nil {
		return event.Event{}, false, fmt.Errorf("read %s payload: %w", name, err)
	}
	kind, known := actions[p.action]
	switch {
	case p.action == "":
		return event.Event{}, false, fmt.Errorf("read %s payload: it names no action", name)
	case !known:
		return event.Event{}, false, nil
	}
	if p.issue.Ref.Number == 0 {
		p.issue = p.pull
	}
	p.issue.Ref.Owner, p.issue.Ref.Repo = p.repo.names()
	if p.issue.Ref.Number == 0 || p.issue.Ref.Owner == "" || p.issue.Ref.Repo == "" {
		return event.Event{}, false, fmt.Errorf("read %s payload: it names no repository or no issue", name)
	}
	p.issue.RepoID = p.repo.ID
	p.issue.PullRequest = p.issue.PullRequest || p.ofPull
	e = event.Event{Installation: p.installation, Issue: p.issue, Sender: p.sender, Archived: p.repo.Archived}
	if e.Kind, err = kind(&p); err != nil {
		return event.Event{}, false, fmt.Errorf("read %s payload: %w", name, err)
	}
	switch e.Kind.(type) {
	case event.Opened, event.Arrived:
		e.First = p.comments == 0
	case event.CommentCreated:
		e.First = p.comments == 1
	}
	return e, true, nil
}

// Snapshot turns GitHub's issue into ours.
func Snapshot(ref issue.Ref, repoID int64, i *github.Issue) issue.Snapshot {
	author := user(i.User)
	s := issue.Snapshot{
		Ref:          ref,
		RepoID:       repoID,
		NodeID:       i.GetNodeID(),
		Title:        i.GetTitle(),
		Body:         i.GetBody(),
		Author:       author.Login,
		AuthorID:     author.ID,
		AuthorIsBot:  author.Bot,
		AuthorIsMute: author.Mute,
		State:        i.GetState(),
		StateReason:  i.GetStateReason(),
		Milestone:    i.GetMilestone().GetTitle(),
		Locked:       i.GetLocked(),
		PullRequest:  i.IsPullRequest(),
		CreatedAt:    i.GetCreatedAt().Time,
		UpdatedAt:    i.GetUpdatedAt().Time,
	}
	for _, l := range i.Labels {
		s.Labels = append(s.Labels, l.GetName())
	}
	for _, a := range i.Assignees {
		s.Assignees = append(s.Assignees, a.GetLogin())
	}
	return s
}

func user(u *github.User) event.User {
	kind := u.GetType()
	return event.User{Login: u.GetLogin(), ID: u.GetID(), Bot: kind == "Bot", Mute: kind == "Organization" || kind == "Mannequin"}
}

// FromComment turns GitHub's comment into ours.
func FromComment(c *github.IssueComment) event.Comment {
	return event.Comment{
		ID: c.GetID(), NodeID: c.GetNodeID(), Body: c.GetBody(), Author: user(c.User), URL: c.GetHTMLURL(),
		CreatedAt: c.GetCreatedAt().Time, UpdatedAt: c.GetUpdatedAt().Time,
	}
}
