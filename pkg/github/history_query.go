package github

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// The parts of the query. Of an issue's own edits editor shows the last one only, and ddbot's own ticks would hide a person's:
// userContentEdits shows those before it.
const (
	historyFields = `id number title closed createdAt updatedAt locked BODY
author{__typename login} repository{databaseId isArchived} milestone{title}
labels(first:100){nodes{name}} assignees(first:10){nodes{login}}
lastEditedAt editor{__typename login} userContentEdits(first:50){nodes{editedAt editor{__typename login}}}
reactions(last:10){nodes{createdAt user{login}}}
timelineItems(last:15,itemTypes:[TYPES]){LINES}`

	historyTypes = `ISSUE_COMMENT,LABELED_EVENT,UNLABELED_EVENT,ASSIGNED_EVENT,UNASSIGNED_EVENT,MILESTONED_EVENT,` +
		`DEMILESTONED_EVENT,RENAMED_TITLE_EVENT,CLOSED_EVENT,REOPENED_EVENT`

	historyLines = `pageInfo{hasPreviousPage startCursor}
nodes{__typename
...on IssueComment{url body createdAt lastEditedAt author{__typename login} editor{__typename login} REACTIONS}
...on LabeledEvent{createdAt actor{__typename login} label{name}}
...on UnlabeledEvent{createdAt actor{__typename login} label{name}}
...on AssignedEvent{createdAt actor{__typename login}}
...on UnassignedEvent{createdAt actor{__typename login}}
...on MilestonedEvent{createdAt actor{__typename login}}
...on DemilestonedEvent{createdAt actor{__typename login}}
...on RenamedTitleEvent{createdAt actor{__typename login}}
...on ClosedEvent{createdAt actor{__typename login}}
...on ReopenedEvent{createdAt actor{__typename login}}}`

	olderFields = `id number timelineItems(last:100,before:$before,itemTypes:[TYPES]){LINES}`
)

func (r Reading) fill(query string) string {
	body, reactions := "", ""
	if r.Bodies {
		body = "body"
	}
	if r.Reactions {
		reactions = "reactions(last:10){nodes{createdAt user{login}}}"
	}
	query = strings.ReplaceAll(query, "LINES", historyLines)
	return strings.NewReplacer("BODY", body, "TYPES", historyTypes, "REACTIONS", reactions).Replace(query)
}

func (r Reading) query() string {
	return r.fill(`query($ids:[ID!]!){viewer{login} nodes(ids:$ids){__typename
...on Issue{isPinned stateReason ` + historyFields + `}
...on PullRequest{` + historyFields + `}}}`)
}

func (r Reading) olderQuery() string {
	return r.fill(`query($id:ID!,$before:String){viewer{login} node(id:$id){__typename
...on Issue{` + olderFields + `}
...on PullRequest{` + olderFields + `}}}`)
}

type graphActor struct {
	Type  string `json:"__typename"`
	Login string `json:"login"`
}

type graphReactions struct {
	Nodes []struct {
		CreatedAt time.Time   `json:"createdAt"`
		Content   string      `json:"content"` // in a Thread
		User      *graphActor `json:"user"`
	} `json:"nodes"`
}

type graphNode struct {
	Type        string      `json:"__typename"`
	ID          string      `json:"id"`
	Number      int         `json:"number"`
	Title       string      `json:"title"`
	Body        string      `json:"body"`
	Closed      bool        `json:"closed"` // state has another type for pull requests, so both in one query clash
	StateReason string      `json:"stateReason"`
	CreatedAt   time.Time   `json:"createdAt"`
	UpdatedAt   time.Time   `json:"updatedAt"`
	EditedAt    time.Time   `json:"lastEditedAt"`
	Editor      *graphActor `json:"editor"`
	Locked      bool        `json:"locked"`
	Pinned      bool        `json:"isPinned"`
	Author      *graphActor `json:"author"`
	Repository  struct {
		ID       int64 `json:"databaseId"`
		Archived bool  `json:"isArchived"`
	} `json:"repository"`
	Milestone *struct {
		Title string `json:"title"`
	} `json:"milestone"`
	Labels    struct{ Nodes []struct{ Name string } }  `json:"labels"`
	Assignees struct{ Nodes []struct{ Login string } } `json:"assignees"`
	Edits     struct {
		Nodes []struct {
			EditedAt time.Time   `json:"editedAt"`
			Editor   *graphActor `json:"editor"`
		} `json:"nodes"`
	} `json:"userContentEdits"`
	Reactions graphReactions `json:"reactions"`
	Timeline  struct {
		PageInfo struct {
			HasPreviousPage bool   `json:"hasPreviousPage"`
			StartCursor     string `json:"startCursor"`
		} `json:"pageInfo"`
		Nodes []graphLine `json:"nodes"`
	} `json:"timelineItems"`
}

type graphLine struct {
	Type         string                 `json:"__typename"`
	URL          string                 `json:"url"`
	Body         string                 `json:"body"`
	CreatedAt    time.Time              `json:"createdAt"`
	LastEditedAt time.Time              `json:"lastEditedAt"`
	Author       *graphActor            `json:"author"`
	Editor       *graphActor            `json:"editor"`
	Actor        *graphActor            `json:"actor"`
	Label        *struct{ Name string } `json:"label"`
	Reactions    graphReactions         `json:"reactions"`
}

func (n *graphNode) history(repo issue.Ref, self string) *History {
	s := issue.Snapshot{
		Ref: issue.Ref{Owner: repo.Owner, Repo: repo.Repo, Number: n.Number}, RepoID: n.Repository.ID, NodeID: n.ID,
		Title: n.Title, Body: n.Body, State: issue.Open, StateReason: strings.ToLower(n.StateReason), Locked: n.Locked,
		PullRequest: n.Type == "PullRequest", CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt,
	}
	if n.Closed {
		s.State = issue.Closed
	}
	if n.Author != nil {
		s.Author, s.AuthorIsBot = n.Author.Login, n.Author.Type == "Bot"
		if s.AuthorIsBot {
			s.Author = strings.TrimSuffix(s.Author, "[bot]") + "[bot]"
		}
	}
	if n.Milestone != nil {
		s.Milestone = n.Milestone.Title
	}
	for _, l := range n.Labels.Nodes {
		s.Labels = append(s.Labels, l.Name)
	}
	for _, a := range n.Assignees.Nodes {
		s.Assignees = append(s.Assignees, a.Login)
	}
	h := &History{Issue: s, Pinned: n.Pinned, Archived: n.Repository.Archived, Timeline: n.timeline(self)}
	h.earlier, h.Oldest = n.before()
	for _, e := range n.Edits.Nodes {
		if e.EditedAt.After(n.CreatedAt) { // the first version is the text as it was filed
			h.Timeline = append(h.Timeline, happening(stale.Edit, e.EditedAt, e.Editor, self))
		}
	}
	if n.EditedAt.After(n.CreatedAt) && len(n.Edits.Nodes) == 0 { // the last one, where GitHub does not show them all
		h.Timeline = append(h.Timeline, happening(stale.Edit, n.EditedAt, n.Editor, self))
	}
	h.Timeline = append(h.Timeline, n.Reactions.happenings(self)...)
	slices.SortStableFunc(h.Timeline, func(a, b stale.TimelineEvent) int { return a.At.Compare(b.At) })
	return h
}

// before gives where the lines before these are, and the time of the first of these.
func (n *graphNode) before() (cursor string, oldest time.Time) {
	if !n.Timeline.PageInfo.HasPreviousPage || len(n.Timeline.Nodes) == 0 {
		return "", time.Time{}
	}
	return n.Timeline.PageInfo.StartCursor, n.Timeline.Nodes[0].CreatedAt
}

var lineKinds = map[string]stale.Kind{
	"IssueComment": stale.Comment, "LabeledEvent": stale.Label, "UnlabeledEvent": stale.Unlabel,
	"AssignedEvent": stale.Change, "UnassignedEvent": stale.Change, "MilestonedEvent": stale.Change,
	"DemilestonedEvent": stale.Change, "RenamedTitleEvent": stale.Edit, "ClosedEvent": stale.Close,
	"ReopenedEvent": stale.Reopen,
}

func (n *graphNode) timeline(self string) []stale.TimelineEvent {
	var hs []stale.TimelineEvent
	for _, l := range n.Timeline.Nodes {
		h := happening(lineKinds[l.Type], l.CreatedAt, cmp.Or(l.Author, l.Actor), self)
		h.Text, h.ID = l.Body, commentID(l.URL)
		if l.Label != nil {
			h.Label = l.Label.Name
		}
		hs = append(hs, h)
		if !l.LastEditedAt.IsZero() {
			e := happening(stale.Edit, l.LastEditedAt, l.Editor, self)
			e.Text = l.Body
			hs = append(hs, e)
		}
		hs = append(hs, l.Reactions.happenings(self)...)
	}
	slices.SortStableFunc(hs, func(a, b stale.TimelineEvent) int { return a.At.Compare(b.At) })
	return hs
}

// commentID reads a comment's id from its address: databaseId is a 32-bit number, and the ids have outgrown it.
func commentID(address string) int64 {
	_, number, _ := strings.Cut(address, "#issuecomment-")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

func (r graphReactions) happenings(self string) []stale.TimelineEvent {
	var hs []stale.TimelineEvent
	for _, x := range r.Nodes {
		hs = append(hs, happening(stale.Reaction, x.CreatedAt, x.User, self))
	}
	return hs
}

// happening dates something to somebody. An account that is gone was a person's as far as anybody can tell.
func happening(kind stale.Kind, at time.Time, by *graphActor, self string) stale.TimelineEvent {
	h := stale.TimelineEvent{Kind: kind, At: at}
	if by != nil {
		h.By, h.Bot, h.Own = by.Login, by.Type == "Bot", sameBot(by.Login, self)
	}
	return h
}
