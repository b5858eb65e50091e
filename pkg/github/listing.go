package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Listing asks for a repository's issues and pull requests that changed since a time, that second included.
type Listing struct {
	State string // open or all
	Since time.Time
	ETag  string // of the same listing, read before
}

// Listed is the answer, without bodies, by time of the last change. Since and ETag make the next Listing: one that costs
// nothing while nothing has changed.
type Listed struct {
	Issues    []issue.Snapshot
	Unchanged bool // as when the ETag was given
	Since     time.Time
	ETag      string
}

// settled is how old a second must be before nothing more can be dated to it.
const settled = time.Minute

// ListIssues collects all pages. It goes on by time and not by page number, so that an issue that changes meanwhile, and
// so moves to the end, does not push another one over the edge of a page (actions/stale#1360). Only where a hundred
// issues changed in one second are pages counted.
func (c *Client) ListIssues(ctx context.Context, repo issue.Ref, l Listing) (Listed, error) {
	out := Listed{Since: l.Since, ETag: l.ETag}
	at := map[int]int{} // by number: where in out.Issues
	for page, etag := 1, l.ETag; ; etag = "" {
		rows, tag, unchanged, err := c.issuePage(ctx, repo, l.State, out.Since, page, etag)
		if err != nil {
			return Listed{}, err
		}
		if unchanged {
			out.Unchanged = true
			return out, nil
		}
		for _, r := range rows {
			if n, again := at[r.Ref.Number]; again {
				out.Issues[n] = r
				continue
			}
			at[r.Ref.Number] = len(out.Issues)
			out.Issues = append(out.Issues, r)
		}
		out.ETag = tag
		var newest time.Time
		if len(rows) > 0 {
			newest = rows[len(rows)-1].UpdatedAt
		}
		switch {
		case len(rows) < perPage && page == 1:
			return out, nil
		case len(rows) < perPage && !out.Since.Before(c.hub.o.Now().Add(-settled)):
			out.ETag = "" // a crowded second that is not over: read it again next time
			return out, nil
		case len(rows) < perPage:
			out.Since, page = out.Since.Add(time.Second), 1
		case newest.After(out.Since):
			out.Since, page = newest, 1
		default:
			page++
		}
	}
}

const perPage = 100

func (c *Client) issuePage(ctx context.Context, repo issue.Ref, state string, since time.Time, page int, etag string) (rows []issue.Snapshot, tag string, unchanged bool, err error) {
	q := url.Values{"state": {state}, "sort": {"updated"}, "direction": {"asc"}, "per_page": {fmt.Sprint(perPage)}}
	if !since.IsZero() {
		q.Set("since", since.UTC().Format(time.RFC3339))
	}
	if page > 1 {
		q.Set("page", fmt.Sprint(page))
	}
	list, err := do(ctx, c, repo, func(g *github.Client) ([]*github.Issue, *github.Response, error) {
		req, err := g.NewRequest(http.MethodGet, path(repo, "issues")+"?"+q.Encode(), nil)
		if err != nil {
			return nil, nil, err
		}
		if etag != "" {
			req.Header.Set("If-None-Match", etag)
		}
		var list []*github.Issue
		res, err := g.Do(ctx, req, &list)
		if res != nil && res.StatusCode == http.StatusNotModified {
			unchanged = true
			return nil, res, nil
		}
		if res != nil {
			tag = res.Header.Get("ETag")
		}
		return list, res, err
	})
	for _, i := range list {
		s := event.Snapshot(issue.Ref{Owner: repo.Owner, Repo: repo.Repo, Number: i.GetNumber()}, 0, i)
		s.Body = ""
		rows = append(rows, s)
	}
	return rows, tag, unchanged, err
}

// RepoID gives a repository's id, which survives renames.
func (c *Client) RepoID(ctx context.Context, repo issue.Ref) (int64, error) {
	r, err := do(ctx, c, repo, func(g *github.Client) (*github.Repository, *github.Response, error) {
		return g.Repositories.Get(ctx, repo.Owner, repo.Repo)
	})
	return r.GetID(), err
}
