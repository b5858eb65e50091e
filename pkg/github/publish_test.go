package github_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/githubsim/openapicheck"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// TestBeside: what is opened and published beside an issue, as GitHub's own description has the calls; sent twice it changes nothing more,
// and a person's file is not overwritten.
func TestBeside(t *testing.T) {
	sim := githubsim.New(githubsim.Options{Bot: "ddbot[bot]", BotToken: "bot-token"})
	sim.AddUser("owner")
	sim.AddUser("ann")
	sim.AddRepo("acme/toc", "owner")
	sim.AddLabel("acme/toc", "finding")
	for _, login := range []string{"ddbot[bot]", "ann"} {
		sim.SetRole("acme/toc", login, "write")
	}
	api := httptest.NewServer(openapicheck.Open(t).Middleware(t, sim))
	t.Cleanup(api.Close)
	hub, err := github.New(github.Options{URL: api.URL, Token: "bot-token", Now: sim.Clock().Now})
	if err != nil {
		t.Fatal(err)
	}
	c, ctx, repo := hub.Client(0), t.Context(), issue.Ref{Owner: "acme", Repo: "toc"}

	marker := plan.MadeMarker("a/b/1")
	if n, err := c.OwnIssue(ctx, repo, "ddbot[bot]", marker); n != 0 || err != nil {
		t.Errorf("before it is opened: %d, %v", n, err)
	}
	sim.OpenIssue("acme/toc", "ann", "A copy", "text\n\n"+marker)
	n, err := c.OpenIssue(ctx, repo, "Title", "text\n\n"+marker, []string{"finding", "unknown"})
	if got := sim.Issue(issue.Ref{Owner: "acme", Repo: "toc", Number: n}); n != 2 || err != nil || got.Title != "Title" || !got.HasLabel("finding") {
		t.Errorf("%d, %v: %+v", n, err, got)
	}
	for _, self := range []string{"ddbot[bot]", "ddbot"} {
		if n, err := c.OwnIssue(ctx, repo, self, marker); n != 2 || err != nil {
			t.Errorf("as %s: %d, %v", self, n, err)
		}
	}

	if b, err := c.Branch(ctx, repo, "ddbot/x", "a/b.md"); err != nil || b != (fact.Branch{Default: "main"}) {
		t.Errorf("an empty repository: %+v, %v", b, err)
	}
	sim.AddFile("acme/toc", "README.md", "x")
	b, err := c.Branch(ctx, repo, "ddbot/x", "a/b.md")
	if err != nil || b.Exists || b.Found || b.From == "" {
		t.Fatalf("%+v, %v", b, err)
	}
	p := plan.Publish{Repo: "acme/toc", Branch: "ddbot/x", From: b.From, Path: "a/b.md", Text: "one\n", Write: true, Message: "One", Into: "main", Title: "Title", Body: "Body"}
	if n, err := c.Publish(ctx, repo, p); n != 3 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if _, err := c.Publish(ctx, repo, p); !errors.Is(err, github.ErrUnavailable) {
		t.Errorf("what was written meanwhile is to be looked at again: %v", err)
	}
	twice := p
	twice.Write = false
	if n, err := c.Publish(ctx, repo, twice); n != 3 || err != nil {
		t.Errorf("a branch and a pull request that are there: %d, %v", n, err)
	}
	b, err = c.Branch(ctx, repo, "ddbot/x", "a/b.md")
	if err != nil || !b.Exists || b.Text != "one\n" || b.Pull != 3 || b.State != "open" {
		t.Errorf("%+v, %v", b, err)
	}
	sim.Commit("acme/toc", "ddbot/x", "ann", "a/b.md", "a person's\n")
	late := plan.Publish{Repo: "acme/toc", Branch: "ddbot/x", Path: "a/b.md", Text: "two\n", Write: true, SHA: b.SHA, Message: "Two", Into: "main", Pull: 3}
	if _, err := c.Publish(ctx, repo, late); !errors.Is(err, github.ErrUnavailable) || sim.File("acme/toc", "ddbot/x", "a/b.md") != "a person's\n" {
		t.Errorf("a person was faster: %v; the file is %q", err, sim.File("acme/toc", "ddbot/x", "a/b.md"))
	}
	sim.Merge(issue.Ref{Owner: "acme", Repo: "toc", Number: 3}, "ann")
	if b, err = c.Branch(ctx, repo, "ddbot/x", "a/b.md"); err != nil || b.State != "merged" {
		t.Errorf("%+v, %v", b, err)
	}
	sim.Commit("acme/toc", "ddbot/x", "ann", "a/b.md", "more\n")
	if b, err = c.Branch(ctx, repo, "ddbot/x", "a/b.md"); err != nil || b.Pull != 0 || b.State != "" {
		t.Errorf("a branch that goes on: %+v, %v", b, err)
	}
	if text, found, err := c.FileAt(ctx, repo, "ddbot/x", "a/b.md"); string(text) != "more\n" || !found || err != nil {
		t.Errorf("%q, %v, %v", text, found, err)
	}
	if _, err := c.Publish(ctx, issue.Ref{Owner: "acme", Repo: "gone"}, p); !errors.Is(err, github.ErrGone) {
		t.Error(err)
	}
	sim.AddRepo("acme/else", "owner")
	sim.OpenPull("acme/else", "owner", "A pull request", "For acme/toc#1.")
	sim.OpenIssue("acme/else", "owner", "An issue", "See acme/toc#1.")
	if refs, err := c.Mentions(ctx, issue.Ref{Owner: "acme", Repo: "toc", Number: 1}); err != nil || fmt.Sprint(refs) != "[acme/else#1]" {
		t.Errorf("%v, %v", refs, err)
	}
	if unknown := sim.Unknown(); len(unknown) > 0 {
		t.Error(unknown)
	}
}
