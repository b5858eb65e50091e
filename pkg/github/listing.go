package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
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
	seen := map[int]int{} // by number: where in out.Issues
	page := issuePage{number: 1, etag: l.ETag}
	for byNumber := false; ; {
		got, err := c.issuePage(ctx, repo, l.State, out.Since, page)
		if err != nil {
			return Listed{}, err
		}
		if got.unchanged {
			out.Unchanged = true
			return out, nil
		}
		out.add(seen, got.rows)
		out.ETag = got.etag
		page.etag = ""
		byNumber = byNumber || !got.inOrder(out.Since)
		newest := got.newest()
		switch {
		case byNumber && got.more:
			page.number++
		case byNumber, !got.more && page.number == 1:
			return out, nil
		case !got.more && !out.Since.Before(c.hub.o.Now().Add(-settled)):
			out.ETag = "" // a crowded second that is not over: read it again next time
			return out, nil
		case !got.more:
			out.Since, page.number = out.Since.Add(time.Second), 1
		case newest.After(out.Since):
			out.Since, page.number = newest, 1
		default:
			page.number++
		}
	}
}

// add takes a page in; a later row of an issue replaces an earlier one.
func (l *Listed) add(seen map[int]int, rows []issue.Snapshot) {
	for _, r := range rows {
		if n, again := seen[r.Ref.Number]; again {
			l.Issues[n] = r
			continue
		}
		seen[r.Ref.Number] = len(l.Issues)
		l.Issues = append(l.Issues, r)
	}
}

const perPage = 100

// issuePage is a page of the listing: what it is asked with, and what came.
type issuePage struct {
	number    int
	etag      string
	rows      []issue.Snapshot
	more      bool // there is another page
	unchanged bool
}

// inOrder tells whether the page is what was asked for: a server that goes its own way is followed by page numbers.
func (p issuePage) inOrder(since time.Time) bool {
	return (len(p.rows) == 0 || !p.rows[0].UpdatedAt.Before(since.Truncate(time.Second))) &&
		slices.IsSortedFunc(p.rows, func(a, b issue.Snapshot) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
}

func (p issuePage) newest() time.Time {
	if len(p.rows) == 0 {
		return time.Time{}
	}
	return p.rows[len(p.rows)-1].UpdatedAt
}

func (c *Client) issuePage(ctx context.Context, repo issue.Ref, state string, since time.Time, ask issuePage) (got issuePage, err error) {
	q := url.Values{"state": {state}, "sort": {"updated"}, "direction": {"asc"}, "per_page": {fmt.Sprint(perPage)}}
	if !since.IsZero() {
		q.Set("since", since.UTC().Format(time.RFC3339))
	}
	if ask.number > 1 {
		q.Set("page", fmt.Sprint(ask.number))
	}
	list, err := do(ctx, c, repo, func(g *github.Client) ([]*github.Issue, *github.Response, error) {
		address, err := within(repo, "issues").address()
		if err != nil {
			return nil, nil, err
		}
		req, err := g.NewRequest(http.MethodGet, address+"?"+q.Encode(), nil)
		if err != nil {
			return nil, nil, err
		}
		if ask.etag != "" {
			req.Header.Set("If-None-Match", ask.etag)
		}
		var list []*github.Issue
		res, err := g.Do(ctx, req, &list)
		if res != nil && res.StatusCode == http.StatusNotModified {
			got.unchanged = true
			return nil, res, nil
		}
		if res != nil {
			got.etag, got.more = res.Header.Get("ETag"), res.NextPage > 0 || len(list) >= perPage
		}
		return list, res, err
	})
	for _, i := range list {
		s := payload.Snapshot(issue.Ref{Owner: repo.Owner, Repo: repo.Repo, Number: i.GetNumber()}, 0, i)
		s.Body = ""
		got.rows = append(got.rows, s)
	}
	return got, err
}

// RepoID gives a repository's id, which survives renames.
func (c *Client) RepoID(ctx context.Context, repo issue.Ref) (int64, error) {
	r, err := do(ctx, c, repo, func(g *github.Client) (*github.Repository, *github.Response, error) {
		return g.Repositories.Get(ctx, repo.Owner, repo.Repo)
	})
	return r.GetID(), want(err, r.GetID() != 0, "repository")
}
