package github

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

// openQuery asks for a page of the open issues or pull requests (KIND) of a repository, each with its history. In the order in which
// they were opened, so that what changes meanwhile does not move.
const openQuery = `query($owner:String!,$name:String!,$first:Int!,$after:String){viewer{login} repository(owner:$owner,name:$name){
pullRequests(states:[OPEN],first:1){totalCount}
page:KIND(states:[OPEN],first:$first,after:$after,orderBy:{field:CREATED_AT,direction:ASC}){pageInfo{hasNextPage endCursor} nodes{__typename EXTRA` + historyFields + `}}}}`

// The kinds of openQuery, with the fields that only one of them has.
var openKinds = []struct{ kind, extra string }{{"issues", "isPinned stateReason "}, {"pullRequests", ""}}

type openPage struct {
	Viewer     graphActor `json:"viewer"`
	Repository struct {
		PullRequests struct{ TotalCount int } `json:"pullRequests"`
		Page         struct {
			PageInfo struct {
				HasNextPage bool
				EndCursor   string
			} `json:"pageInfo"`
			Nodes []*graphNode `json:"nodes"`
		} `json:"page"`
	} `json:"repository"`
}

// ErrPart tells that GitHub gave a list of which something is missing that cannot be asked for.
var ErrPart = errors.New("GraphQL gives only a part of the list")

// OpenIssues reads all open issues and pull requests of a repository with their histories, a hundred in one query, and gives
// each page to take as it comes. Of a history that came in part only the issue is given (History.Part).
func (c *Client) OpenIssues(ctx context.Context, repo issue.Ref, r Reading, take func([]*History) error) error {
	size := 0 // in batches
	for _, k := range openKinds {
		query := r.fill(strings.NewReplacer("KIND", k.kind, "EXTRA", k.extra).Replace(openQuery))
		vars := map[string]any{"owner": repo.Owner, "name": repo.Repo, "after": nil}
		for more := true; more; {
			vars["first"] = batches[size]
			var page openPage
			errs, err := c.graph(ctx, repo, query, vars, &page)
			if err != nil && errors.Is(err, ErrUnavailable) && !IsRateLimit(err) && size+1 < len(batches) {
				size++
				continue
			}
			if err != nil {
				return err
			}
			hs, err := c.openHistories(ctx, repo, r, page, errs)
			if err == nil {
				err = take(hs)
			}
			if err != nil {
				return err
			}
			info := page.Repository.Page.PageInfo
			vars["after"], more = info.EndCursor, info.HasNextPage
			if k.kind == "issues" && !more && page.Repository.PullRequests.TotalCount == 0 {
				return nil
			}
		}
	}
	return nil
}

// openHistories makes histories of a page, and reads further back where that is wanted.
func (c *Client) openHistories(ctx context.Context, repo issue.Ref, r Reading, page openPage, errs []graphError) ([]*History, error) {
	broken := map[int]bool{} // by place on the page
	for _, e := range errs {
		n, ok := placeOf(e.Path, "repository", "page", "nodes")
		if !ok {
			return nil, fmt.Errorf("%w: GraphQL: %s", ErrUnavailable, e.Message)
		}
		broken[n] = true
	}
	var out []*History
	for n, node := range page.Repository.Page.Nodes {
		if node == nil || node.ID == "" || node.Number == 0 {
			return nil, ErrPart
		}
		h := node.history(repo, page.Viewer.Login)
		h.Part = broken[n] || node.UpdatedAt.IsZero()
		if !h.Part {
			if err := c.deepen(ctx, repo, r, h); err != nil {
				return nil, err
			}
		}
		out = append(out, h)
	}
	return out, nil
}
