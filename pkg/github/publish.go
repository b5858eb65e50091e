package github

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// Branch reads a file on a branch, and the newest pull request from there.
func (c *Client) Branch(ctx context.Context, repo issue.Ref, branch, path string) (b fact.Branch, err error) {
	r, err := do(ctx, c, repo, func(g *github.Client) (*github.Repository, *github.Response, error) {
		return g.Repositories.Get(ctx, repo.Owner, repo.Repo)
	})
	if err := want(err, r.GetDefaultBranch() != "", "default branch"); err != nil {
		return b, err
	}
	b.Default = r.GetDefaultBranch()
	if b.From, err = c.tip(ctx, repo, b.Default); err != nil {
		return b, err
	}
	tip, err := c.tip(ctx, repo, branch)
	if err != nil {
		return b, err
	}
	b.Exists = tip != ""
	at := b.Default
	if b.Exists {
		at = branch
	}
	text, sha, err := c.blob(ctx, repo, at, path)
	if err != nil {
		return b, err
	}
	b.File, b.SHA = fact.File{Text: string(text), Found: text != nil}, sha
	number, state, head, err := c.pullFrom(ctx, repo, branch)
	if state == issue.Open || head == tip { // else the branch was begun anew since
		b.Pull, b.State = number, state
	}
	return b, err
}

// tip is the newest commit of a branch, "" if there is no such branch.
func (c *Client) tip(ctx context.Context, repo issue.Ref, branch string) (string, error) {
	r, err := do(ctx, c, repo, func(g *github.Client) (*github.Reference, *github.Response, error) {
		return g.Git.GetRef(ctx, repo.Owner, repo.Repo, "heads/"+branch)
	})
	if errors.Is(err, ErrGone) {
		return "", nil
	}
	sha := r.GetObject().GetSHA()
	return sha, want(err, sha != "", "commit")
}

// pullFrom gives the newest pull request from a branch of the repository itself, with the commit that it ends with.
func (c *Client) pullFrom(ctx context.Context, repo issue.Ref, branch string) (number int, state, head string, err error) {
	list, err := do(ctx, c, repo, func(g *github.Client) ([]*github.PullRequest, *github.Response, error) {
		return g.PullRequests.List(ctx, repo.Owner, repo.Repo, &github.PullRequestListOptions{
			State: "all", Head: repo.Owner + ":" + branch, Sort: "created", Direction: "desc",
		})
	})
	if err != nil || len(list) == 0 {
		return 0, "", "", err
	}
	state = list[0].GetState()
	if list[0].MergedAt != nil {
		state = "merged"
	}
	return list[0].GetNumber(), state, list[0].GetHead().GetSHA(), nil
}

// Publish makes the branch, the file and the pull request, as far as they are to be made. GitHub itself refuses each of them a second
// time: a branch and a pull request that are there, and a file that is not as it was any more.
func (c *Client) Publish(ctx context.Context, repo issue.Ref, p plan.Publish) (int, error) {
	if p.From != "" {
		in := map[string]string{"ref": "refs/heads/" + p.Branch, "sha": p.From}
		if err := c.raw(ctx, repo, http.MethodPost, within(repo, "git", "refs"), in, nil); err != nil && !says(err, "already exists") {
			return 0, err
		}
	}
	if p.Write {
		in := map[string]string{"message": p.Message, "content": base64.StdEncoding.EncodeToString([]byte(p.Text)), "branch": p.Branch}
		if p.SHA != "" {
			in["sha"] = p.SHA
		}
		at := within(repo, "contents")
		var got struct{ Commit struct{ SHA string } }
		err := c.raw(ctx, repo, http.MethodPut, append(at, strings.Split(p.Path, "/")...), in, &got)
		if says(err, "wasn't supplied") { // somebody has made the file meanwhile: it is no refusal, but to be read and written again
			err = fmt.Errorf("%w: %s", ErrUnavailable, Message(err))
		}
		if err := want(err, got.Commit.SHA != "", "commit"); err != nil {
			return 0, err
		}
	}
	if p.Title == "" {
		return p.Pull, nil
	}
	var got struct{ Number int }
	in := map[string]string{"title": p.Title, "head": p.Branch, "base": p.Into, "body": p.Body}
	err := c.raw(ctx, repo, http.MethodPost, within(repo, "pulls"), in, &got)
	if says(err, "already exists") {
		number, _, _, err := c.pullFrom(ctx, repo, p.Branch)
		return number, err
	}
	return got.Number, want(err, got.Number != 0, "pull request")
}

// says tells whether GitHub refused something with these words.
func says(err error, words string) bool {
	response := new(github.ErrorResponse)
	return errors.Is(err, ErrInvalid) && errors.As(err, &response) && strings.Contains(said(response), words)
}
