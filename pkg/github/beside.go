package github

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/issue"
)

// OpenIssue opens an issue and gives its number.
func (c *Client) OpenIssue(ctx context.Context, repo issue.Ref, title, body string, labels []string) (int, error) {
	i, err := do(ctx, c, repo, func(g *github.Client) (*github.Issue, *github.Response, error) {
		in := &github.IssueRequest{Title: &title, Body: &body}
		if len(labels) > 0 {
			in.Labels = &labels
		}
		return g.Issues.Create(ctx, repo.Owner, repo.Repo, in)
	})
	return i.GetNumber(), want(err, i.GetNumber() != 0, "issue")
}

// OwnIssue finds an issue that self opened and that ends with a marker, the newest first; 0 if there is none. GraphQL, from which an
// Action learns who it is, leaves out the "[bot]" by which REST knows an App.
func (c *Client) OwnIssue(ctx context.Context, repo issue.Ref, self, marker string) (int, error) {
	names := []string{self}
	if !strings.HasSuffix(self, "[bot]") {
		names = append(names, self+"[bot]")
	}
	for _, name := range names {
		list, err := all(ctx, c, repo, func(g *github.Client, o github.ListOptions) ([]*github.Issue, *github.Response, error) {
			return g.Issues.ListByRepo(ctx, repo.Owner, repo.Repo, &github.IssueListByRepoOptions{
				State: "all", Creator: name, Sort: "created", Direction: "desc", ListOptions: o,
			})
		})
		if err != nil && !errors.Is(err, ErrInvalid) { // that is no login
			return 0, err
		}
		for _, i := range list {
			if strings.HasSuffix(strings.TrimSpace(i.GetBody()), marker) && sameBot(i.GetUser().GetLogin(), self) {
				return i.GetNumber(), nil
			}
		}
	}
	return 0, nil
}

// Mentions lists the pull requests that mention an issue, the oldest first.
func (c *Client) Mentions(ctx context.Context, ref issue.Ref) ([]issue.Ref, error) {
	return all(ctx, c, ref, func(g *github.Client, o github.ListOptions) ([]issue.Ref, *github.Response, error) {
		page, res, err := g.Issues.ListIssueTimeline(ctx, ref.Owner, ref.Repo, ref.Number, &o)
		var out []issue.Ref
		for _, e := range page {
			from := e.GetSource().GetIssue()
			if e.GetEvent() != "cross-referenced" || !from.IsPullRequest() {
				continue
			}
			_, name, _ := strings.Cut(from.GetRepositoryURL(), "/repos/")
			if at, bad := issue.ParseRef(fmt.Sprintf("%s#%d", name, from.GetNumber())); bad == nil {
				out = append(out, at)
			}
		}
		return out, res, err
	})
}
