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

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
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
		return strings.EqualFold(r.GetUser().GetLogin(), self)
	}), err
}

// CommentSince is a comment of a repository, with what a delivery for it needs.
type CommentSince struct {
	event.Comment
	Number int
	raw    *github.IssueComment
}

// CommentsSince lists a repository's comments that changed since a time, in the order of change.
func (c *Client) CommentsSince(ctx context.Context, ref issue.Ref, since time.Time) ([]CommentSince, error) {
	sort, direction := "updated", "asc"
	return all(ctx, c, ref, func(g *github.Client, o github.ListOptions) ([]CommentSince, *github.Response, error) {
		page, res, err := g.Issues.ListComments(ctx, ref.Owner, ref.Repo, 0, &github.IssueListCommentsOptions{
			Sort: &sort, Direction: &direction, Since: &since, ListOptions: o,
		})
		var out []CommentSince
		for _, x := range page {
			number := 0
			if i := strings.LastIndexByte(x.GetIssueURL(), '/'); i >= 0 {
				_, _ = fmt.Sscan(x.GetIssueURL()[i+1:], &number)
			}
			if number > 0 {
				out = append(out, CommentSince{Comment: event.FromComment(x), Number: number, raw: x})
			}
		}
		return out, res, err
	})
}

// CommentPayload makes what GitHub would have sent for the comment's creation.
func (c *Client) CommentPayload(ctx context.Context, ref issue.Ref, repoID, installation int64, comment CommentSince) ([]byte, error) {
	ref.Number = comment.Number
	var i json.RawMessage
	if err := c.raw(ctx, ref, http.MethodGet, path(ref, "issues/%d", ref.Number), nil, &i); err != nil {
		return nil, err
	}
	payload := map[string]any{
		"action": "created", "issue": i, "comment": comment.raw, "sender": comment.raw.User,
		"repository": map[string]any{
			"id": repoID, "name": ref.Repo, "full_name": ref.FullName(), "owner": map[string]any{"login": ref.Owner},
		},
	}
	if installation != 0 {
		payload["installation"] = map[string]any{"id": installation}
	}
	return json.Marshal(payload)
}
