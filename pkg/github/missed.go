package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v57/github"
	"github.com/tidwall/gjson"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
)

// Hook names a webhook: the App's own, or one of a repository.
type Hook struct {
	App bool
	ID  int64 // of a repository's hook
}

// HookDelivery is one attempt of GitHub to deliver an event.
type HookDelivery struct {
	ID     int64
	GUID   string
	Event  string
	Action string
	OK     bool // the receiver answered with 2xx
	At     time.Time
}

// maxDeliveryPages bounds how far back the log of deliveries is read: 100 a page.
const maxDeliveryPages = 50

// IsApp tells whether we act as a GitHub App.
func (h *Hub) IsApp() bool { return h.apps != nil }

// HookDeliveries reads GitHub's log of deliveries back to a time, newest first; cut tells that it goes on further back
// than is read. ErrForbidden or ErrGone says that we have no right to it.
func (c *Client) HookDeliveries(ctx context.Context, ref issue.Ref, hook Hook, since time.Time) (out []HookDelivery, cut bool, err error) {
	o := &github.ListCursorOptions{PerPage: 100}
	for range maxDeliveryPages {
		cursor := ""
		page, err := doHook(ctx, c, ref, hook, func(g *github.Client) ([]*github.HookDelivery, *github.Response, error) {
			var page []*github.HookDelivery
			var res *github.Response
			var err error
			if hook.App {
				page, res, err = g.Apps.ListHookDeliveries(ctx, o)
			} else {
				page, res, err = g.Repositories.ListHookDeliveries(ctx, ref.Owner, ref.Repo, hook.ID, o)
			}
			if res != nil {
				cursor = res.Cursor
			}
			return page, res, err
		})
		if err != nil {
			return nil, false, err
		}
		for _, d := range page {
			if d.GetDeliveredAt().Before(since) {
				return out, false, nil
			}
			out = append(out, HookDelivery{
				ID: d.GetID(), GUID: d.GetGUID(), Event: d.GetEvent(), Action: d.GetAction(),
				OK: d.GetStatusCode() >= 200 && d.GetStatusCode() < 300, At: d.GetDeliveredAt().Time,
			})
		}
		if cursor == "" || len(page) == 0 {
			return out, false, nil
		}
		o.Cursor = cursor
	}
	return out, true, nil
}

// Redeliver asks GitHub to deliver once more, with the same GUID.
func (c *Client) Redeliver(ctx context.Context, ref issue.Ref, hook Hook, id int64) error {
	_, err := doHook(ctx, c, ref, hook, func(g *github.Client) (*github.HookDelivery, *github.Response, error) {
		if hook.App {
			return g.Apps.RedeliverHookDelivery(ctx, id)
		}
		return g.Repositories.RedeliverHookDelivery(ctx, ref.Owner, ref.Repo, hook.ID, id)
	})
	return err
}

// doHook calls as the App itself for its own hook, not as an installation. "Accepted" is a yes.
func doHook[T any](ctx context.Context, c *Client, ref issue.Ref, hook Hook, call func(*github.Client) (T, *github.Response, error)) (T, error) {
	asked := func(g *github.Client) (T, *github.Response, error) {
		v, res, err := call(g)
		if _, ok := errors.AsType[*github.AcceptedError](err); ok {
			err = nil
		}
		return v, res, err
	}
	if hook.App {
		v, _, err := asked(c.hub.Client(0).rest)
		return v, classify(err, c.hub.o.Now())
	}
	return do(ctx, c, ref, asked)
}

// Reacted tells whether the bot has reacted to a comment, or with comment 0 to the issue.
func (c *Client) Reacted(ctx context.Context, ref issue.Ref, commentID int64) (bool, error) {
	self, err := c.Self(ctx)
	if err != nil {
		return false, err
	}
	reactions, err := all(ctx, c, ref, func(g *github.Client, o github.ListOptions) ([]*github.Reaction, *github.Response, error) {
		if commentID == 0 {
			return g.Reactions.ListIssueReactions(ctx, ref.Owner, ref.Repo, ref.Number, &o)
		}
		return g.Reactions.ListIssueCommentReactions(ctx, ref.Owner, ref.Repo, commentID, &o)
	})
	if errors.Is(err, ErrGone) {
		return false, nil
	}
	return slices.ContainsFunc(reactions, func(r *github.Reaction) bool {
		return issue.SameLogin(r.GetUser().GetLogin(), self)
	}), err
}

// Written is a text that somebody wrote: a comment, or an issue as it was opened. The ID is 0 for an issue's own text.
type Written struct {
	event.Comment
	Number int
	raw    any // what GitHub said of it
}

// CommentsSince lists a repository's comments that changed since a time, in the order of change.
func (c *Client) CommentsSince(ctx context.Context, ref issue.Ref, since time.Time) ([]Written, error) {
	return all(ctx, c, ref, c.comments(ctx, ref, since, "asc"))
}

// LatestComments lists a repository's latest comments, newest first, on so many pages of a hundred at most.
func (c *Client) LatestComments(ctx context.Context, ref issue.Ref, pages int) (out []Written, err error) {
	list := c.comments(ctx, ref, time.Time{}, "desc")
	for n := range pages {
		page, err := do(ctx, c, ref, func(g *github.Client) ([]Written, *github.Response, error) {
			return list(g, github.ListOptions{PerPage: 100, Page: n + 1})
		})
		if err != nil {
			return nil, err
		}
		if out = append(out, page...); len(page) < 100 {
			break
		}
	}
	return out, nil
}

func (c *Client) comments(ctx context.Context, ref issue.Ref, since time.Time, direction string) func(*github.Client, github.ListOptions) ([]Written, *github.Response, error) {
	sort := "updated"
	return func(g *github.Client, o github.ListOptions) ([]Written, *github.Response, error) {
		opts := &github.IssueListCommentsOptions{Sort: &sort, Direction: &direction, ListOptions: o}
		if !since.IsZero() {
			opts.Since = &since
		}
		page, res, err := g.Issues.ListComments(ctx, ref.Owner, ref.Repo, 0, opts)
		var out []Written
		for _, x := range page {
			number := 0
			if i := strings.LastIndexByte(x.GetIssueURL(), '/'); i >= 0 {
				_, _ = fmt.Sscan(x.GetIssueURL()[i+1:], &number)
			}
			if number > 0 {
				out = append(out, Written{Comment: payload.FromComment(x), Number: number, raw: x})
			}
		}
		return out, res, err
	}
}

// OpenedSince lists the issues and pull requests that were opened since a time.
func (c *Client) OpenedSince(ctx context.Context, ref issue.Ref, since time.Time) ([]Written, error) {
	changed, err := all(ctx, c, ref, func(g *github.Client, o github.ListOptions) ([]*github.Issue, *github.Response, error) {
		return g.Issues.ListByRepo(ctx, ref.Owner, ref.Repo, &github.IssueListByRepoOptions{
			State: "all", Sort: "created", Direction: "desc", Since: since, ListOptions: o,
		})
	})
	var out []Written
	for _, i := range changed {
		if i.GetCreatedAt().Before(since) {
			continue
		}
		s := payload.Snapshot(issue.Ref{Owner: ref.Owner, Repo: ref.Repo, Number: i.GetNumber()}, 0, i)
		out = append(out, Written{Number: i.GetNumber(), raw: i, Comment: event.Comment{
			NodeID: s.NodeID, Body: s.Body, Author: event.AuthorOf(s), URL: i.GetHTMLURL(),
			CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
		}})
	}
	return out, err
}

const editorsQuery = `query($id:ID!){node(id:$id){
...on IssueComment{userContentEdits(first:100){totalCount nodes{editedAt editor{login}}}}
...on Issue{userContentEdits(first:100){totalCount nodes{editedAt editor{login}}}}
...on PullRequest{userContentEdits(first:100){totalCount nodes{editedAt editor{login}}}}}}`

// Untouched tells whether a text is what its author wrote: nobody else has ever edited the comment, and nobody at all but the
// bot itself the issue. (Of an edited text GitHub's history begins with how it was created.)
func (c *Client) Untouched(ctx context.Context, ref issue.Ref, w Written, self string) (bool, error) {
	var data struct {
		Node *struct {
			Edits struct {
				TotalCount int `json:"totalCount"`
				Nodes      []struct {
					EditedAt time.Time   `json:"editedAt"`
					Editor   *graphActor `json:"editor"`
				} `json:"nodes"`
			} `json:"userContentEdits"`
		} `json:"node"`
	}
	errs, err := c.graph(ctx, ref, editorsQuery, map[string]any{"id": w.NodeID}, &data)
	if err == nil && (len(errs) > 0 || data.Node == nil) {
		err = fmt.Errorf("%w: GraphQL does not tell who edited %s", ErrUnavailable, w.URL)
	}
	if err != nil {
		return false, err
	}
	edits := data.Node.Edits
	for _, e := range edits.Nodes {
		by := func(login string) bool { return login != "" && e.Editor != nil && sameBot(e.Editor.Login, login) }
		switch created := !e.EditedAt.After(w.CreatedAt); {
		case by(w.Author.Login) && (w.ID != 0 || created):
		case by(self) && !by(w.Author.Login):
		default:
			return false, nil
		}
	}
	return edits.TotalCount <= len(edits.Nodes), nil
}

// Payload makes what GitHub would have sent when the text was written.
func (c *Client) Payload(ctx context.Context, ref issue.Ref, repoID, installation int64, w Written) (name string, payload []byte, err error) {
	fields := map[string]any{
		"sender": map[string]any{"login": w.Author.Login, "type": "User"},
		"repository": map[string]any{
			"id": repoID, "name": ref.Repo, "full_name": ref.FullName(), "owner": map[string]any{"login": ref.Owner},
		},
	}
	if installation != 0 {
		fields["installation"] = map[string]any{"id": installation}
	}
	if w.ID == 0 {
		name, fields["action"], fields["issue"] = "issues", "opened", w.raw
	} else {
		var i json.RawMessage
		ref.Number = w.Number
		err := c.raw(ctx, ref, http.MethodGet, within(ref, "issues", ref.Number), nil, &i)
		if err := want(err, gjson.GetBytes(i, "number").Int() != 0, "issue"); err != nil {
			return "", nil, err
		}
		name, fields["action"], fields["issue"], fields["comment"] = "issue_comment", "created", i, w.raw
	}
	payload, err = json.Marshal(fields)
	return name, payload, err
}
