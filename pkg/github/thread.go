package github

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Thread is an issue with all that ddbot can learn from it about its own past, as one query gives it: what a database would
// have kept. Lists are oldest first and end with the newest of them; Cut tells that there is more.
type Thread struct {
	Self     string // the login that asks, as REST writes it where the thread shows that it is a bot's
	Issue    issue.Snapshot
	URL      string // for people
	Archived bool
	Comments []ThreadComment
	Edits    []fact.Edit // of the description, newest first; none if it was never edited
	Changes  []Change
	Answered time.Time // of our own reaction to the description, zero for none
	Cut      bool
	Files    map[string][]byte // those that were asked for, of the default branch; nil where there is none, absent where GitHub did not tell
}

// ThreadComment is a comment and what we said to it.
type ThreadComment struct {
	event.Comment
	Edited   bool      // at any time
	Others   bool      // somebody else than its author edited it last
	Answered time.Time // of our own reaction, zero for none
	Own      bool
}

// Change is what somebody changed beside the texts.
type Change struct {
	At   time.Time
	By   string
	Own  bool
	Kind event.Kind // Labeled, Unlabeled, Assigned, Unassigned, Milestoned, Demilestoned, Closed, Reopened, or Edited for the title
}

const threadFields = `id url number title body closed createdAt updatedAt locked
author{__typename login} repository{databaseId isArchived} milestone{title}
labels(first:100){nodes{name}} assignees(first:10){nodes{login}}
userContentEdits(first:20){nodes{editedAt diff editor{__typename login}}}
reactions(last:20){nodes{content createdAt user{login}}}
comments(last:100){pageInfo{hasPreviousPage} nodes{id url body createdAt updatedAt lastEditedAt author{__typename login} editor{__typename login}
reactions(last:20){nodes{content createdAt user{login}}}}}
timelineItems(last:100,itemTypes:[LABELED_EVENT,UNLABELED_EVENT,ASSIGNED_EVENT,UNASSIGNED_EVENT,MILESTONED_EVENT,DEMILESTONED_EVENT,RENAMED_TITLE_EVENT,CLOSED_EVENT,REOPENED_EVENT]){nodes{__typename
...on LabeledEvent{createdAt actor{__typename login} label{name}}
...on UnlabeledEvent{createdAt actor{__typename login} label{name}}
...on AssignedEvent{createdAt actor{__typename login} assignee{...on User{login} ...on Bot{login}}}
...on UnassignedEvent{createdAt actor{__typename login} assignee{...on User{login} ...on Bot{login}}}
...on MilestonedEvent{createdAt actor{__typename login} milestoneTitle}
...on DemilestonedEvent{createdAt actor{__typename login} milestoneTitle}
...on RenamedTitleEvent{createdAt actor{__typename login} previousTitle}
...on ClosedEvent{createdAt actor{__typename login}}
...on ReopenedEvent{createdAt actor{__typename login}}}}`

const threadQuery = `query($owner:String!,$name:String!,$number:Int!){viewer{login}
repository(owner:$owner,name:$name){issueOrPullRequest(number:$number){__typename
...on Issue{stateReason ` + threadFields + `}
...on PullRequest{` + threadFields + `}}FILES}}`

// withFiles adds files to the query, as file0, file1, …
func withFiles(paths []string) string {
	var b strings.Builder
	for i, path := range paths {
		fmt.Fprintf(&b, "\nfile%d:object(expression:%q){...on Blob{text isTruncated}}", i, "HEAD:"+path)
	}
	return strings.Replace(threadQuery, "FILES", b.String(), 1)
}

// readFiles takes the files out of the answer. What GitHub did not tell, or cut, is left out.
func readFiles(answer map[string]json.RawMessage, errs []graphError, paths []string) map[string][]byte {
	out := map[string][]byte{}
	for i, path := range paths {
		name := fmt.Sprintf("file%d", i)
		var blob *struct {
			Text      *string `json:"text"`
			Truncated bool    `json:"isTruncated"`
		}
		told := !slices.ContainsFunc(errs, func(e graphError) bool { return slices.Contains(e.Path, any(name)) })
		switch err := json.Unmarshal(answer[name], &blob); {
		case err != nil || !told:
		case blob == nil:
			out[path] = nil
		case blob.Text != nil && !blob.Truncated:
			out[path] = []byte(*blob.Text)
		}
	}
	return out
}

type graphThread struct {
	graphNode
	URL   string `json:"url"`
	Edits struct {
		Nodes []struct {
			EditedAt time.Time   `json:"editedAt"`
			Diff     *string     `json:"diff"`
			Editor   *graphActor `json:"editor"`
		} `json:"nodes"`
	} `json:"userContentEdits"`
	Comments struct {
		PageInfo struct {
			HasPreviousPage bool `json:"hasPreviousPage"`
		} `json:"pageInfo"`
		Nodes []struct {
			ID        string         `json:"id"`
			URL       string         `json:"url"`
			Body      string         `json:"body"`
			CreatedAt time.Time      `json:"createdAt"`
			UpdatedAt time.Time      `json:"updatedAt"`
			EditedAt  *time.Time     `json:"lastEditedAt"`
			Author    *graphActor    `json:"author"`
			Editor    *graphActor    `json:"editor"`
			Reactions graphReactions `json:"reactions"`
		} `json:"nodes"`
	} `json:"comments"`
	Timeline struct {
		Nodes []graphChange `json:"nodes"`
	} `json:"timelineItems"`
}

type graphChange struct {
	Type      string                  `json:"__typename"`
	CreatedAt time.Time               `json:"createdAt"`
	Actor     *graphActor             `json:"actor"`
	Label     struct{ Name string }   `json:"label"`
	Assignee  *struct{ Login string } `json:"assignee"`
	Milestone string                  `json:"milestoneTitle"`
	Title     string                  `json:"previousTitle"`
}

// Thread reads an issue with its comments and history in one query, and files of the repository with them.
func (c *Client) Thread(ctx context.Context, ref issue.Ref, files ...string) (*Thread, error) {
	var data struct {
		Viewer     graphActor                 `json:"viewer"`
		Repository map[string]json.RawMessage `json:"repository"`
	}
	errs, err := c.graph(ctx, ref, withFiles(files), map[string]any{"owner": ref.Owner, "name": ref.Repo, "number": ref.Number}, &data)
	if err != nil {
		return nil, err
	}
	var node *graphThread
	if raw := data.Repository["issueOrPullRequest"]; raw != nil {
		if err := json.Unmarshal(raw, &node); err != nil {
			return nil, fmt.Errorf("%w: read a GraphQL answer: %w", ErrUnavailable, err)
		}
	}
	isFile := func(e graphError) bool {
		return len(e.Path) > 1 && strings.HasPrefix(fmt.Sprint(e.Path[1]), "file")
	}
	other := slices.DeleteFunc(slices.Clone(errs), isFile)
	switch {
	case len(other) > 0 && other[0].Type == "NOT_FOUND" && len(other[0].Path) < 2:
		return nil, fmt.Errorf("%w: the token cannot see %s", ErrForbidden, ref.FullName())
	case len(other) > 0 && other[0].Type == "FORBIDDEN":
		return nil, fmt.Errorf("%w: %s", ErrForbidden, other[0].Message)
	case len(other) > 0 && other[0].Type == "NOT_FOUND", len(other) == 0 && node == nil:
		return nil, fmt.Errorf("%w: %v", ErrGone, ref)
	case len(other) > 0:
		return nil, fmt.Errorf("%w: GraphQL does not tell what happened to %v: %s", ErrUnavailable, ref, other[0].Message)
	}
	t := node.thread(ref, data.Viewer.Login)
	t.Files = readFiles(data.Repository, errs, files)
	return t, nil
}

func (g *graphThread) thread(ref issue.Ref, self string) *Thread {
	node := g.graphNode
	t := &Thread{Self: self, URL: g.URL, Issue: node.history(ref, self).Issue, Archived: node.Repository.Archived, Cut: g.Comments.PageInfo.HasPreviousPage}
	t.Answered = node.Reactions.own(self)
	for _, n := range g.Edits.Nodes {
		e := fact.Edit{At: n.EditedAt, Text: n.Diff}
		if n.Editor != nil {
			e.By, e.Own = n.Editor.Login, sameBot(n.Editor.Login, self)
		}
		t.Edits = append(t.Edits, e)
	}
	for _, n := range g.Comments.Nodes {
		c := ThreadComment{Answered: n.Reactions.own(self), Edited: n.EditedAt != nil, Comment: event.Comment{
			ID: commentID(n.URL), NodeID: n.ID, Body: n.Body, URL: n.URL, CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt,
		}}
		if n.Author != nil {
			c.Others = n.Editor != nil && !sameBot(n.Editor.Login, n.Author.Login)
			c.Author = n.Author.user()
			c.Own = sameBot(n.Author.Login, self)
		}
		t.Comments = append(t.Comments, c)
	}
	for _, n := range g.Timeline.Nodes {
		if c, ok := n.change(self); ok {
			t.Changes = append(t.Changes, c)
		}
	}
	t.nameSelf()
	return t
}

// nameSelf takes our login from what we did: GraphQL drops the "[bot]" of the one that asks.
func (t *Thread) nameSelf() {
	for _, c := range t.Comments {
		t.NameSelf(c.Comment)
	}
	for _, c := range t.Changes {
		if c.Own {
			t.Self = c.By
		}
	}
}

// NameSelf does so from more comments than the thread shows.
func (t *Thread) NameSelf(comments ...event.Comment) {
	for _, c := range comments {
		if sameBot(c.Author.Login, t.Self) {
			t.Self = c.Author.Login
		}
	}
}

func (a *graphActor) user() event.User {
	u := event.User{Login: a.Login, Bot: a.Type == "Bot", Mute: a.Type == "Organization" || a.Type == "Mannequin"}
	if u.Bot {
		u.Login = strings.TrimSuffix(u.Login, "[bot]") + "[bot]"
	}
	return u
}

// answerReaction is what ddbot answers with where it has nothing to say. Other programs may act as the same account in an
// Action, and react in other ways.
const answerReaction = "THUMBS_UP"

// own is when we last answered with a reaction, zero if we did not.
func (r graphReactions) own(self string) (at time.Time) {
	for _, x := range r.Nodes {
		if x.Content == answerReaction && x.User != nil && sameBot(x.User.Login, self) && x.CreatedAt.After(at) {
			at = x.CreatedAt
		}
	}
	return at
}

var changeKinds = map[string]func(graphChange) event.Kind{
	"LabeledEvent":      func(g graphChange) event.Kind { return event.Labeled{Label: g.Label.Name} },
	"UnlabeledEvent":    func(g graphChange) event.Kind { return event.Unlabeled{Label: g.Label.Name} },
	"AssignedEvent":     func(g graphChange) event.Kind { return event.Assigned{Assignee: g.assignee()} },
	"UnassignedEvent":   func(g graphChange) event.Kind { return event.Unassigned{Assignee: g.assignee()} },
	"MilestonedEvent":   func(g graphChange) event.Kind { return event.Milestoned{Milestone: g.Milestone} },
	"DemilestonedEvent": func(g graphChange) event.Kind { return event.Demilestoned{Milestone: g.Milestone} },
	"ClosedEvent":       func(graphChange) event.Kind { return event.Closed{} },
	"ReopenedEvent":     func(graphChange) event.Kind { return event.Reopened{} },
	"RenamedTitleEvent": func(g graphChange) event.Kind { return event.Edited{OldTitle: &g.Title} },
}

// change reads one; ok is false for what was not asked for.
func (g graphChange) change(self string) (c Change, ok bool) {
	kind, ok := changeKinds[g.Type]
	if !ok {
		return c, false
	}
	c = Change{At: g.CreatedAt, Kind: kind(g)}
	if g.Actor != nil {
		c.By, c.Own = g.Actor.user().Login, sameBot(g.Actor.Login, self)
	}
	return c, true
}

func (g graphChange) assignee() string {
	if g.Assignee == nil {
		return ""
	}
	return g.Assignee.Login
}

// Before gives the issue without the changes that undo tells by their place and nature.
func (t *Thread) Before(undo func(at int, c Change) bool) issue.Snapshot {
	s := t.Issue.Clone()
	for at, c := range slices.Backward(t.Changes) {
		if !undo(at, c) {
			continue
		}
		switch k := c.Kind.(type) {
		case event.Labeled:
			s.Labels = slices.DeleteFunc(s.Labels, func(l string) bool { return issue.SameLabel(l, k.Label) })
		case event.Unlabeled:
			if !s.HasLabel(k.Label) {
				s.Labels = append(s.Labels, k.Label)
			}
		case event.Assigned:
			s.Assignees = slices.DeleteFunc(s.Assignees, func(l string) bool { return issue.SameLogin(l, k.Assignee) })
		case event.Unassigned:
			if !s.HasAssignee(k.Assignee) {
				s.Assignees = append(s.Assignees, k.Assignee)
			}
		case event.Milestoned:
			s.Milestone = ""
		case event.Demilestoned:
			s.Milestone = k.Milestone
		case event.Closed:
			s.State, s.StateReason = issue.Open, ""
		case event.Reopened:
			s.State = issue.Closed
		case event.Edited:
			s.Title = *k.OldTitle // a change of the title
		}
	}
	return s
}
