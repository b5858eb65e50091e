package github

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
)

const ownCommentQuery = `query($owner:String!,$name:String!,$number:Int!,$after:String){viewer{login}
repository(owner:$owner,name:$name){issueOrPullRequest(number:$number){
...on Issue{comments(first:100,after:$after){PAGE}}
...on PullRequest{comments(first:100,after:$after){PAGE}}}}}`

const ownCommentPage = `pageInfo{hasNextPage endCursor} nodes{url body author{__typename login} lastEditedAt editor{__typename login}
userContentEdits(first:10){nodes{diff editor{__typename login}}}}`

type graphOwnComment struct {
	URL    string      `json:"url"`
	Body   string      `json:"body"`
	Author *graphActor `json:"author"`
	Editor *graphActor `json:"editor"`
	Edits  struct {
		Nodes []struct {
			Diff   *string     `json:"diff"`
			Editor *graphActor `json:"editor"`
		} `json:"nodes"`
	} `json:"userContentEdits"`
}

// OwnComment finds our own comment that ends with a marker, as we last wrote it: who may write here can edit it, and what others wrote
// into it counts for nothing.
func (c *Client) OwnComment(ctx context.Context, ref issue.Ref, marker string) (fact.Status, error) {
	after := any(nil)
	for {
		var data struct {
			Viewer     graphActor `json:"viewer"`
			Repository *struct {
				Issue *struct {
					Comments struct {
						PageInfo struct {
							HasNextPage bool   `json:"hasNextPage"`
							EndCursor   string `json:"endCursor"`
						} `json:"pageInfo"`
						Nodes []graphOwnComment `json:"nodes"`
					} `json:"comments"`
				} `json:"issueOrPullRequest"`
			} `json:"repository"`
		}
		vars := map[string]any{"owner": ref.Owner, "name": ref.Repo, "number": ref.Number, "after": after}
		errs, err := c.graph(ctx, ref, strings.ReplaceAll(ownCommentQuery, "PAGE", ownCommentPage), vars, &data)
		switch {
		case err != nil:
			return fact.Status{}, err
		case len(errs) > 0 && errs[0].Type == "NOT_FOUND", len(errs) == 0 && (data.Repository == nil || data.Repository.Issue == nil):
			return fact.Status{}, fmt.Errorf("%w: %v", ErrGone, ref)
		case len(errs) > 0:
			return fact.Status{}, fmt.Errorf("%w: GraphQL does not show the comments of %v: %s", ErrUnavailable, ref, errs[0].Message)
		}
		page := data.Repository.Issue.Comments
		for _, n := range page.Nodes {
			if s, ok := n.status(data.Viewer.Login, marker); ok {
				return s, nil
			}
		}
		if !page.PageInfo.HasNextPage {
			return fact.Status{}, nil
		}
		after = page.PageInfo.EndCursor
	}
}

// status gives what we last wrote into the comment; ok is false if it is not ours, or is another one.
func (n graphOwnComment) status(self, marker string) (s fact.Status, ok bool) {
	own := func(a *graphActor) bool { return a != nil && sameBot(a.Login, self) }
	marked := func(body string) bool { return strings.HasSuffix(strings.TrimSpace(body), marker) }
	if !own(n.Author) {
		return s, false
	}
	s = fact.Status{ID: commentID(n.URL), Body: n.Body, Edited: n.Editor != nil && !own(n.Editor)}
	if !s.Edited {
		return s, marked(n.Body)
	}
	i := slices.IndexFunc(n.Edits.Nodes, func(e struct {
		Diff   *string     `json:"diff"`
		Editor *graphActor `json:"editor"`
	}) bool {
		return own(e.Editor) && e.Diff != nil
	})
	if i < 0 || !marked(*n.Edits.Nodes[i].Diff) {
		return s, false
	}
	s.Body = *n.Edits.Nodes[i].Diff
	return s, true
}

// Elsewhere tells how another issue or pull request stands. What we may not see, or is no more, has no state. Looked at again it
// costs nothing as long as nothing has changed.
func (c *Client) Elsewhere(ctx context.Context, ref issue.Ref) (fact.Elsewhere, error) {
	var i struct {
		State string `json:"state"`
		Title string `json:"title"`
		Body  string `json:"body"`
		User  struct {
			Login string `json:"login"`
		} `json:"user"`
		Labels []*github.Label `json:"labels"`
		Pull   struct {
			Merged *string `json:"merged_at"`
		} `json:"pull_request"`
	}
	err := c.rawIfChanged(ctx, ref, within(ref, "issues", ref.Number), &i)
	if errors.Is(err, ErrGone) || errors.Is(err, ErrForbidden) {
		return fact.Elsewhere{}, nil
	}
	if err := want(err, i.State != "", "issue"); err != nil {
		return fact.Elsewhere{}, err
	}
	e := fact.Elsewhere{State: i.State, Title: i.Title, Body: i.Body, Author: i.User.Login, Labels: names(i.Labels)}
	if i.Pull.Merged != nil {
		e.State = "merged"
	}
	return e, nil
}

// Public tells whether everybody may read a repository.
func (c *Client) Public(ctx context.Context, ref issue.Ref) (bool, error) {
	var repo struct {
		Private *bool `json:"private"`
	}
	err := c.rawIfChanged(ctx, ref, within(ref), &repo)
	if err := want(err, repo.Private != nil, "private"); err != nil {
		return false, err
	}
	return !*repo.Private, nil
}

// maxApplications bounds a queue: each costs a query.
const maxApplications = 100

// Applications lists the open issues with a label, oldest first, with our status comments on them.
func (c *Client) Applications(ctx context.Context, repo issue.Ref, label string) ([]fact.Application, error) {
	list, err := all(ctx, c, repo, func(g *github.Client, o github.ListOptions) ([]*github.Issue, *github.Response, error) {
		return g.Issues.ListByRepo(ctx, repo.Owner, repo.Repo, &github.IssueListByRepoOptions{
			State: "open", Labels: []string{label}, Sort: "created", Direction: "asc", ListOptions: o,
		})
	})
	if err != nil {
		return nil, err
	}
	var out []fact.Application
	for _, i := range list {
		if i.IsPullRequest() || len(out) == maxApplications {
			continue
		}
		ref := issue.Ref{Owner: repo.Owner, Repo: repo.Repo, Number: i.GetNumber()}
		status, err := c.OwnComment(ctx, ref, plan.Marker(fact.StatusKey))
		if err != nil {
			return nil, err
		}
		out = append(out, fact.Application{Issue: payload.Snapshot(ref, 0, i), Status: status})
	}
	return out, nil
}
