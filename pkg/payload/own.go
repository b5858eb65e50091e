package payload

import (
	"encoding/json"
	"fmt"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
)

// sweeper is the sender of due events. It is nobody's login: what the bot itself does is not planned on, this is.
const sweeper = "ddbot-sweep[bot]"

// OwnPayload writes the payload of an OwnEvent in GitHub's shape: the issue as far as it is known, and what was found.
func OwnPayload(kind event.Own, s issue.Snapshot, installation int64) ([]byte, error) {
	p := written{Action: kind.String(), Sender: account(event.User{Login: sweeper, Bot: true})}
	if due, ok := kind.(event.Due); ok {
		p.Found = due.Found
	}
	return write(p, s, installation)
}

// Written writes the payload that GitHub sends when somebody writes a comment, or with a nil comment opens the issue.
func Written(s issue.Snapshot, c *event.Comment) (name string, raw []byte, err error) {
	if c == nil {
		raw, err = write(written{Action: "opened", Sender: account(event.AuthorOf(s))}, s, 0)
		return "issues", raw, err
	}
	raw, err = write(written{Action: "created", Sender: account(c.Author), Comment: &github.IssueComment{
		ID: &c.ID, NodeID: &c.NodeID, Body: &c.Body, User: account(c.Author), HTMLURL: &c.URL,
		CreatedAt: &github.Timestamp{Time: c.CreatedAt}, UpdatedAt: &github.Timestamp{Time: c.UpdatedAt},
	}}, s, 0)
	return "issue_comment", raw, err
}

// written is a payload that we write ourselves: what fields reads of it.
type written struct {
	Action       string               `json:"action"`
	Issue        *github.Issue        `json:"issue"`
	Comment      *github.IssueComment `json:"comment,omitempty"`
	Repo         repository           `json:"repository"`
	Sender       *github.User         `json:"sender"`
	Installation *github.Installation `json:"installation,omitempty"`
	Found        json.RawMessage      `json:"found,omitempty"` // of Due
}

func write(p written, s issue.Snapshot, installation int64) ([]byte, error) {
	p.Issue = &github.Issue{
		Number: &s.Ref.Number, NodeID: &s.NodeID, Title: &s.Title, Body: &s.Body, State: &s.State, Locked: &s.Locked,
		StateReason: &s.StateReason, User: account(event.AuthorOf(s)),
		CreatedAt: &github.Timestamp{Time: s.CreatedAt}, UpdatedAt: &github.Timestamp{Time: s.UpdatedAt},
	}
	p.Repo = repository{ID: s.RepoID, FullName: s.Ref.FullName()}
	for _, l := range s.Labels {
		p.Issue.Labels = append(p.Issue.Labels, &github.Label{Name: new(l)})
	}
	for _, a := range s.Assignees {
		p.Issue.Assignees = append(p.Issue.Assignees, account(event.User{Login: a}))
	}
	if s.Milestone != "" {
		p.Issue.Milestone = &github.Milestone{Title: &s.Milestone}
	}
	if s.PullRequest {
		p.Issue.PullRequestLinks = &github.PullRequestLinks{}
	}
	if installation != 0 {
		p.Installation = &github.Installation{ID: &installation}
	}
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the payload of %v: %w", s.Ref, err)
	}
	return data, nil
}

func account(u event.User) *github.User {
	a := &github.User{Login: &u.Login, Type: new("User")}
	switch {
	case u.Bot:
		a.Type = new("Bot")
	case u.Mute:
		a.Type = new("Organization")
	}
	if u.ID != 0 {
		a.ID = &u.ID
	}
	return a
}
