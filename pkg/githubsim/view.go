package githubsim

import (
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Issue is a copy of an issue, to look at.
type Issue struct {
	issue.Snapshot
	ID        int64
	Pinned    bool
	ClosedBy  string
	Comments  []Comment
	Reactions []Reaction
	Events    []Event
	Edits     []Edit // of the body, the oldest first; the first is the text as created
}

// Comment is a copy of a comment.
type Comment struct {
	ID        int64
	NodeID    string
	Author    string
	Body      string
	CreatedAt time.Time
	UpdatedAt time.Time
	Reactions []Reaction
	Edits     []Edit
}

// Reaction is one person's reaction.
type Reaction struct {
	User    string
	Content string
}

// Event is a line of the timeline.
type Event struct {
	Kind   string // labeled, closed, commented …
	Actor  string
	At     time.Time
	What   string // the label, assignee, milestone, new title or close reason
	Commit string
}

// Edit is a version of a text.
type Edit struct {
	At   time.Time
	By   string
	Text string
}

// Issue gives a copy of an issue as it is now; a transferred or deleted one as it was.
func (s *Sim) Issue(ref issue.Ref) Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.mustRepo(ref.FullName()).issues[ref.Number]
	if i == nil {
		panic("githubsim: there is no issue " + ref.String())
	}
	out := Issue{
		Snapshot: i.snapshot(), ID: i.id, Pinned: i.pinned, Reactions: viewReactions(i.reactions), Edits: viewEdits(i.edits),
	}
	if i.closedBy != nil {
		out.ClosedBy = i.closedBy.login
	}
	for _, c := range i.comments {
		out.Comments = append(out.Comments, viewComment(c))
	}
	for _, e := range i.events {
		out.Events = append(out.Events, viewEvent(e))
	}
	return out
}

// Comments gives the comments of an issue, the oldest first.
func (s *Sim) Comments(ref issue.Ref) []Comment { return s.Issue(ref).Comments }

// Issues gives the issues of a repository by number, without deleted and transferred ones.
func (s *Sim) Issues(repoName string) []issue.Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []issue.Ref
	for _, i := range sorted(s.mustRepo(repoName).issues) {
		if !i.deleted && i.movedTo == nil {
			out = append(out, i.ref())
		}
	}
	return out
}

func (i *issueState) snapshot() issue.Snapshot {
	v := issue.Snapshot{
		Ref: i.ref(), RepoID: i.repo.id, NodeID: i.nodeID(), Title: i.title, Body: i.body, Author: i.author.login,
		AuthorIsBot: i.author.bot, State: i.state, StateReason: i.reason, Locked: i.locked, PullRequest: i.pull,
		CreatedAt: i.createdAt, UpdatedAt: i.updatedAt,
	}
	for _, l := range i.labels {
		v.Labels = append(v.Labels, l.name)
	}
	for _, u := range i.assignees {
		v.Assignees = append(v.Assignees, u.login)
	}
	for _, who := range i.reviews {
		if v.Reviews == nil {
			v.Reviews = map[string]bool{}
		}
		v.Reviews[key(who)] = true
	}
	if i.milestone != nil {
		v.Milestone = i.milestone.title
	}
	return v
}

func viewComment(c *comment) Comment {
	return Comment{
		ID: c.id, NodeID: nodeID("IC", c.id), Author: c.author.login, Body: c.body, CreatedAt: c.createdAt,
		UpdatedAt: c.updatedAt, Reactions: viewReactions(c.reactions), Edits: viewEdits(c.edits),
	}
}

func viewReactions(list []*reaction) []Reaction {
	var out []Reaction
	for _, r := range list {
		out = append(out, Reaction{r.user.login, r.content})
	}
	return out
}

func viewEdits(list []edit) []Edit {
	var out []Edit
	for _, e := range list {
		out = append(out, Edit{e.at, e.by.login, e.text})
	}
	return out
}

func viewEvent(e *event) Event {
	v := Event{Kind: e.kind, Actor: e.actor.login, At: e.at, Commit: e.commit}
	switch {
	case e.label != nil:
		v.What = e.label.name
	case e.assignee != nil:
		v.What = e.assignee.login
	case e.source != nil:
		v.What = e.source.ref().String()
	default:
		i := slices.IndexFunc([]string{e.milestone, e.to, e.reason, e.lock}, func(s string) bool { return s != "" })
		if i >= 0 {
			v.What = []string{e.milestone, e.to, e.reason, e.lock}[i]
		}
	}
	return v
}
