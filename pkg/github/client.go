package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
)

// Client is GitHub as one installation, or one token, sees it. Its methods are documented at engine.GitHub.
type Client struct {
	hub  *Hub
	rest *github.Client
	seen sync.Map // teams that can be seen

	joins joins

	seenBefore remembered // issues elsewhere
}

// do runs one call on the repository's client and classifies its error.
func do[T any](ctx context.Context, c *Client, ref issue.Ref, call func(*github.Client) (T, *github.Response, error)) (T, error) {
	var zero T
	if _, err := within(ref).address(); err != nil {
		return zero, err
	}
	rest, err := c.on(ctx, ref)
	if err != nil {
		return zero, err
	}
	v, _, err := call(rest)
	if notInstalled(err) && c.hub.forget(ref) {
		return v, fmt.Errorf("%w: the App's installation for %s has changed: %w", ErrUnauthorized, ref.FullName(), err)
	}
	err = classify(err, c.hub.o.Now())
	if errors.Is(err, ErrUnauthorized) {
		c.hub.renew()
	}
	return v, err
}

// KnownSelf is the bot's login if a call has shown it already.
func (c *Client) KnownSelf() string {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	return c.hub.self
}

func (c *Client) learnSelf(u *github.User) {
	if login := u.GetLogin(); login != "" {
		c.hub.mu.Lock()
		c.hub.self = login
		c.hub.mu.Unlock()
	}
}

// Self asks GitHub who we are, once.
func (c *Client) Self(ctx context.Context) (string, error) {
	c.hub.asking.Lock() // whoever asks at the same time waits for the answer
	defer c.hub.asking.Unlock()
	if login := c.KnownSelf(); login != "" {
		return login, nil
	}
	if c.hub.apps != nil {
		app, _, err := c.hub.Client(0).rest.Apps.Get(ctx, "")
		if err := want(classify(err, c.hub.o.Now()), app.GetSlug() != "", "slug of the App"); err != nil {
			return "", err
		}
		c.learnSelf(&github.User{Login: new(app.GetSlug() + "[bot]")})
		return c.KnownSelf(), nil
	}
	u, _, err := c.rest.Users.Get(ctx, "")
	if err := want(classify(err, c.hub.o.Now()), u.GetLogin() != "", "login"); err != nil {
		return "", err
	}
	c.learnSelf(u)
	return u.GetLogin(), nil
}

// Issue reads an issue. One that was transferred is gone: GitHub redirects to where it lives now, and that is not ours.
func (c *Client) Issue(ctx context.Context, ref issue.Ref) (issue.Snapshot, error) {
	i, err := do(ctx, c, ref, func(g *github.Client) (*github.Issue, *github.Response, error) {
		return g.Issues.Get(ctx, ref.Owner, ref.Repo, ref.Number)
	})
	if err := want(err, i.GetNumber() != 0 && i.GetState() != "", "issue"); err != nil {
		return issue.Snapshot{}, err
	}
	if err := c.stillHere(ctx, ref, i); err != nil {
		return issue.Snapshot{}, err
	}
	return payload.Snapshot(ref, 0, i), nil
}

// stillHere tells a repository that was renamed, where all goes on under the new name, from an issue that was
// transferred. Both answer with a redirect.
func (c *Client) stillHere(ctx context.Context, ref issue.Ref, i *github.Issue) error {
	_, now, _ := strings.Cut(i.GetRepositoryURL(), "/repos/")
	if now == "" || issue.SameLogin(now, ref.FullName()) {
		return nil
	}
	repo, err := do(ctx, c, ref, func(g *github.Client) (*github.Repository, *github.Response, error) {
		return g.Repositories.Get(ctx, ref.Owner, ref.Repo)
	})
	if err = want(err, repo.GetFullName() != "", "repository"); err == nil && !issue.SameLogin(repo.GetFullName(), now) {
		err = fmt.Errorf("%v was transferred to %s: %w", ref, now, ErrGone)
	}
	return err
}

// EditIssue sends one PATCH with only the fields that change.
func (c *Client) EditIssue(ctx context.Context, ref issue.Ref, e plan.Edit) (issue.Snapshot, error) {
	fields := map[string]any{}
	for name, v := range map[string]*string{"title": e.Title, "body": e.Body, "state": e.State, "state_reason": e.StateReason} {
		if v != nil {
			fields[name] = *v
		}
	}
	if e.Milestone != nil {
		fields["milestone"] = nil
		if *e.Milestone != 0 {
			fields["milestone"] = *e.Milestone
		}
	}
	var i github.Issue
	err := c.raw(ctx, ref, http.MethodPatch, within(ref, "issues", ref.Number), fields, &i)
	if err := want(err, i.GetNumber() != 0 && i.GetState() != "", "issue"); err != nil {
		return issue.Snapshot{}, err
	}
	if e.State != nil && *e.State == issue.Closed && i.GetState() == issue.Closed {
		c.joins.put(ref, closing, "yes")
	}
	return payload.Snapshot(ref, 0, &i), nil
}

// raw makes a call that go-github v57 has no fitting method for.
func (c *Client) raw(ctx context.Context, ref issue.Ref, method string, at place, in, out any) error {
	path, err := at.address()
	if err != nil {
		return err
	}
	_, err = do(ctx, c, ref, func(g *github.Client) (struct{}, *github.Response, error) {
		req, err := g.NewRequest(method, path, in)
		if err != nil {
			return struct{}{}, nil, err
		}
		res, err := g.Do(ctx, req, out)
		return struct{}{}, res, err
	})
	return err
}

// AddLabels adds labels and gives all that the issue has then.
func (c *Client) AddLabels(ctx context.Context, ref issue.Ref, labels []string) ([]string, error) {
	all, err := do(ctx, c, ref, func(g *github.Client) ([]*github.Label, *github.Response, error) {
		return g.Issues.AddLabelsToIssue(ctx, ref.Owner, ref.Repo, ref.Number, labels)
	})
	if err = want(err, len(all) > 0, "labels"); err == nil {
		for _, l := range all {
			if issue.HasLabel(labels, l.GetName()) {
				c.joins.put(ref, l.GetName(), l.GetNodeID())
			}
		}
	}
	return names(all), err
}

func names(labels []*github.Label) []string {
	out := make([]string, 0, len(labels))
	for _, l := range labels {
		out = append(out, l.GetName())
	}
	return out
}

// RemoveLabel takes a label off; that it was not there is an answer, not an error.
func (c *Client) RemoveLabel(ctx context.Context, ref issue.Ref, label string) error {
	var left []json.RawMessage
	err := c.raw(ctx, ref, http.MethodDelete, within(ref, "issues", ref.Number, "labels", label), nil, &left)
	// Any other 404 may mean that the token may not write here.
	if errors.Is(err, ErrGone) && !errors.Is(err, errMoved) && strings.EqualFold(Message(err), "Label does not exist") {
		return nil
	}
	return err
}

// AddAssignees assigns whom GitHub accepts and gives all who are assigned then.
func (c *Client) AddAssignees(ctx context.Context, ref issue.Ref, logins []string) ([]string, error) {
	i, err := do(ctx, c, ref, func(g *github.Client) (*github.Issue, *github.Response, error) {
		return g.Issues.AddAssignees(ctx, ref.Owner, ref.Repo, ref.Number, logins)
	})
	if err := want(err, i.GetNumber() != 0, "issue"); err != nil {
		return nil, err
	}
	out := make([]string, 0, len(i.Assignees))
	for _, a := range i.Assignees {
		out = append(out, a.GetLogin())
	}
	return out, nil
}

// RemoveAssignees unassigns; who was not assigned is no error.
func (c *Client) RemoveAssignees(ctx context.Context, ref issue.Ref, logins []string) error {
	i, err := do(ctx, c, ref, func(g *github.Client) (*github.Issue, *github.Response, error) {
		return g.Issues.RemoveAssignees(ctx, ref.Owner, ref.Repo, ref.Number, logins)
	})
	return want(err, i.GetNumber() != 0, "issue")
}

// AskReviewers asks people and teams (org/team) for a review of a pull request, or takes that back. Twice is once.
func (c *Client) AskReviewers(ctx context.Context, ref issue.Ref, who []string, on bool) error {
	ask := map[string][]string{"reviewers": {}}
	for _, w := range who {
		if _, slug, isTeam := strings.Cut(w, "/"); isTeam {
			ask["team_reviewers"] = append(ask["team_reviewers"], slug)
		} else {
			ask["reviewers"] = append(ask["reviewers"], w)
		}
	}
	method := http.MethodDelete
	if on {
		method = http.MethodPost
	}
	var p github.PullRequest
	err := c.raw(ctx, ref, method, within(ref, "pulls", ref.Number, "requested_reviewers"), ask, &p)
	return want(err, p.GetNumber() != 0, "pull request")
}

// CreateComment writes a comment.
func (c *Client) CreateComment(ctx context.Context, ref issue.Ref, body string) (int64, error) {
	got, err := do(ctx, c, ref, func(g *github.Client) (*github.IssueComment, *github.Response, error) {
		return g.Issues.CreateComment(ctx, ref.Owner, ref.Repo, ref.Number, &github.IssueComment{Body: &body})
	})
	if err := want(err, got.GetID() != 0, "comment"); err != nil {
		return 0, err
	}
	c.learnSelf(got.GetUser())
	return got.GetID(), nil
}

// EditComment changes a comment of ours.
func (c *Client) EditComment(ctx context.Context, ref issue.Ref, id int64, body string) error {
	got, err := do(ctx, c, ref, func(g *github.Client) (*github.IssueComment, *github.Response, error) {
		return g.Issues.EditComment(ctx, ref.Owner, ref.Repo, id, &github.IssueComment{Body: &body})
	})
	if err = want(err, got.GetID() != 0, "comment"); err == nil {
		c.learnSelf(got.GetUser())
	}
	return err
}

// React adds a reaction to a comment, or with comment 0 to the issue. Twice is once.
func (c *Client) React(ctx context.Context, ref issue.Ref, commentID int64, content string) error {
	got, err := do(ctx, c, ref, func(g *github.Client) (*github.Reaction, *github.Response, error) {
		if commentID == 0 {
			return g.Reactions.CreateIssueReaction(ctx, ref.Owner, ref.Repo, ref.Number, content)
		}
		return g.Reactions.CreateIssueCommentReaction(ctx, ref.Owner, ref.Repo, commentID, content)
	})
	if err = want(err, got.GetID() != 0, "reaction"); err == nil {
		c.learnSelf(got.GetUser())
	}
	return err
}

// Comments lists all comments of an issue, oldest first.
func (c *Client) Comments(ctx context.Context, ref issue.Ref) ([]event.Comment, error) {
	return all(ctx, c, ref, func(g *github.Client, o github.ListOptions) ([]event.Comment, *github.Response, error) {
		page, res, err := g.Issues.ListComments(ctx, ref.Owner, ref.Repo, ref.Number, &github.IssueListCommentsOptions{ListOptions: o})
		out := make([]event.Comment, 0, len(page))
		for _, x := range page {
			out = append(out, payload.FromComment(x))
		}
		return out, res, err
	})
}

// all collects the pages of a listing.
func all[T any](ctx context.Context, c *Client, ref issue.Ref, list func(*github.Client, github.ListOptions) ([]T, *github.Response, error)) ([]T, error) {
	var out []T
	o := github.ListOptions{PerPage: 100}
	for {
		next := 0
		page, err := do(ctx, c, ref, func(g *github.Client) ([]T, *github.Response, error) {
			page, res, err := list(g, o)
			if res != nil {
				next = res.NextPage
			}
			return page, res, err
		})
		if err != nil {
			return nil, err
		}
		out = append(out, page...)
		if next == 0 {
			return out, nil
		}
		o.Page = next
	}
}

// Permission asks the permission API; a login that GitHub does not know has none.
func (c *Client) Permission(ctx context.Context, ref issue.Ref, login string) (fact.Level, error) {
	var got struct {
		Permission string `json:"permission"`
		RoleName   string `json:"role_name"` // not in go-github v57
	}
	err := c.raw(ctx, ref, http.MethodGet, within(ref, "collaborators", login, "permission"), nil, &got)
	if errors.Is(err, ErrGone) {
		return fact.None, nil
	}
	if err != nil {
		return fact.None, err
	}
	if l, ok := fact.LevelOf(got.RoleName); ok {
		return l, nil
	}
	// A custom role's name says nothing; the older field gives the level that it is based on.
	l, ok := fact.LevelOf(got.Permission)
	return l, want(nil, ok, "permission")
}

// Labels lists the repository's labels.
func (c *Client) Labels(ctx context.Context, ref issue.Ref) ([]string, error) {
	labels, err := all(ctx, c, ref, func(g *github.Client, o github.ListOptions) ([]*github.Label, *github.Response, error) {
		return g.Issues.ListLabels(ctx, ref.Owner, ref.Repo, &o)
	})
	return names(labels), err
}

// CreateLabel makes a label of the repository; one that is there already stays as it is.
func (c *Client) CreateLabel(ctx context.Context, ref issue.Ref, name, color, description string) error {
	var got github.Label
	err := c.raw(ctx, ref, http.MethodPost, within(ref, "labels"), map[string]string{"name": name, "color": color, "description": description}, &got)
	if response := new(github.ErrorResponse); errors.Is(err, ErrInvalid) && errors.As(err, &response) && strings.Contains(said(response), "already_exists") {
		return nil
	}
	return want(err, got.GetName() != "", "label")
}

// Milestones lists the repository's open milestones.
func (c *Client) Milestones(ctx context.Context, ref issue.Ref) ([]fact.Milestone, error) {
	return all(ctx, c, ref, func(g *github.Client, o github.ListOptions) ([]fact.Milestone, *github.Response, error) {
		page, res, err := g.Issues.ListMilestones(ctx, ref.Owner, ref.Repo, &github.MilestoneListOptions{ListOptions: o})
		out := make([]fact.Milestone, 0, len(page))
		for _, m := range page {
			out = append(out, fact.Milestone{Title: m.GetTitle(), Number: m.GetNumber()})
		}
		return out, res, err
	})
}

// TeamMember tells whether a login is an active member of a team ("org/team"), or of the owning organisation for "". It
// is ErrGone when the team itself is not there or not for our eyes, which GitHub does not tell from "not a member".
func (c *Client) TeamMember(ctx context.Context, ref issue.Ref, team, login string) (bool, error) {
	org, slug, ok := strings.Cut(team, "/")
	if !ok {
		org = ref.Owner
	}
	at := place{"orgs", org, "memberships", login}
	if slug != "" {
		at = place{"orgs", org, "teams", slug, "memberships", login}
	}
	var got struct {
		State string `json:"state"`
	}
	err := c.raw(ctx, ref, http.MethodGet, at, nil, &got)
	if errors.Is(err, ErrGone) {
		return false, c.teamSeen(ctx, ref, org, slug)
	}
	return err == nil && got.State == "active", want(err, got.State != "", "state of a membership")
}

// teamSeen asks once for each team.
func (c *Client) teamSeen(ctx context.Context, ref issue.Ref, org, slug string) error {
	name := issue.FoldLogin(org + "/" + slug)
	if _, seen := c.seen.Load(name); seen || slug == "" {
		return nil
	}
	var members []json.RawMessage
	err := c.raw(ctx, ref, http.MethodGet, place{"orgs", org, "teams", slug, "members"}, nil, &members)
	if err == nil {
		c.seen.Store(name, true)
	}
	return err
}

// File reads a file of the default branch; found is false where there is none.
func (c *Client) File(ctx context.Context, ref issue.Ref, name string) (content []byte, found bool, err error) {
	return c.FileAt(ctx, ref, "", name)
}

// FileAt is File on a branch or tag, or as it was at a commit.
func (c *Client) FileAt(ctx context.Context, ref issue.Ref, at, name string) (content []byte, found bool, err error) {
	content, _, err = c.blob(ctx, ref, at, name)
	return content, content != nil, err
}

// blob is a file with the name that git has for its content. There is no file where the content is nil.
func (c *Client) blob(ctx context.Context, ref issue.Ref, at, name string) (content []byte, sha string, err error) {
	got, err := do(ctx, c, ref, func(g *github.Client) (*github.RepositoryContent, *github.Response, error) {
		file, _, res, err := g.Repositories.GetContents(ctx, ref.Owner, ref.Repo, name, &github.RepositoryContentGetOptions{Ref: at})
		return file, res, err
	})
	if errors.Is(err, ErrGone) {
		return nil, "", nil
	}
	if err != nil || got == nil || got.GetType() != "" && got.GetType() != "file" {
		return nil, "", err // nil is a folder
	}
	text, err := got.GetContent()
	switch whole := got.GetType() == "file" && (err != nil || len(text) == got.GetSize()); {
	case got.GetEncoding() == "none":
		return nil, "", fmt.Errorf("%w: %s is too large to be read", ErrInvalid, name)
	case !whole || err != nil:
		return nil, "", want(nil, false, "whole file "+name)
	}
	return []byte(text), got.GetSHA(), nil
}

// Labelings lists who put which label on the issue, oldest first.
func (c *Client) Labelings(ctx context.Context, ref issue.Ref) ([]fact.Labeling, error) {
	return all(ctx, c, ref, func(g *github.Client, o github.ListOptions) ([]fact.Labeling, *github.Response, error) {
		page, res, err := g.Issues.ListIssueEvents(ctx, ref.Owner, ref.Repo, ref.Number, &o)
		var out []fact.Labeling
		for _, e := range page {
			if e.GetEvent() == "labeled" {
				out = append(out, fact.Labeling{Label: e.GetLabel().GetName(), By: e.GetActor().GetLogin(), ByID: e.GetActor().GetID(), At: e.GetCreatedAt().Time})
			}
		}
		return out, res, err
	})
}
