package github

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// History is an issue with the latest of what happened to it, oldest first.
type History struct {
	Issue    issue.Snapshot
	Pinned   bool
	Timeline []stale.TimelineEvent
	Archived bool      // its repository is read-only
	Gone     bool      // the issue was deleted or has moved away
	Part     bool      // GitHub gave only a part of it: nothing but the issue's number and node id is sure
	Oldest   time.Time // how far back the happenings reach; zero is all the way

	earlier string // the cursor of what lies before, empty if there is nothing
}

// Reading says what Histories reads beyond the usual.
type Reading struct {
	Bodies    bool // the issues' descriptions
	Reactions bool // those to comments, too
	// Enough tells whether a history reaches back far enough; nil is always. Where it does not, more is read.
	Enough func(*History) bool
}

// batches are the sizes that are tried: GitHub answers costly queries in part, or not at all.
var batches = []int{100, 50, 25}

// Histories reads issues by node id, a hundred in one query. What comes back in part is asked for again in smaller
// queries; an entry that is still unknown then is nil.
func (c *Client) Histories(ctx context.Context, repo issue.Ref, ids []string, r Reading) ([]*History, error) {
	found := map[string]*History{}
	left := ids
	for _, size := range batches {
		var missing []string
		for len(left) > 0 {
			n := min(size, len(left))
			err := c.histories(ctx, repo, left[:n], r, found)
			if err != nil && (!errors.Is(err, ErrUnavailable) || IsRateLimit(err) || size == batches[len(batches)-1]) {
				return nil, err
			}
			for _, id := range left[:n] {
				if found[id] == nil {
					missing = append(missing, id)
				}
			}
			left = left[n:]
		}
		left = missing
	}
	out := make([]*History, len(ids))
	for n, id := range ids {
		out[n] = found[id]
		if err := c.deepen(ctx, repo, r, out[n]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// deepen reads further back until it is enough. h may be nil.
func (c *Client) deepen(ctx context.Context, repo issue.Ref, r Reading, h *History) error {
	for range maxOlder {
		if h == nil || h.earlier == "" || r.Enough == nil || r.Enough(h) {
			break
		}
		if err := c.older(ctx, repo, h.Issue.NodeID, r, h); err != nil {
			return err
		}
	}
	return nil
}

// OwnActions gives what the bot itself has done to an issue since a time, oldest first.
func (c *Client) OwnActions(ctx context.Context, s issue.Snapshot, since time.Time) ([]stale.TimelineEvent, error) {
	hs, err := c.Histories(ctx, s.Ref, []string{s.NodeID}, Reading{})
	if err != nil || hs[0] == nil {
		return nil, err
	}
	return slices.DeleteFunc(hs[0].Timeline, func(h stale.TimelineEvent) bool { return !h.Own || h.At.Before(since) }), nil
}

// IsRateLimit tells whether GitHub wants no more requests for a while.
func IsRateLimit(err error) bool {
	var limited *RateLimitError
	return errors.As(err, &limited)
}

// maxOlder bounds the pages that are read back of one issue.
const maxOlder = 20

func (c *Client) histories(ctx context.Context, repo issue.Ref, ids []string, r Reading, found map[string]*History) error {
	var data struct {
		Viewer graphActor   `json:"viewer"`
		Nodes  []*graphNode `json:"nodes"`
	}
	errs, err := c.graph(ctx, repo, r.query(), map[string]any{"ids": ids}, &data)
	if err != nil {
		return err
	}
	partial := map[int]string{} // by place in ids: the error's type
	for _, e := range errs {
		if n, ok := placeOf(e.Path, "nodes"); ok {
			partial[n] = e.Type
		} else {
			return fmt.Errorf("%w: GraphQL: %s", ErrUnavailable, e.Message)
		}
	}
	for n, id := range ids {
		kind, broken := partial[n]
		switch {
		case kind == "NOT_FOUND":
			found[id] = &History{Gone: true}
		case broken || n >= len(data.Nodes) || data.Nodes[n] == nil || data.Nodes[n].UpdatedAt.IsZero():
			// Unknown: even what is there may be incomplete.
		default:
			found[id] = data.Nodes[n].history(repo, data.Viewer.Login)
		}
	}
	return nil
}

// placeOf gives the place in a list that an error is about; the list is where these names lead.
func placeOf(path []any, names ...string) (int, bool) {
	if len(path) <= len(names) {
		return 0, false
	}
	for i, name := range names {
		if path[i] != name {
			return 0, false
		}
	}
	n, ok := path[len(names)].(float64)
	return int(n), ok
}

// older reads the page of the timeline before what is known.
func (c *Client) older(ctx context.Context, repo issue.Ref, id string, r Reading, h *History) error {
	var data struct {
		Viewer graphActor `json:"viewer"`
		Node   *graphNode `json:"node"`
	}
	errs, err := c.graph(ctx, repo, r.olderQuery(), map[string]any{"id": id, "before": h.earlier}, &data)
	if err == nil && (len(errs) > 0 || data.Node == nil) {
		err = fmt.Errorf("%w: GraphQL gives no earlier part of the history of %v", ErrUnavailable, h.Issue.Ref)
	}
	if err != nil {
		return err
	}
	h.Timeline = append(data.Node.timeline(data.Viewer.Login), h.Timeline...)
	h.earlier, h.Oldest = data.Node.before()
	return nil
}

// sameBot compares logins as GraphQL and REST give them: GraphQL drops the "[bot]" of an App.
func sameBot(a, b string) bool {
	return a != "" && issue.SameLogin(strings.TrimSuffix(a, "[bot]"), strings.TrimSuffix(b, "[bot]"))
}
